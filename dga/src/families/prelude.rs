//! What nearly every family needs.

pub(super) use std::ops::Range;

pub(super) use chrono::{DateTime, Utc};
pub(super) use serde::{Deserialize, Serialize};

pub(super) use crate::algorithm::{Algorithm, Ready, Refusal};
pub(super) use crate::info::{Info, Taxonomy};
pub(super) use crate::name::Name;
pub(super) use crate::prim::calendar::{date, unix_day};
pub(super) use crate::prim::suffix::Suffixes;
pub(super) use crate::schedule::Schedule;
pub(super) use crate::search::{Any, Clue, LETTERS, Quest, Searching, Seeded, Sought, rewind, sift, sift_first};
pub(super) use crate::words::{WordListId, WordLists, Words};
