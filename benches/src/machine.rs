//! The machine on which something was measured.

use std::fmt;
use std::thread::available_parallelism;

/// What a reader needs to judge absolute figures.
#[derive(Clone, Debug)]
pub struct Machine {
    processor: String,
    cores: usize,
}

impl Machine {
    /// This machine.
    pub fn this() -> Self {
        let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        Self {
            processor: model.map_or_else(|| std::env::consts::ARCH.into(), |(_, name)| name.trim().into()),
            cores: available_parallelism().map_or(1, Into::into),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {} cores", self.processor, self.cores)
    }
}
