//! Necurs: a Windows rootkit, backdoor and spam botnet; its generator was described in 2015.
//!
//! # Names
//!
//! 2048 names for each third or fourth day: the periods of a month (UTC; bots ask time servers) begin on days 1, 4, 8, 12,
//! 16, 20, 24 and 28. They stand in the order of their number; a bot tries all of them in another order within about 75
//! seconds. Labels have 7 to 21 letters `a` to `y`. Names for the detection of sandboxes and a hard-coded `bit` name are
//! not covered.
//!
//! # Parameters
//!
//! - `magic`: the botnet's constant, by default 9

use super::prelude::*;

/// Parameters of Necurs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Necurs {
    magic: u32,
}

impl Default for Necurs {
    fn default() -> Self {
        Self { magic: 9 }
    }
}

impl Algorithm for Necurs {
    const INFO: Info = Info {
        name: "necurs",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2013), Some(2020)),
        references: &["https://johannesbader.ch/2015/02/the-dgas-of-necurs/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 4, 8, 12, 16, 20, 24, 28])
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let suffixes = Suffixes::fixed(&[
            "tj", "in", "jp", "tw", "ac", "cm", "la", "mn", "so", "sh", "sc", "nu", "nf", "mu", "ms", "mx", "ki", "im",
            "cx", "cc", "tv", "bz", "me", "eu", "de", "ru", "co", "su", "pw", "kz", "sx", "us", "ug", "ir", "to", "ga",
            "com", "net", "org", "biz", "xxx", "pro", "bit",
        ]);
        Ok(Bound { magic: self.magic.into(), suffixes })
    }
}

struct Bound {
    magic: u64,
    suffixes: Suffixes,
}

/// Between 21 and 148 rounds, as the number itself decides.
#[inline]
fn mix(mut number: u64) -> u64 {
    for round in 0..(number & 127) + 21 {
        number = number
            .wrapping_add(number.wrapping_mul(7) ^ (number << 15))
            .wrapping_add(8 * round)
            .wrapping_sub(number >> 5);
    }
    number
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let mut period = mix(year.into());
        period = mix(period.wrapping_add(u64::from(month) + 43_690));
        period = mix(period.wrapping_add(u64::from(day / 4)));
        (0..2048).map(move |number| {
            let mut state = mix(period.wrapping_add(number));
            state = mix(state.wrapping_add(self.magic));
            let mut name = Name::new();
            for place in 0..state % 15 + 7 {
                state = mix(state.wrapping_add(place));
                name.push(b'a' + (state % 25) as u8);
                state = mix(state.wrapping_add(0x00AB_BEDF));
            }
            self.suffixes.append((state % 43) as usize, &mut name);
            name
        })
    }
}
