//! The endings of names: a dot and a top-level domain, or a zone with several labels.

use crate::algorithm::Refusal;
use crate::name::Name;

/// Endings in the order in which a family numbers them, each with its dot, ready to be appended.
#[derive(Clone, Debug)]
pub(crate) struct Suffixes(Vec<Suffix>);

#[derive(Clone, Debug)]
enum Suffix {
    /// Most endings: copied as a block of fixed size.
    Short([u8; 16], usize),
    Long(String),
}

impl Suffixes {
    /// The endings for these zones, which are written without a dot before them. `label` is the longest label that
    /// they will stand behind.
    ///
    /// # Errors
    ///
    /// There is no zone, one of them is not ASCII, or a name would become longer than [`Name::CAPACITY`].
    pub(crate) fn new<Z: AsRef<str>>(parameter: &'static str, zones: &[Z], label: usize) -> Result<Self, Refusal> {
        if zones.is_empty() {
            return Err(Refusal::value(parameter, "at least one is needed"));
        }
        let suffixes = zones.iter().map(|zone| {
            let zone = zone.as_ref();
            if !zone.is_ascii() {
                return Err(Refusal::value(parameter, format!("`{zone}` is not ASCII")));
            }
            // A short ending is copied as a whole block, so there must be room for that.
            if label + 1 + zone.len().max(15) > Name::CAPACITY {
                let longest = Name::CAPACITY;
                return Err(Refusal::value(
                    parameter,
                    format!("with `{zone}` a name could be longer than {longest} characters"),
                ));
            }
            let text = format!(".{zone}");
            Ok(match text.len() {
                length @ ..=16 => {
                    let mut block = [0; 16];
                    block[..length].copy_from_slice(text.as_bytes());
                    Suffix::Short(block, length)
                }
                _ => Suffix::Long(text),
            })
        });
        Ok(Self(suffixes.collect::<Result<_, _>>()?))
    }

    /// The endings of a family whose zones are constants of its specification.
    ///
    /// # Panics
    ///
    /// The zones are wrong, which every test of the family shows.
    pub(crate) fn fixed(zones: &[&str]) -> Self {
        Self::new("", zones, 0).expect("constants of a specification are right")
    }

    /// How many endings there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Appends the ending with this number, counted from 0.
    #[inline]
    pub(crate) fn append(&self, number: usize, name: &mut Name) {
        match &self.0[number] {
            Suffix::Short(block, length) => name.push_block(block, *length),
            Suffix::Long(text) => name.push_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long() {
        let suffixes = Suffixes::new("tlds", &["com", "a.rather.long.zone.example"], 20).expect("allowed");
        let written = |number| {
            let mut name = Name::parse("x").expect("short");
            suffixes.append(number, &mut name);
            name.to_string()
        };
        assert_eq!((written(0).as_str(), written(1).as_str()), ("x.com", "x.a.rather.long.zone.example"));
    }

    #[test]
    fn refused() {
        assert!(Suffixes::new::<&str>("tlds", &[], 20).is_err());
        assert!(Suffixes::new("tlds", &["中国"], 20).is_err());
        assert!(Suffixes::new("tlds", &["c".repeat(107)], 20).is_err());
        assert!(Suffixes::new("tlds", &["c".repeat(106)], 20).is_ok());
    }
}
