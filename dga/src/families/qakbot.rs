//! Qakbot (Qbot, Pinkslipbot): a banking trojan and loader; with a generator from 2013 to about 2018.
//!
//! # Names
//!
//! `count` names for days 1 to 10, 11 to 20 and the rest of each month (UTC), in the order in which they are made; the
//! sequence itself has no end. Labels have 8 to 25 letters.
//!
//! # Bots
//!
//! A bot takes the date from well-known web sites, not from its own clock. It tries up to 5000 names in batches of
//! five. One that believes to be watched tries those of the decoy list instead.
//!
//! # Pitfalls
//!
//! - Names from a sandbox may be of the decoy list, which `sandbox` gives.
//! - `org` stands twice among the zones: ports that name it once give other names.
//! - The last period of a month has 8 to 11 days.
//!
//! # Parameters
//!
//! - `seed`: the campaign's number, by default 0
//! - `sandbox`: whether the decoy list is meant, by default not
//! - `tlds`: zones, by default `com`, `net`, `org`, `info`, `biz`, `org`
//! - `count`: how many names, by default 5000

use super::prelude::*;
use crate::prim::calendar::MONTHS;
use crate::prim::crc32::crc32;
use crate::prim::mt19937::MersenneTwister;

/// Parameters of Qakbot.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Qakbot {
    seed: u32,
    sandbox: bool,
    tlds: Vec<String>,
    count: u32,
}

impl Default for Qakbot {
    fn default() -> Self {
        let tlds = ["com", "net", "org", "info", "biz", "org"].map(str::to_owned).into();
        Self { seed: 0, sandbox: false, tlds, count: 5000 }
    }
}

impl Algorithm for Qakbot {
    const INFO: Info = Info {
        name: "qakbot",
        aliases: &["Qbot", "QuakBot", "Pinkslipbot", "Akbot"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2013), Some(2018)),
        references: &["https://johannesbader.ch/2016/02/the-dga-of-qakbot/", "https://github.com/ange1987/QakBot"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 11, 21])
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let suffixes = Suffixes::new("tlds", &self.tlds, 25)?;
        Ok(Bound { parameters: self, suffixes })
    }
}

struct Bound {
    parameters: Qakbot,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let Qakbot { seed, sandbox, .. } = self.parameters;
        let third = ((day - 1) / 10).min(2);
        let text = format!("{third}.{}.{year:04}.{seed:08x}", MONTHS[month as usize - 1]);
        let mut random = MersenneTwister::new(crc32(text.as_bytes()).wrapping_add(sandbox.into()));
        let zones = self.suffixes.len();
        (0..).map(move |_: u64| {
            // Of each number only 28 bits count; they are scaled, not reduced.
            let mut below = |count: usize| ((u64::from(random.draw() & 0x0FFF_FFFF) * count as u64) >> 28) as usize;
            let zone = below(zones);
            let length = 8 + below(18);
            let mut name = Name::new();
            for _ in 0..length {
                name.push(b'a' + below(26) as u8);
            }
            self.suffixes.append(zone, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.parameters.count as usize)
    }
}
