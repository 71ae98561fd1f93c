//! Hand-over formats: what resolvers, sensors, sharing platforms and registrars read.
//!
//! One format is one file in `formats/` and one line in `exporters!`. Every format takes names one by one, in order,
//! and writes its files as it goes, so that its memory does not grow with the names; the same names, settings and date
//! give the same bytes. What stands before every format: [`safety::Gate`] lets only names through that may be handed
//! over.
#![forbid(unsafe_code)]

mod context;
mod depths;
mod dns_rules;
mod duration;
mod epp;
mod error;
mod format;
mod formats;
mod garden;
mod host_name;
mod interval;
mod json_array;
mod lookup;
mod malware;
mod misp_event;
mod name_servers;
mod organisation;
mod registration;
mod repetitions;
pub mod safety;
mod settings;
mod shared_zone;
mod shelf;
mod stable_id;
mod sumo;
mod table;
mod tlp;
mod zone_file;

pub use context::{Context, Process};
pub use error::Error;
pub use format::{Export, Files, Format, Group, Info, Setting, Takes};
pub use formats::{FORMATS, find};
pub use settings::Settings;
pub use shelf::{File, InMemory, Shelf};
