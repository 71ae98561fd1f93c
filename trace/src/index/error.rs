//! Why an index cannot be used, or not be built.

use std::io;

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// The file is something else.
    #[error("it is no index")]
    NoIndex,
    /// The file's end is missing.
    #[error("its end is missing")]
    Cut,
    /// Bytes have changed since it was written.
    #[error("it is damaged: its checksum is wrong")]
    Damaged,
    /// It was written in a format that this version does not know.
    #[error("it has format {found}, and this version reads format {known}")]
    Version {
        /// The file's version.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// Its names are those of another catalogue.
    #[error("it is stale: built from catalogue {built}, and this is catalogue {own}")]
    Stale {
        /// The catalogue that it was built from.
        built: String,
        /// Ours.
        own: String,
    },
}

impl IndexError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Read(_) => None,
            Self::NoIndex => Some("`hydrabane index build --from DATE --to DATE -o FILE` makes one"),
            Self::Cut | Self::Damaged | Self::Version { .. } | Self::Stale { .. } => {
                Some("build it again with `hydrabane index build`")
            }
        }
    }
}

/// Why an index cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A generator failed.
    #[error(transparent)]
    Generator(#[from] dga::Error),
    /// The index could not be written.
    #[error(transparent)]
    Output(#[from] io::Error),
    /// There are more names, or more lists, than numbers of 32 bits count.
    #[error("there are too many {0} for one index: build several, of fewer families or years")]
    TooMany(&'static str),
}
