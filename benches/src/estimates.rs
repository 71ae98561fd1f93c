//! What criterion has measured, read from the files that it keeps in the build folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Criterion's folder of estimates.
#[derive(Clone, Debug)]
pub struct Estimates(PathBuf);

/// The rate of one benchmark.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Elements per second: the median of all samples.
    pub rate: f64,
    /// When it was measured.
    pub at: SystemTime,
}

#[derive(Deserialize)]
struct Statistics {
    median: Statistic,
}

#[derive(Deserialize)]
struct Statistic {
    /// Nanoseconds for an iteration.
    point_estimate: f64,
}

#[derive(Deserialize)]
struct Benchmark {
    throughput: Throughput,
}

#[derive(Deserialize)]
enum Throughput {
    /// In an iteration.
    Elements(f64),
}

impl Estimates {
    /// The estimates in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The last measurement of a benchmark; nothing if there is none.
    pub fn read(&self, group: &str, benchmark: &str) -> Option<Measured> {
        let folder = self.0.join(group).join(benchmark).join("new");
        let file = folder.join("estimates.json");
        let at = fs::metadata(&file).and_then(|data| data.modified()).ok()?;
        let Throughput::Elements(elements) = parsed::<Benchmark>(&folder.join("benchmark.json"))?.throughput;
        let nanoseconds = parsed::<Statistics>(&file)?.median.point_estimate;
        Some(Measured { rate: elements * 1e9 / nanoseconds, at })
    }
}

fn parsed<T: DeserializeOwned>(file: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_criterion() {
        let benchmark = r#"{"group_id":"names","function_id":"x","value_str":null,"throughput":{"Elements":500}}"#;
        let Throughput::Elements(elements) = serde_json::from_str::<Benchmark>(benchmark).expect("readable").throughput;
        assert!((elements - 500.0).abs() < f64::EPSILON);
        let estimates =
            r#"{"median":{"confidence_interval":{},"point_estimate":2.5,"standard_error":0.1},"slope":null}"#;
        let statistics: Statistics = serde_json::from_str(estimates).expect("readable");
        assert!((statistics.median.point_estimate - 2.5).abs() < f64::EPSILON);
    }

    #[test]
    fn nothing_was_measured() {
        assert!(Estimates::new("no such folder").read("names", "banjori").is_none());
    }
}
