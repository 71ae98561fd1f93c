//! What a running sinkhole has to tell the person who runs it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
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
    /// A socket reported an error; it stays in use.
    #[error("{address}: {error}")]
    Socket {
        /// The sinkhole's own address.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
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
