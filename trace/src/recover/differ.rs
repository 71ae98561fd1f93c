//! How many more names would decide between several candidates.

use std::collections::BTreeMap;

use dga::{Name, WordLists};

use super::solve::Solution;
use super::task::Error;

/// How far ahead candidates are compared.
const AHEAD: usize = 1_000;

/// What would decide between candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// So many of the names that follow the last captured one tell all those candidates apart whose next thousand names
    /// differ at all.
    pub names: usize,
    /// Into how many groups of equal names they fall then.
    pub groups: usize,
}

/// How many of the names that follow tell candidates apart.
///
/// # Errors
///
/// Errors of binding.
pub fn decide(candidates: &[Solution], words: &WordLists) -> Result<Decision, Error> {
    let mut lists: Vec<Vec<Name>> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let next = candidate.next(words, AHEAD, false)?;
        lists.push(next.into_iter().map(|next| next.name).collect());
    }
    let groups = |length: usize| {
        let mut groups: BTreeMap<&[Name], usize> = BTreeMap::new();
        for list in &lists {
            *groups.entry(&list[..length.min(list.len())]).or_default() += 1;
        }
        groups.len()
    };
    let all = groups(AHEAD);
    // More names never tell fewer candidates apart.
    let (mut low, mut high) = (0, AHEAD);
    while low < high {
        let middle = usize::midpoint(low, high);
        if groups(middle) == all { high = middle } else { low = middle + 1 }
    }
    Ok(Decision { names: low, groups: all })
}
