//! Reads the configuration of a running sinkhole again, on a thread of its own: fifty million names take a while, in
//! which questions are answered.

use std::future::pending;
use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use sinkhole::config::{FileWatch, Watch, files};
use sinkhole::{Config, ConfigError};
use tokio::sync::mpsc as to_async;

use super::Configuration;

/// What was read.
type Read = Result<Config, ConfigError>;

/// A thread that reads the configuration again when it is asked to, or when a file has changed.
pub(super) struct Reader {
    ask: mpsc::Sender<()>,
    read: to_async::UnboundedReceiver<Read>,
}

/// Watches the files that are about to be read.
pub(super) fn watch(configuration: &Configuration) -> FileWatch {
    FileWatch::new(files(&configuration.file.config))
}

impl Reader {
    /// Starts the thread. It ends with the process: nobody waits for names that nobody needs any more.
    pub(super) fn start(configuration: Configuration, files: FileWatch, watch: Watch) -> io::Result<Self> {
        let (ask, asked) = mpsc::channel();
        let (give, read) = to_async::unbounded_channel();
        let work = move || run(&configuration, files, watch, &asked, &give);
        thread::Builder::new().name("names".to_owned()).spawn(work)?;
        Ok(Self { ask, read })
    }

    /// Has the configuration read again.
    pub(super) fn read_again(&self) {
        // The thread lives as long as this.
        let _ = self.ask.send(());
    }

    /// What was read again.
    pub(super) async fn next(&mut self) -> Read {
        match self.read.recv().await {
            Some(read) => read,
            None => pending().await,
        }
    }
}

fn run(
    configuration: &Configuration,
    mut files: FileWatch,
    mut every: Watch,
    asked: &mpsc::Receiver<()>,
    give: &to_async::UnboundedSender<Read>,
) {
    loop {
        let asked_for = if every.enabled {
            asked.recv_timeout(every.every)
        } else {
            asked.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match asked_for {
            // Whoever asked several times gets what is there now.
            Ok(()) => while asked.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) if files.look() => {}
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // What changes while it is read is seen at the next look.
        files = watch(configuration);
        let read = configuration.try_read();
        if let Ok(config) = &read {
            every = config.watch;
        }
        if give.send(read).is_err() {
            return;
        }
    }
}
