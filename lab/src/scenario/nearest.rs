//! "Did you mean": the known word nearest to one that is not known.

/// The word of `known` that `word` was probably meant to be.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        // One slip in three letters: enough for a typing error, too little for another word.
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(word.chars().count()).min(12) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A hint for an unknown word: the nearest known one, or else all of them.
pub(super) fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone, what: &str) -> String {
    if let Some(near) = nearest(word, known.clone()) {
        return format!("did you mean `{near}`?");
    }
    /// More words than this are no help.
    const SHOWN: usize = 20;
    let words: Vec<&str> = known.into_iter().collect();
    if words.is_empty() {
        return format!("there are no {what}");
    }
    let listed: Vec<String> = words.iter().take(SHOWN).map(|word| format!("`{word}`")).collect();
    let more = if words.len() > SHOWN { format!(" and {} more", words.len() - SHOWN) } else { String::new() };
    format!("{what}: {}{more}", listed.join(", "))
}
