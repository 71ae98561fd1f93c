//! [`Row`]: one name with all that is known about it.

use dga::Period;

/// One name with all that is known about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The family, or what a file of plain names is said to be of; empty where nobody says.
    pub family: &'a str,
    /// The family's variant; empty where it is not known.
    pub variant: &'a str,
    /// The preset; empty for parameters of one's own.
    pub preset: &'a str,
    /// The name, as the bot writes it.
    pub name: &'a str,
    /// When it is valid; open ends lie beyond all that was looked at.
    pub valid: Period,
    /// Its place, from 0, in the list with which the interval begins.
    pub index: usize,
}

impl<'a> Row<'a> {
    /// What somebody can register: one label below the public suffix. Nothing for a name that is a public suffix.
    pub fn registrable_domain(&self) -> Option<&'a str> {
        psl::domain_str(self.name)
    }

    /// The suffix below which names are registered, as the Public Suffix List has it, private section included.
    pub fn public_suffix(&self) -> Option<&'a str> {
        psl::suffix_str(self.name)
    }
}
