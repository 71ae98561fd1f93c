//! [`Verdict`]: what tells a bot from a crawler or a spam filter.

use serde::Serialize;

use super::evidence::{OfList, Steps};

/// What a client's look-ups of generated names look like. It is a summary of the evidence, not a proof: behind one address
/// there may be many hosts, and a resolver's cache hides look-ups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Names of one family, in the order of its list: a bot that walks through it.
    Walks,
    /// Several names of one family's list, in another order: a bot that picks names at random, or somebody who resolves
    /// the whole list.
    Picks,
    /// Names of several families, or mostly out of their time: a crawler, a spam filter, a researcher, or a resolver behind
    /// which there are many.
    Crawls,
    /// Too few names to tell: also a person who met a name somewhere.
    Few,
}

/// So many names at least: if their order were chance, all three steps between them would go forward once in 4! = 24 times.
const ENOUGH: u64 = 4;

/// Of so many steps in a list's order, one may go back: look-ups overtake each other, and retries are sent in between.
const FORWARD: (u64, u64) = (4, 5);

/// Names of so many families are not asked for by one bot.
const FAMILIES: usize = 3;

impl Verdict {
    /// What these lists look like, the one with most names first.
    pub(super) fn of<'a>(lists: &'a [OfList], family: impl Fn(&'a OfList) -> &'a str) -> Self {
        let names: u64 = lists.iter().map(|of| of.names).sum();
        if names < ENOUGH {
            return Self::Few;
        }
        let mut families: Vec<&str> = lists.iter().map(&family).collect();
        families.sort_unstable();
        families.dedup();
        let (in_time, undated) =
            lists.iter().fold((0, 0), |(in_time, undated), of| (in_time + of.in_time, undated + of.undated));
        let mostly_out_of_time = in_time * 2 < names - undated;
        let main = family(&lists[0]);
        let of_main = || lists.iter().filter(|of| family(of) == main);
        let names_of_main: u64 = of_main().map(|of| of.names).sum();
        if families.len() >= FAMILIES && names_of_main * 2 < names || mostly_out_of_time {
            return Self::Crawls;
        }
        if names_of_main < ENOUGH {
            return Self::Few;
        }
        let steps = of_main().map(|of| of.steps).fold(Steps::default(), |all, steps| Steps {
            forward: all.forward + steps.forward,
            back: all.back + steps.back,
        });
        let (share, of) = FORWARD;
        if steps.total() + 1 >= ENOUGH && steps.forward * of >= steps.total() * share {
            Self::Walks
        } else {
            Self::Picks
        }
    }

    /// The same in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Walks => "walks through a list in its order, as a bot does",
            Self::Picks => "asks for many names of a list, not in its order",
            Self::Crawls => "asks for names of many families, or out of their time, as crawlers and filters do",
            Self::Few => "too few names to tell",
        }
    }
}
