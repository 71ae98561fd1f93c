//! Pizd: a name once given to Suppobox with its first word list; a trojan spread by mail in 2013.
//!
//! # Names
//!
//! Exactly those of family `suppobox`, variant `v1`, word list 1: 85 names under `net`, one for each slot of 512
//! seconds from the given time on.
//!
//! # Bots
//!
//! The list begins with the slot of the moment and goes on into the future. How a bot walks it and how often is not
//! documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - These names and those of `suppobox` are no two botnets.
//! - A date alone means 00:00 UTC, and a list reaches twelve hours: for a whole day ask for a range. Local time gives
//!   other names.
//! - A withdrawn script of 2015 reads the same words in alphabetical order and gives names such as
//!   `difficultnearly.net`. They are not covered; whether any sample had them is not known.
//!
//! # Parameters
//!
//! None. Word list: `suppobox-words1`.

use super::prelude::*;
use super::suppobox::{LISTS, SLOTS, Slots};

/// Pizd has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pizd {}

impl Algorithm for Pizd {
    const INFO: Info = Info {
        name: "pizd",
        taxonomy: &[Taxonomy::TDD_W],
        active: (Some(2013), Some(2013)),
        references: &["https://blog.avast.com/2013/06/18/your-facebook-connection-is-now-secured/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        SLOTS
    }

    fn word_lists(&self) -> Vec<WordListId> {
        vec![LISTS[0]]
    }

    fn bind(self, words: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Slots { words: words.words(&LISTS[0])?, russian: false, count: 85 })
    }
}
