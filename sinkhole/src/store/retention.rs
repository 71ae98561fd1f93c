//! Which sealed segments are removed, oldest first: those that are too old, and those that are too much. What is needed
//! to verify the ones that stay goes into the ledger first.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::config::Retention;
use crate::store::header::{HEADER, Header};
use crate::store::ledger::{self, Removed, Why};
use crate::store::segment::{segments, sync_names};

/// Removes what `retention` says must go from the store in `folder`; returns how many segments that were. The last
/// segment always stays. `companions` are the files that were made of a segment and go with it.
pub(super) fn apply(
    folder: &Path,
    retention: Retention,
    now: DateTime<Utc>,
    companions: impl Fn(u64) -> io::Result<Vec<PathBuf>>,
) -> io::Result<u64> {
    if !retention.enabled {
        return Ok(0);
    }
    let segments = segments(folder)?;
    let mut sizes = Vec::with_capacity(segments.len());
    for (number, path) in &segments {
        let mut size = fs::metadata(path)?.len();
        for companion in companions(*number)? {
            size += fs::metadata(companion)?.len();
        }
        sizes.push(size);
    }
    let mut total: u64 = sizes.iter().sum();
    let known = ledger::read(folder)?;
    let mut count = 0;
    for (pair, size) in segments.windows(2).zip(sizes) {
        let [(number, path), (_, behind)] = pair else { break };
        // What does not chain is for a person to look at, not for us to remove.
        let (Some(header), Some(next)) = (header(path)?, header(behind)?) else { break };
        if next.number != number + 1 || header.store != next.store {
            break;
        }
        let why = if now - next.begun > retention.age {
            Why::Age
        } else if total > retention.size {
            Why::Size
        } else {
            break;
        };
        if !known.iter().any(|removed| removed.segment == *number && removed.store == header.store) {
            let removed = Removed {
                segment: *number,
                store: header.store,
                first_sequence: header.first_sequence,
                records: next.first_sequence - header.first_sequence,
                sha256: next.previous,
                begun: header.begun,
                sealed: next.begun,
                removed: now,
                why,
            };
            ledger::add(folder, &removed)?;
        }
        for companion in companions(*number)? {
            fs::remove_file(companion)?;
        }
        fs::remove_file(path)?;
        total = total.saturating_sub(size);
        count += 1;
    }
    if count > 0 {
        sync_names(folder)?;
    }
    Ok(count)
}

/// The header of a segment; nothing if it cannot be used.
fn header(path: &Path) -> io::Result<Option<Header>> {
    let mut octets = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut octets)?;
    Ok(Header::read(&octets).ok())
}
