//! Logs of DNS servers, sensors and captures, read as a stream of look-ups.
//!
//! [`open()`] takes any stream of octets, unpacks gzip and zstd, finds out what format it is from its first octets, and
//! [`Log::read`] visits one [`Entry`] a record. Nothing grows with the length of the stream. A record that cannot be
//! read is an entry, too ([`Entry::Damaged`], with the offset and the reason), and the reading goes on behind it; only a
//! failing source (a disk, a pipe) ends it with an error.
//!
//! A format is one file in `formats/` and one line there. What several share stands here: [`Input`] (a window on the
//! stream), `lines`, `stamp` and `syslog` for text, `link`, `ip`, `packets` and `streams` for captures, and
//! [`Questions`] for what is inside of messages.

mod columns;
mod entry;
mod format;
mod formats;
mod input;
mod ip;
mod json;
mod lines;
mod link;
mod open;
mod packets;
mod question;
mod rcode;
mod resync;
mod settings;
mod stamp;
mod streams;
mod syslog;
mod unpack;

pub use entry::{Client, Damage, Entry, Lookup, Part, Reason};
pub use format::{Format, Info, Visit};
pub use formats::{FORMATS, find};
pub use input::Input;
pub use open::{Log, OpenError, open};
pub use question::{Question, Questions, Unreadable};
pub use settings::{Column, Settings};
pub use unpack::Packing;
