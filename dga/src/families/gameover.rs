//! Gameover Zeus (ZeusP2P): the peer-to-peer banking trojan for Windows of 2011 to 2014, before its successor newGOZ.
//!
//! # Names
//!
//! 1000 names for days 1 to 6, 7 to 13, 14 to 20, 21 to 27 and the rest of each month (treated as UTC), in the order of
//! their number: letters of MD5, usually 20 to 30.
//!
//! # Bots
//!
//! The names are the back-up channel of the peer-to-peer network. How many of them a bot tries, in which order and how
//! often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Bots use local time: around the change of a list prepare for both.
//! - The names are also those of family `murofet`, variant `v1`; a name in both is no sign of two botnets.
//! - Variant `v3` of `murofet` has the same dates and zones but other labels.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;
use crate::prim::md5_lanes::bytes;
use crate::prim::zeus;

/// Gameover Zeus has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Gameover {}

impl Algorithm for Gameover {
    const INFO: Info = Info {
        name: "gameover",
        aliases: &["Gameover Zeus", "ZeusP2P", "ZeusBot"],
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2011), Some(2014)),
        references: &["http://vrt-blog.snort.org/2014/03/decoding-domain-generation-algorithms.html"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(zeus::WEEKS)
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound(Suffixes::fixed(&["ru", "biz", "info", "org", "net", "com"])))
    }
}

struct Bound(Suffixes);

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut hashes = zeus::HashesOfWeek::new(date(at));
        (0..1000).map(move |index| {
            let mut name = Name::new();
            zeus::append_five_bits(&bytes(hashes.next(index)), &mut name);
            self.0.append(zeus::zone(index, 6), &mut name);
            name
        })
    }
}
