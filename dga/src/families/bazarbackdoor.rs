//! BazarBackdoor (BazarLoader, Team9): a Windows loader and backdoor of the TrickBot circle, 2020 and 2021.
//!
//! # Names
//!
//! All names that are possible in a month (treated as UTC), in counting order. Zones are `bazar` and, in variant
//! `buggy`, `bazaar`.
//!
//! - `beta`, `buggy`: six letters from six alphabets, then each of them moved by a digit of the date
//! - the others: four two-letter entries of a table; digits of the date choose the part of the table
//!
//! # Bots
//!
//! Which of the possible names a bot tries, how many, in which order and how often is not documented; the order here is
//! the specification's.
//!
//! # Pitfalls
//!
//! - `bazar` is served by EmerDNS and resolvers like it: block it at resolvers, there is no registrar to ask. `bazaar`
//!   looks like a mistake of the author's.
//! - UNRELIABLE from June to September: in `v4`, `v6` and `buggy2` the table is too short then, and a real bot reads
//!   whatever lies behind it in memory. Names with fewer letters or with `?` stand in for what it finds there.
//! - In these months `v4` and `v6` repeat names; `buggy2` names each once.
//! - `buggy` makes characters below `a`, and `buggy2` makes `?`, which no host name has.
//! - The time zone is not documented: around the turn of a month prepare for both months.
//!
//! # Parameters
//!
//! - `variant`: `beta`, `buggy`, `buggy2`, `v2` to `v7`, in the order in which they became public: `beta`, `buggy`,
//!   `v2`, `v3`, `v4`, `buggy2`, `v5`, `v6`, `v7`

use super::prelude::*;

/// Parameters of BazarBackdoor.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Bazarbackdoor {
    variant: Variant,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V7,
    Beta,
    Buggy,
    Buggy2,
    V2,
    V3,
    V4,
    V5,
    V6,
}

const SOURCE: &str = "baderj/domain_generation_algorithms, bazarbackdoor";

const fn table(id: &'static str, words: usize, sha256: &'static str) -> WordListId {
    WordListId { id, words, sha256, source: SOURCE }
}

const P1: WordListId =
    table("bazarbackdoor-p1", 228, "cad1b00626f23983ba8796490587fd5780698c49402c3df4d8cc4e7bb7e22196");
const P2: WordListId =
    table("bazarbackdoor-p2", 114, "765c84b2869055c199c127a308c94a8cfcadbfe4fcaf7f445d5a198080d7499a");
const P2X: WordListId =
    table("bazarbackdoor-p2x", 127, "7a24e3f18ffe82bdf5343a3497aafa7cdb915b10cd37049711d513fad84729db");
const P3: WordListId =
    table("bazarbackdoor-p3", 127, "e75d5e878ece51de70b84f61e7ba870a9b7a3ff42dcfceb4129ff4caf6157a4d");
const P4: WordListId =
    table("bazarbackdoor-p4", 228, "d6b2038021060f3fac348ef37bcd40264fc1d5e6101af42677e7c6c8f95fb297");

/// Stride and width of the part of the table that a digit chooses: for the month's tens and units, the decade, and the
/// year's last digit.
type Ranges = [(u32, u32); 4];

const FIRST: Ranges = [(19, 19), (19, 19), (6, 6), (6, 6)];
const SECOND: Ranges = [(19, 19), (19, 19), (4, 22), (4, 4)];
const THIRD: Ranges = [(19, 19), (19, 19), (4, 4), (4, 4)];

impl Variant {
    /// The table and the parts of it that a variant uses.
    fn table(self) -> Option<(WordListId, Ranges)> {
        match self {
            Self::Beta | Self::Buggy => None,
            Self::V2 => Some((P1, FIRST)),
            Self::V3 => Some((P1, SECOND)),
            Self::V4 => Some((P2, SECOND)),
            Self::Buggy2 => Some((P2X, THIRD)),
            Self::V5 => Some((P1, THIRD)),
            Self::V6 => Some((P3, THIRD)),
            Self::V7 => Some((P4, THIRD)),
        }
    }
}

impl Algorithm for Bazarbackdoor {
    const INFO: Info = Info {
        name: "bazarbackdoor",
        aliases: &["BazarLoader", "Team9Backdoor"],
        taxonomy: &[
            Taxonomy::TDD_W,
            Taxonomy::TDD_A,
            Taxonomy::TDD_A,
            Taxonomy::TDD_W,
            Taxonomy::TDD_W,
            Taxonomy::TDD_W,
            Taxonomy::TDD_W,
            Taxonomy::TDD_W,
            Taxonomy::TDD_W,
        ],
        active: (Some(2020), Some(2021)),
        variants: &["v7", "beta", "buggy", "buggy2", "v2", "v3", "v4", "v5", "v6"],
        references: &[
            "https://johannesbader.ch/blog/the-dga-of-bazarbackdoor/",
            "https://johannesbader.ch/blog/the-buggy-dga-of-bazarbackdoor/",
            "https://johannesbader.ch/blog/yet-another-bazarloader-dga/",
        ],
        illegal_names: true,
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::MONTH
    }

    fn word_lists(&self) -> Vec<WordListId> {
        self.variant.table().map(|(list, _)| list).into_iter().collect()
    }

    fn bind(self, words: &WordLists) -> Result<impl Ready, Refusal> {
        let scheme = match self.variant.table() {
            None => Scheme::Offsets(self.variant),
            Some((list, ranges)) => Scheme::Table { variant: self.variant, words: words.words(&list)?, ranges },
        };
        Ok(Bound(scheme))
    }
}

enum Scheme {
    Offsets(Variant),
    Table { variant: Variant, words: Words, ranges: Ranges },
}

struct Bound(Scheme);

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, _) = date(at);
        // Both schemes count through tuples; each place has its pieces, and the last place counts fastest.
        let (places, zone): (Vec<Vec<Piece>>, &'static str) = match &self.0 {
            Scheme::Offsets(variant) => {
                (offsets(*variant, year, month), if matches!(variant, Variant::Buggy) { ".bazaar" } else { ".bazar" })
            }
            Scheme::Table { variant, words, ranges } => (entries(*variant, words, ranges, year, month), ".bazar"),
        };
        let halves = matches!(self.0, Scheme::Offsets(_));
        let count: usize = places.iter().map(Vec::len).product();
        (0..count).map(move |number| {
            let mut pieces = [Piece::default(); 6];
            let mut rest = number;
            for (piece, place) in pieces.iter_mut().zip(&places).rev() {
                *piece = place[rest % place.len()];
                rest /= place.len();
            }
            let mut name = Name::new();
            if halves {
                // A letter and its moved counterpart, which stands in the second half.
                for piece in &pieces {
                    name.push(piece.text[0]);
                }
                for piece in &pieces {
                    name.push(piece.text[1]);
                }
            } else {
                for piece in &pieces[..places.len()] {
                    name.push_block(&piece.text, piece.length);
                }
            }
            name.push_str(zone);
            name
        })
    }
}

/// A table's entry, or a letter with its counterpart.
#[derive(Clone, Copy, Default)]
struct Piece {
    text: [u8; 2],
    length: usize,
}

fn offsets(variant: Variant, year: u32, month: u32) -> Vec<Vec<Piece>> {
    let alphabets: [std::ops::RangeInclusive<u8>; 6] = match variant {
        Variant::Buggy => [0x5D..=0x65, 0x60..=0x66, 0x62..=0x68, 0x65..=0x69, 0x67..=0x6B, 0x69..=0x6D],
        _ => [b'a'..=b'e', b'c'..=b'f', b'e'..=b'h', b'g'..=b'i', b'i'..=b'k', b'k'..=b'm'],
    };
    let (month, year) = (12 - month, year - 18);
    let digits = [month / 10, month % 10, year / 1000, year / 100 % 10, year / 10 % 10, year % 10];
    let places = alphabets.into_iter().zip(digits).map(|(alphabet, digit)| {
        let piece = |letter: u8| {
            let moved = letter + digit as u8;
            // The faulty variant replaces what falls below the letters, but only in the second half.
            let moved = if matches!(variant, Variant::Buggy) && moved < b'a' { b'z' } else { moved };
            Piece { text: [letter, moved], length: 2 }
        };
        alphabet.map(piece).collect()
    });
    places.collect()
}

fn entries(variant: Variant, words: &Words, ranges: &Ranges, year: u32, month: u32) -> Vec<Vec<Piece>> {
    let digits = [month / 10, month % 10, year / 10 % 10, year % 10];
    let places = ranges.iter().zip(digits).map(|((stride, width), digit)| {
        let first = (stride * digit) as usize;
        let mut numbers = first..first + *width as usize;
        if matches!(variant, Variant::Buggy2) {
            // Repeated names are dropped, and only entries beyond the table repeat: the first of them stays.
            numbers.end = numbers.end.min(words.len().max(first) + 1);
        }
        let piece = |number| match (words.get(number), variant) {
            (Some(entry), _) => {
                let mut text = [0; 2];
                text.copy_from_slice(&entry.as_bytes()[..2]);
                Piece { text, length: 2 }
            }
            (None, Variant::Buggy2) => Piece { text: *b"??", length: 2 },
            (None, _) => Piece { text: *b"  ", length: 0 },
        };
        numbers.map(piece).collect()
    });
    places.collect()
}
