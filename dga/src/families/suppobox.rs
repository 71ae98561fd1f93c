//! Suppobox (Bayrob, Nivdort): a trojan spread by mail, for proxies, credentials and fraud at auctions; 2013 to 2016.
//!
//! # Names
//!
//! Two words joined, one label for each slot of 512 seconds, from the slot of the given time on into the future.
//! Variant `v1` has 85 names under `net`, for about twelve hours; `v2` has 614 names, for about three days, and every
//! fifth slot has a name under `ru` before that under `net`. Labels come back after 2^15 slots, which is 194 days.
//!
//! # Bots
//!
//! The list begins with the slot of the moment and goes on into the future. How a bot walks it and how often is not
//! documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - A date alone means 00:00 UTC: for a whole day ask for a range. The public script uses local time, which gives
//!   other names.
//! - Further word lists exist in the wild and are not published.
//! - Copies of list 1 from before May 2023 have `doub` for `doubt`; the misspelt words of list 2 are right, and the
//!   repeated ones of list 3 have to stay.
//! - Family `pizd` has the names of `v1` with list 1: they are no second botnet.
//!
//! # Parameters
//!
//! - `variant`: `v1` or `v2`
//! - `wordlist`: which list of words is used, 1, 2 or 3, without default: word list `suppobox-words1`, and so on
//! - `count`: names in a list, by default 85 or 614

use super::prelude::*;

/// Parameters of Suppobox; what is not given has the variant's default.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suppobox {
    #[serde(default)]
    variant: Variant,
    wordlist: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    V2,
}

const SOURCE: &str = "baderj/domain_generation_algorithms, suppobox";

/// The three lists of words.
pub(super) const LISTS: [WordListId; 3] = [
    WordListId {
        id: "suppobox-words1",
        words: 384,
        sha256: "6c2724fa338914dad8b32884d86e7954f12300e93bd31710fd48f103e9cc082b",
        source: SOURCE,
    },
    WordListId {
        id: "suppobox-words2",
        words: 384,
        sha256: "5d37d69478bdeb5f102f21d18b4afa055b904312ee29cf6c4557da30cf08bef6",
        source: SOURCE,
    },
    WordListId {
        id: "suppobox-words3",
        words: 384,
        sha256: "cb241aa7aa1e20c22fc7750b046032cbabe16077a0988a63802aadb79883f436",
        source: SOURCE,
    },
];

/// A list for every 512 seconds.
pub(super) const SLOTS: Schedule = Schedule::Every { seconds: SECONDS, since: 0 };
const SECONDS: i64 = 512;

impl Algorithm for Suppobox {
    const INFO: Info = Info {
        name: "suppobox",
        aliases: &["Bayrob", "Nivdort"],
        taxonomy: &[Taxonomy::TDD_W],
        active: (Some(2013), Some(2016)),
        variants: &["v1", "v2"],
        references: &[
            "http://www.rsaconference.com/writable/presentations/file_upload/br-r01-end-to-end-analysis-of-a-domain-generating-algorithm-malware-family.pdf",
            "https://www.endgame.com/blog/malware-with-a-personal-touch.html",
            "https://github.com/360netlab/DGA/issues/29",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        SLOTS
    }

    fn word_lists(&self) -> Vec<WordListId> {
        LISTS.get((self.wordlist as usize).wrapping_sub(1)).copied().into_iter().collect()
    }

    fn bind(self, words: &WordLists) -> Result<impl Ready, Refusal> {
        let [list] = self.word_lists()[..] else {
            return Err(Refusal::value("wordlist", "must be 1, 2 or 3"));
        };
        let (russian, count) = match self.variant {
            Variant::V1 => (false, 85),
            Variant::V2 => (true, 614),
        };
        Ok(Slots { words: words.words(&list)?, russian, count: self.count.unwrap_or(count) })
    }
}

/// Names from the slot of a time on.
pub(super) struct Slots {
    pub(super) words: Words,
    /// Whether every fifth slot has a name under `ru` besides.
    pub(super) russian: bool,
    pub(super) count: u32,
}

/// Which bits of the slot's number choose the first and the second word, the highest first.
const FIRST: [u32; 7] = [14, 9, 4, 0, 5, 11, 3];
const SECOND: [u32; 8] = [7, 12, 1, 10, 6, 13, 2, 8];

fn gather(slot: i64, bits: &[u32]) -> usize {
    bits.iter().fold(0, |index, bit| index << 1 | (slot >> bit & 1) as usize)
}

impl Ready for Slots {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let first = at.timestamp().div_euclid(SECONDS);
        (first..).flat_map(move |slot| {
            let mut label = Name::new();
            label.push_str(self.words.word(gather(slot, &FIRST)));
            label.push_str(self.words.word(128 + gather(slot, &SECOND)));
            let russian = (self.russian && slot % 5 == 0).then_some(".ru");
            russian.into_iter().chain([".net"]).map(move |zone| {
                let mut name = label;
                name.push_str(zone);
                name
            })
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
