//! Sizes with a unit: `64MiB`, `100GiB`.

/// Reads a whole number with the unit `KiB`, `MiB`, `GiB` or `TiB` (IEC 80000-13), and gives octets.
pub(super) fn parse(text: &str) -> Option<u64> {
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let shift = match unit.trim() {
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        "TiB" => 40,
        _ => return None,
    };
    number.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_number_and_a_unit() {
        assert_eq!(parse("64MiB"), Some(67_108_864));
        assert_eq!(parse("1 KiB"), Some(1024));
        for wrong in ["", "64", "MiB", "64MB", "-1MiB", "1.5GiB", "99999999999TiB"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
