//! What the catalogue says about a family, apart from how its names are made.

use std::fmt;

use serde::Serialize;

/// Facts about a family. Start from [`Info::NEW`] and say what differs.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its name in the catalogue: lower case, as in its specification.
    pub name: &'static str,
    /// Other names by which it is known, in their usual spelling.
    pub aliases: &'static [&'static str],
    /// How its generators are classified: one entry for all variants, or one for each, in the order of `variants`.
    pub taxonomy: &'static [Taxonomy],
    /// The first and the last year in which it was seen; `None` where nobody says.
    pub active: (Option<u16>, Option<u16>),
    /// The names of its variants, the default first; never empty.
    pub variants: &'static [&'static str],
    /// Where it has been described.
    pub references: &'static [&'static str],
    /// The first and the last year for which the generator is defined.
    pub dates: (i32, i32),
    /// Whether the specification makes it produce names that are no legal host names.
    pub illegal_names: bool,
}

impl Info {
    /// What holds for most families.
    pub const NEW: Self = Self {
        name: "",
        aliases: &[],
        taxonomy: &[],
        active: (None, None),
        variants: &["v1"],
        references: &[],
        dates: (1970, 2100),
        illegal_names: false,
    };
}

/// The class of a generator, after Plohmann and others, "A Comprehensive Measurement Study of Domain Generating
/// Malware" (2016).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taxonomy {
    /// Whether the date enters, and whether the names can be computed in advance.
    pub seed: Seed,
    /// How the names are put together.
    pub scheme: Scheme,
}

impl Taxonomy {
    /// Time-independent, arithmetic.
    pub const TID_A: Self = Self::new(Seed::Tid, Scheme::Arithmetic);
    /// Time-independent, hash.
    pub const TID_H: Self = Self::new(Seed::Tid, Scheme::Hash);
    /// Time-independent, word list.
    pub const TID_W: Self = Self::new(Seed::Tid, Scheme::WordList);
    /// Time-independent, permutation.
    pub const TID_P: Self = Self::new(Seed::Tid, Scheme::Permutation);
    /// Time-dependent, arithmetic.
    pub const TDD_A: Self = Self::new(Seed::Tdd, Scheme::Arithmetic);
    /// Time-dependent, hash.
    pub const TDD_H: Self = Self::new(Seed::Tdd, Scheme::Hash);
    /// Time-dependent, word list.
    pub const TDD_W: Self = Self::new(Seed::Tdd, Scheme::WordList);
    /// Time-dependent and not deterministic, hash.
    pub const TDN_H: Self = Self::new(Seed::Tdn, Scheme::Hash);
    /// Time-dependent and not deterministic, word list.
    pub const TDN_W: Self = Self::new(Seed::Tdn, Scheme::WordList);
    /// Time-independent and not deterministic, arithmetic.
    pub const TIN_A: Self = Self::new(Seed::Tin, Scheme::Arithmetic);
    /// Time-independent and not deterministic, word list.
    pub const TIN_W: Self = Self::new(Seed::Tin, Scheme::WordList);

    /// A class from its two parts.
    pub const fn new(seed: Seed, scheme: Scheme) -> Self {
        Self { seed, scheme }
    }
}

impl fmt::Display for Taxonomy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seed = match self.seed {
            Seed::Tid => "TID",
            Seed::Tdd => "TDD",
            Seed::Tdn => "TDN",
            Seed::Tin => "TIN",
        };
        let scheme = match self.scheme {
            Scheme::Arithmetic => "A",
            Scheme::Hash => "H",
            Scheme::WordList => "W",
            Scheme::Permutation => "P",
        };
        write!(formatter, "{seed}-{scheme}")
    }
}

impl Serialize for Taxonomy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What seeds a generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// Time-independent and deterministic: a constant in the sample.
    Tid,
    /// Time-dependent and deterministic: the date.
    Tdd,
    /// Time-dependent and not deterministic: something that is only known on the day.
    Tdn,
    /// Time-independent and not deterministic: something that differs from machine to machine.
    Tin,
}

/// How a generator puts names together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Characters are computed.
    Arithmetic,
    /// The name is the text of a hash.
    Hash,
    /// Words from a list are joined.
    WordList,
    /// Characters of a start name are permuted.
    Permutation,
}
