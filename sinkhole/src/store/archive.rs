//! What becomes of sealed segments: Parquet in Hive-style folders beside them, and in time nothing.
//!
//! Files of segment 7 are `parquet/date=YYYY-MM-DD/events-000007-….parquet`; `parquet/_converted` has the number of the
//! last segment that was made into some. They go when the segment goes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::event_formats::parquet::Days;
use crate::store::reader::read_segment;
use crate::store::segment::segments;
use crate::store::{ReadError, retention};

use crate::config::Store;

/// The folder of Parquet files.
const FOLDER: &str = "parquet";

/// Makes Parquet of sealed segments and removes old ones, as `store` says. The last segment is left alone unless it is
/// sealed too. `go_on` is asked before each segment; what it forbids is left for the next time.
pub(super) fn run(
    store: &Store,
    last_too: bool,
    now: DateTime<Utc>,
    mut go_on: impl FnMut() -> bool,
) -> io::Result<()> {
    let folder = &store.folder;
    let parquet = folder.join(FOLDER);
    if store.parquet.enabled {
        let mut sealed = segments(folder)?;
        if !last_too {
            sealed.pop();
        }
        let converted = converted(&parquet)?;
        for (number, path) in sealed.into_iter().filter(|(number, _)| *number > converted) {
            if !go_on() {
                break;
            }
            convert(&parquet, number, &path)?;
        }
    }
    retention::apply(folder, store.retention, now, |number| files(&parquet, number)).map(drop)
}

/// What the names of a segment's files begin with.
fn stem(number: u64) -> String {
    format!("events-{number:06}")
}

/// Makes Parquet of one segment.
fn convert(parquet: &Path, number: u64, segment: &Path) -> io::Result<()> {
    // What an earlier attempt left is of no use.
    for file in files(parquet, number)? {
        fs::remove_file(file)?;
    }
    let mut events = read_segment(segment);
    let mut days = Days::new(parquet.to_owned(), stem(number));
    while let Some(recorded) = events.next_recorded() {
        let recorded = recorded.map_err(|error| match error {
            ReadError::Read { error, .. } => error,
            error => io::Error::other(error),
        })?;
        days.write(&recorded)?;
    }
    days.end()?;
    fs::create_dir_all(parquet)?;
    let (part, whole) = (parquet.join("_converted.part"), parquet.join("_converted"));
    let mut file = File::create(&part)?;
    writeln!(file, "{number}")?;
    file.sync_all()?;
    fs::rename(part, whole)
}

/// The number of the last segment that was made into Parquet, 0 for none.
fn converted(parquet: &Path) -> io::Result<u64> {
    match fs::read_to_string(parquet.join("_converted")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        text => Ok(text?.trim().parse().unwrap_or(0)),
    }
}

/// The files that were made of a segment.
fn files(parquet: &Path, number: u64) -> io::Result<Vec<PathBuf>> {
    let beginning = stem(number) + "-";
    let mut found = Vec::new();
    let days = match fs::read_dir(parquet) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        days => days?,
    };
    for day in days {
        let day = day?;
        if !day.file_name().to_string_lossy().starts_with("date=") {
            continue;
        }
        for file in fs::read_dir(day.path())? {
            let file = file?;
            // What is not whole has an underscore before its name.
            if file.file_name().to_string_lossy().trim_start_matches('_').starts_with(&beginning) {
                found.push(file.path());
            }
        }
    }
    Ok(found)
}
