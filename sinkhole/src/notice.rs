//! What a running sinkhole has to tell the person who runs it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something that the operator should know now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Notice {
    /// Events can no longer be written; answers still leave (`on_full: answer`). Told once when it begins.
    #[error("events cannot be written ({error}); answers go out unrecorded")]
    Unrecorded {
        /// What the file system said.
        error: io::Error,
    },
    /// Events can no longer be written; questions are refused (`on_full: stop`). Told once when it begins.
    #[error("events cannot be written ({error}); questions are refused")]
    Stopped {
        /// What the file system said.
        error: io::Error,
    },
    /// How many answers went out unrecorded so far; told once a minute while it lasts.
    #[error("{total} answers went out unrecorded so far")]
    StillUnrecorded {
        /// All of them since the start.
        total: u64,
    },
    /// Events are written again.
    #[error("events are written again; {unrecorded} answers went out unrecorded meanwhile")]
    RecordingAgain {
        /// How many answers went out meanwhile.
        unrecorded: u64,
    },
    /// Events are written but could not be synced: a power cut could lose them.
    #[error("events cannot be synced to the disk: {error}")]
    Unsynced {
        /// What the file system said.
        error: io::Error,
    },
    /// The last process did not end well: octets at the end of its segment are no whole record and were cut off.
    #[error("the last {octets} octets of `{}` are no whole record (from octet {offset} on) and were cut off{}",
        segment.display(), Kept(kept.as_deref()))]
    Recovered {
        /// The segment.
        segment: PathBuf,
        /// Where they began.
        offset: u64,
        /// How many they were.
        octets: u64,
        /// Where they are kept, if whole records stand behind what is damaged.
        kept: Option<PathBuf>,
    },
    /// A file that should have been the last segment is none; it has another name now.
    #[error("`{}` is damaged from its first octet on; it is kept as `{}`", segment.display(), to.display())]
    SetAside {
        /// Where it was.
        segment: PathBuf,
        /// Where it is.
        to: PathBuf,
    },
    /// What is to be done with segments cannot be done now. Events are written all the same. Told once until it works
    /// again.
    #[error("{task} failed ({error}); events are written all the same, and it is tried again")]
    Store {
        /// What is to be done.
        task: Task,
        /// What the file system said.
        error: io::Error,
    },
    /// The reserve cannot be written: minutes may be counted twice if this process is killed.
    #[error("the reserve of counters cannot be written: {error}")]
    Reserve {
        /// What the file system said.
        error: io::Error,
    },
    /// A section of another configuration was not taken: it cannot be changed while a sinkhole runs.
    #[error("`{key}` has changed; that needs a restart, the rest of the configuration is in use")]
    NeedsRestart {
        /// The section.
        key: &'static str,
    },
    /// Fewer connections can be open than are configured.
    #[error(
        "each listener has at most {possible} connections instead of {wanted}: this process may not open more files \
        (`LimitNOFILE` of systemd, `ulimit -n`)"
    )]
    FewConnections {
        /// As configured.
        wanted: usize,
        /// As the system allows.
        possible: usize,
    },
    /// A socket reported an error; it stays in use.
    #[error("{address}: {error}")]
    Socket {
        /// The sinkhole's own address.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
}

/// What is done with segments beside writing them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Task {
    /// A full segment is sealed and the next one begun.
    Seal,
    /// Sealed segments become Parquet, and old ones are removed.
    Archive,
}

impl fmt::Display for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Seal => "sealing a segment",
            Self::Archive => "archiving sealed segments",
        })
    }
}

/// Where octets are kept, if they are.
struct Kept<'a>(Option<&'a Path>);

impl fmt::Display for Kept<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(path) => {
                write!(formatter, "; whole records stand behind the damage, so they are kept in `{}`", path.display())
            }
            None => Ok(()),
        }
    }
}

/// Who is told notices. The default tells nobody.
#[derive(Clone, Default)]
pub struct Notify(Option<Arc<dyn Fn(Notice) + Send + Sync>>);

impl Notify {
    /// Tells `listener`. It is called on the sinkhole's own threads and must not wait.
    pub fn new(listener: impl Fn(Notice) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    /// Tells one notice.
    pub fn tell(&self, notice: Notice) {
        if let Some(listener) = &self.0 {
            listener(notice);
        }
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Notify(somebody)" } else { "Notify(nobody)" })
    }
}
