//! An unnamed downloader for Windows of 2016, which fetches its configuration from GitHub's pages.
//!
//! # Names
//!
//! All orders of the seed's characters, each under `github.io`, in the order of their places; equal characters count as
//! different.
//!
//! # Bots
//!
//! A bot asks for `/c2/config.dat` at each host. In which order it tries them and how often is not documented; the
//! order here is the specification's.
//!
//! # Pitfalls
//!
//! - Names repeat where a character does: the 120 of the default are 60 different ones, each of them twice.
//!
//! # Parameters
//!
//! - `seed`: the characters, ASCII, by default `ddktn`

use super::prelude::*;

/// Parameters of the unnamed downloader.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UnnamedDownloader {
    seed: String,
}

impl Default for UnnamedDownloader {
    fn default() -> Self {
        Self { seed: "ddktn".into() }
    }
}

/// The longest seed: a label has no more characters.
const LONGEST: usize = 63;

impl Algorithm for UnnamedDownloader {
    const INFO: Info = Info {
        name: "unnamed_downloader",
        taxonomy: &[Taxonomy::TID_P],
        active: (Some(2016), Some(2016)),
        references: &["https://github.com/baderj/domain_generation_algorithms/tree/master/unnamed_downloader"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if !self.seed.is_ascii() || !(1..=LONGEST).contains(&self.seed.len()) {
            return Err(Refusal::value("seed", format!("1 to {LONGEST} ASCII characters are needed")));
        }
        let mut characters = self.seed.into_bytes();
        characters.sort_unstable();
        Ok(Bound(characters))
    }
}

/// The characters in ascending order.
struct Bound(Vec<u8>);

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut places = [0_u8; LONGEST];
        for (number, place) in places.iter_mut().enumerate() {
            *place = number as u8;
        }
        std::iter::successors(Some(places), |places| next(*places, self.0.len())).map(|places| {
            let mut name = Name::new();
            for place in &places[..self.0.len()] {
                name.push(self.0[usize::from(*place)]);
            }
            name.push_str(".github.io");
            name
        })
    }
}

/// The next order of the first `length` places, if there is one.
fn next(mut places: [u8; LONGEST], length: usize) -> Option<[u8; LONGEST]> {
    let used = &mut places[..length];
    let pivot = used.windows(2).rposition(|pair| pair[0] < pair[1])?;
    let larger = used.iter().rposition(|place| *place > used[pivot])?;
    used.swap(pivot, larger);
    used[pivot + 1..].reverse();
    Some(places)
}
