//! The catalogue of domain generation algorithms: which names a botnet's bots ask for, and when.
//!
//! [`find`] a [`Family`], say which of its configurations is meant with a [`Selection`], [`bind`](Family::bind) it, and
//! [`Generate`] gives the names of any day. Nothing here does I/O or asks for the time: dates are arguments, and word
//! lists come from the caller ([`WordLists`]).
//!
//! ```
//! use dga::{Selection, WordLists, find};
//!
//! let conficker = find("conficker")?.bind(&Selection::default(), &WordLists::none())?;
//! let day = "2009-03-13T00:00:00Z".parse().expect("a date");
//! let names = conficker.names(day)?;
//! assert_eq!(names.len(), 250);
//! assert_eq!(names[0], "gkeeb.net");
//! # Ok::<(), dga::Error>(())
//! ```
#![forbid(unsafe_code)]
// Names of malware and of companies are not code.
#![allow(clippy::doc_markdown)]
// A family that can be searched says in its file which type its bound generator has.
#![allow(refining_impl_trait, private_interfaces)]

mod algorithm;
mod catalogue;
mod custom;
mod error;
mod families;
mod family;
mod generate;
mod info;
mod name;
mod parameter;
mod preset;
mod prim;
mod range;
mod registry;
mod schedule;
mod search;
pub mod vectors;
mod words;

pub use algorithm::{Algorithm, Ready, Refusal};
pub use catalogue::{find, version};
pub use error::{Error, Unknown};
pub use families::FAMILIES;
pub use family::{Configuration, Family, Inspection, Selection};
pub use generate::{Generate, List};
pub use info::{Info, Scheme, Seed, Taxonomy};
pub use name::{Name, is_host_name};
pub use parameter::{Parameter, Parameters};
pub use preset::{ALL, Preset, PresetFile};
pub use range::{Part, Range, Validities, Validity};
pub use registry::{Registry, RegistryKind};
pub use schedule::{Period, Schedule};
pub use search::{ABSENT, Any, Clue, NAME, Quest, Seek, Sought};
pub use vectors::moment;
pub use words::{WordListId, WordLists, Words};
