//! "Did you mean": the known word nearest to one that is not known.

/// Words listed in one hint; more are no help.
const LISTED: usize = 20;

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

/// A hint for an unknown word: the nearest known one, or else all of them after `what` they are.
pub(super) fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone, what: &str) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => listing(&format!("{what}:"), known),
    }
}

/// `introduction` and the words, or that there are none.
pub(super) fn listing<'a>(introduction: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = known.into_iter().collect();
    let listed: Vec<String> = words.iter().take(LISTED).map(|word| format!("`{word}`")).collect();
    let more = if words.len() > LISTED { format!(" and {} more", words.len() - LISTED) } else { String::new() };
    let listed = if listed.is_empty() { "none".to_owned() } else { listed.join(", ") };
    format!("{introduction} {listed}{more}")
}
