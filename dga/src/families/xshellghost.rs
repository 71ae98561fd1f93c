//! XShellGhost (ShadowPad): the backdoor in NetSarang's programs, 2017.
//!
//! # Names
//!
//! One name a month (UTC) of 10 to 15 letters under `com`.
//!
//! # Bots
//!
//! There is one name to ask for. How often a bot asks and what it accepts as an answer is not documented.
//!
//! # Pitfalls
//!
//! - The public script as published exchanges year and month, and gives names that were never seen.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;

/// XShellGhost has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Xshellghost {}

impl Algorithm for Xshellghost {
    const INFO: Info = Info {
        name: "xshellghost",
        aliases: &["ShadowPad"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2017), Some(2017)),
        references: &["https://github.com/360netlab/DGA/issues/38"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::MONTH
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(self)
    }
}

impl Ready for Xshellghost {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, _) = date(at);
        let mut state =
            year.wrapping_mul(0x9042_2A3A).wrapping_sub(month.wrapping_mul(0x39D0_6F76)).wrapping_sub(0x67B7_FC6F);
        let mut name = Name::new();
        for _ in 0..10 + state % 6 {
            name.push(b'a' + (state % 26) as u8);
            state = state.wrapping_mul(29).wrapping_add(19);
        }
        name.push_str(".com");
        std::iter::once(name)
    }
}
