//! Which stores of events a command reads: by configuration or by folder, one or several.

use std::path::PathBuf;

use sinkhole::Reader;

use crate::exit::Failure;

/// One or several stores.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(super) struct Stores {
    /// A sinkhole's configuration, for its `store.dir`; may be given several times.
    #[arg(long, value_name = "FILE")]
    config: Vec<PathBuf>,

    /// A folder of events; may be given several times.
    #[arg(long, value_name = "DIR")]
    store: Vec<PathBuf>,
}

impl Stores {
    /// The folders, in the order of configurations and then of folders.
    pub(super) fn folders(&self) -> Result<Vec<PathBuf>, Failure> {
        let configured = self.config.iter().map(|config| sinkhole::config::events_folder(config));
        let mut folders = configured.collect::<Result<Vec<_>, _>>()?;
        folders.extend_from_slice(&self.store);
        Ok(folders)
    }

    /// The events of all of them, each once.
    pub(super) fn events(&self) -> Result<Reader, Failure> {
        Ok(sinkhole::read_stores(&self.folders()?))
    }
}
