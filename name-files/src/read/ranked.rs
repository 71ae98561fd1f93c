//! Lists of real domains, ranked or not.

/// The names of a list, each with its rank: lines as in Tranco's CSV (`1,example.com`), or one name a line, whose rank is its
/// place among the names. Empty lines and comments (`#`) are left out. Each comes with the number of its line, from 1.
pub fn ranked(text: &str) -> impl Iterator<Item = (usize, u64, &str)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim().trim_start_matches('\u{feff}')));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    (1..).zip(lines).map(|(place, (number, line))| {
        let rank = line.split_once(',').and_then(|(rank, name)| Some((rank.parse().ok()?, name.trim())));
        let (rank, name) = rank.unwrap_or((place, line));
        (number, rank, name)
    })
}

#[cfg(test)]
mod tests {
    use super::ranked;

    #[test]
    fn with_and_without_ranks() {
        let names: Vec<_> = ranked("\u{feff}# top\n10,a.com\r\n\nb.com\n12, c.com\nd,e\n").collect();
        assert_eq!(names, [(2, 10, "a.com"), (4, 2, "b.com"), (5, 12, "c.com"), (6, 4, "d,e")]);
    }
}
