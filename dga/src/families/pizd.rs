//! Pizd: a name once given to Suppobox with its first word list; a trojan spread by mail in 2013.
//!
//! # Names
//!
//! Exactly those of family `suppobox`, variant `v1`, word list 1: 85 names under `net`, one for each slot of 512
//! seconds from the given time on. They are no second botnet.
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
