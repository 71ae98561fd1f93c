//! The end of a sinkhole, for tasks that await it and for threads that wait for their sockets.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{EventfdFlags, eventfd};
use tokio::sync::watch;

/// Ends a sinkhole: when told, or when dropped.
#[derive(Debug)]
pub(crate) struct End {
    over: watch::Sender<bool>,
    /// Readable once it is over (eventfd(2)).
    event: OwnedFd,
}

/// Where it is seen that a sinkhole ends.
#[derive(Debug)]
pub(crate) struct Ending {
    over: watch::Receiver<bool>,
    event: OwnedFd,
}

/// An end that has not come, and where it is seen.
///
/// # Errors
///
/// The process has no room for another open file.
pub(crate) fn ending() -> io::Result<(End, Ending)> {
    let (sender, receiver) = watch::channel(false);
    let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
    let seen = event.try_clone()?;
    Ok((End { over: sender, event }, Ending { over: receiver, event: seen }))
}

impl End {
    /// Ends it.
    pub(crate) fn now(&self) {
        self.over.send_replace(true);
        // It fails only when the count would be too large, and then it is readable.
        let _ = rustix::io::write(&self.event, &1_u64.to_ne_bytes());
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.now();
    }
}

impl Ending {
    /// Whether it is over.
    pub(crate) fn is_over(&self) -> bool {
        *self.over.borrow()
    }

    /// Waits until it is over.
    pub(crate) async fn come(&self) {
        // The sender lives as long as the sinkhole; when it is gone, the end has come too.
        let _ = self.over.clone().wait_for(|over| *over).await;
    }
}

impl AsFd for Ending {
    /// Readable once it is over.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.event.as_fd()
    }
}
