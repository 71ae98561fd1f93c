//! [`Registration`]: where somebody registers a name, and who decides about it there.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use dga::{Registry, RegistryKind};
use name_files::Row;
use serde::Deserialize;

/// Where somebody registers a name, and who decides about it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registration<'a> {
    /// What is registered: one label below the suffix.
    pub(crate) domain: &'a str,
    /// The suffix below which it is registered.
    pub(crate) suffix: &'a str,
    /// Who runs the suffix.
    pub(crate) operator: Cow<'a, str>,
    /// What that is.
    pub(crate) kind: Kind,
    /// What else matters there; mostly empty.
    pub(crate) note: &'static str,
}

/// Who decides about a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The registry of a generic top-level domain, under contract with ICANN.
    Gtld,
    /// The registry of a country or territory, under its law.
    Cctld,
    /// A provider of dynamic DNS or hosting, who gives away names below a domain of his own.
    Provider,
    /// A registry that the list of registries does not have.
    Unknown,
    /// Nobody: the suffix is not in the ICANN root.
    NotInRoot,
}

/// What stands for an operator that the list of registries does not have.
pub(crate) const UNKNOWN: &str = "unknown registry";

impl<'a> Registration<'a> {
    /// Where a name is registered. A name that is a public suffix itself stands for itself.
    pub(crate) fn of(row: &Row<'a>) -> Self {
        let domain = row.registrable_domain().unwrap_or(row.name);
        let suffix = row.public_suffix().unwrap_or(row.name);
        let known = Registry::of(row.name);
        let private = psl::suffix(row.name.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(psl::Type::Private));
        // Whoever runs the level above a provider's suffix is the wrong one to ask.
        let (operator, kind, note): (Cow<'_, str>, _, _) = match known {
            Some(registry) if registry.kind == RegistryKind::Provider || !private => {
                let kind = match registry.kind {
                    RegistryKind::Gtld => Kind::Gtld,
                    RegistryKind::Cctld | RegistryKind::CctldLevel => Kind::Cctld,
                    RegistryKind::Provider => Kind::Provider,
                    RegistryKind::NotInRoot => Kind::NotInRoot,
                    _ => Kind::Unknown,
                };
                (registry.operator.as_str().into(), kind, registry.note.as_deref().unwrap_or_default())
            }
            _ if private => (format!("provider of {suffix}").into(), Kind::Provider, ""),
            _ => {
                (UNKNOWN.into(), Kind::Unknown, "look the top-level domain up at https://www.iana.org/domains/root/db")
            }
        };
        Self { domain, suffix, operator, kind, note }
    }

    /// Whether there is anybody with whom it can be registered.
    pub(crate) fn is_possible(&self) -> bool {
        self.kind != Kind::NotInRoot
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gtld => "gTLD",
            Self::Cctld => "ccTLD",
            Self::Provider => "provider",
            Self::Unknown => "unknown",
            Self::NotInRoot => "not in the ICANN root",
        })
    }
}

/// For how many years a domain is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) struct Years(u8);

impl Years {
    /// The shortest time that registries sell.
    pub(crate) const ONE: Self = Self(1);

    /// As a number.
    pub(crate) const fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Years {
    type Error = String;

    fn try_from(years: u8) -> Result<Self, String> {
        // ICANN's contracts end a registration in a gTLD after ten years at most; hardly a country sells more.
        if (1..=10).contains(&years) { Ok(Self(years)) } else { Err("registries sell 1 to 10 years".into()) }
    }
}

/// Tells whether a domain is another than the one before: several names below one stand next to each other.
#[derive(Debug, Default)]
pub(crate) struct Neighbours(String);

impl Neighbours {
    /// Whether `domain` differs from the last one that was asked about.
    pub(crate) fn is_new(&mut self, domain: &str) -> bool {
        let new = self.0 != domain;
        if new {
            self.0.clear();
            self.0.push_str(domain);
        }
        new
    }
}

/// Names of files and folders after operators: lower-case letters, digits and hyphens, never the same for two.
#[derive(Debug, Default)]
pub(crate) struct Slugs(BTreeSet<String>);

/// How long a name of a file gets before its ending, so that every file system takes it.
const SLUG: usize = 60;

impl Slugs {
    /// A name that no other operator has.
    pub(crate) fn of(&mut self, operator: &str) -> String {
        let mut slug = String::new();
        for letter in operator.chars().flat_map(char::to_lowercase) {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(SLUG);
        let slug = match slug.trim_end_matches('-') {
            "" => "registry",
            slug => slug,
        };
        let numbered = (2..).map(|number| format!("{slug}-{number}"));
        let free = std::iter::once(slug.to_owned()).chain(numbered).find(|slug| !self.0.contains(slug));
        let free = free.unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use dga::Period;

    use super::*;

    fn of(name: &str) -> Registration<'_> {
        let row = Row { family: "", variant: "", preset: "", name, valid: Period::ALWAYS, index: 0 };
        Registration::of(&row)
    }

    #[test]
    fn who_decides() {
        assert_eq!((of("a.b.com").domain, of("a.b.com").kind), ("b.com", Kind::Gtld));
        assert_eq!(of("b.com").operator, "VeriSign");
        assert_eq!((of("b.co.uk").suffix, of("b.co.uk").kind), ("co.uk", Kind::Cctld));
        assert_eq!((of("b.bit").kind, of("b.bit").is_possible()), (Kind::NotInRoot, false));
        assert_eq!((of("b.ddns.net").kind, of("b.nowhere").kind), (Kind::Provider, Kind::Unknown));
        assert_eq!(
            (of("b.herokuapp.com").operator.as_ref(), of("b.herokuapp.com").kind),
            ("provider of herokuapp.com", Kind::Provider)
        );
        assert_eq!(of("com").domain, "com");
    }

    #[test]
    fn names_of_files() {
        let mut slugs = Slugs::default();
        for (operator, slug) in [
            ("VeriSign", "verisign"),
            ("Verisign!", "verisign-2"),
            ("../../etc/passwd", "etc-passwd"),
            ("Ålands landskapsregering", "lands-landskapsregering"),
            ("…", "registry"),
            ("con", "con"),
        ] {
            assert_eq!(slugs.of(operator), slug, "{operator}");
        }
        assert!(slugs.of(&"é-x".repeat(100)).len() <= SLUG);
    }
}
