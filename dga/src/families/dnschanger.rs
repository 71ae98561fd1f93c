//! DNSChanger (Alureon): a Windows trojan that replaces the machine's name servers; analysed in a sample of 2014.
//!
//! # Names
//!
//! Five names of ten letters under `com`; more can be asked for.
//!
//! # Bots
//!
//! A bot looks up all five after it has changed the machine's name servers. It wants no server to answer: the look-ups
//! tell the rogue name servers of a new victim, and a failing last one tells the trojan that its change did not work.
//!
//! # Pitfalls
//!
//! - The names are not there to be registered, and a sinkhole for single names is pointless: use their pattern to find
//!   victims.
//! - UNPREDICTABLE: the seed is not hard-coded, so the names cannot be known in advance. From one observed name it can
//!   be found by trying all 2^31 values, and the other four names with it.
//!
//! # Parameters
//!
//! - `seed`: where the generator starts, a signed 32-bit number whose highest bit has no effect; without default

use super::prelude::*;
use crate::prim::lcg::Microsoft;

/// Parameters of DNSChanger.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dnschanger {
    seed: i32,
}

impl Algorithm for Dnschanger {
    const INFO: Info = Info {
        name: "dnschanger",
        aliases: &["Alureon"],
        taxonomy: &[Taxonomy::TIN_A],
        active: (Some(2014), Some(2014)),
        references: &["https://johannesbader.ch/2016/01/the-dga-in-alureon-dnschanger/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        numbers: 1 << 31,
        any: Any::State,
        note: "the highest bit has no effect and is given as 0",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Self, Refusal> {
        Ok(self)
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

impl Ready for Dnschanger {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Microsoft(self.seed.cast_unsigned());
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..10 {
                name.push(b'a' + (random.draw() % 26) as u8);
            }
            name.push_block(b".com", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(5)
    }
}

impl Seeded for Dnschanger {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = (number as u32).cast_signed();
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let [first, second] = clue.letters(LETTERS);
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Microsoft(seed);
            random.draw() % 26 == first && random.draw() % 26 == second
        });
    }

    fn before(&self, _: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        // Every name takes ten draws.
        let state = (0..10).fold(number as u32, |state, _| Microsoft(state).before());
        Some(vec![u64::from(state & 0x7FFF_FFFF)])
    }
}
