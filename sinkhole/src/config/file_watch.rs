//! Whether files are other ones than those that were read.
//!
//! Files are looked at again and again instead of being told of by the system: that also works on network file systems,
//! for files that are replaced by others of the same name, and for those that are not there yet.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// What changes with a file: its place on the disk (a file that is replaced has another), its length, and when it was
/// written (seconds and nanoseconds since 1970). Nothing for a file that is not there.
type Stamp = Option<(u64, u64, u64, i64, i64)>;

/// Files, as they were when they were read.
#[derive(Debug)]
pub struct FileWatch {
    files: Vec<PathBuf>,
    /// When they were read.
    read: Vec<Stamp>,
    /// When they were looked at last.
    last: Vec<Stamp>,
}

impl FileWatch {
    /// Watches files that are about to be read.
    pub fn new(files: Vec<PathBuf>) -> Self {
        let stamps = stamps(&files);
        Self { files, read: stamps.clone(), last: stamps }
    }

    /// Looks at the files. True when one has changed since they were read, and all are as they were at the last look: a
    /// file that is being written is not taken half.
    pub fn look(&mut self) -> bool {
        let now = stamps(&self.files);
        self.is_settled(now)
    }

    /// As [`FileWatch::look`], with what was seen.
    fn is_settled(&mut self, now: Vec<Stamp>) -> bool {
        let settled = now != self.read && now == self.last;
        if settled {
            self.read.clone_from(&now);
        }
        self.last = now;
        settled
    }
}

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    let stamp = |file: &PathBuf| {
        let metadata = fs::metadata(file).ok()?;
        Some((metadata.dev(), metadata.ino(), metadata.len(), metadata.mtime(), metadata.mtime_nsec()))
    };
    files.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(length: u64) -> Vec<Stamp> {
        vec![Some((0, 0, length, 0, 0))]
    }

    #[test]
    fn a_change_counts_once_it_stays_and_only_once() {
        let mut watch = FileWatch { files: Vec::new(), read: length(1), last: length(1) };
        for (now, settled) in [
            (length(1), false),
            (length(2), false),
            (length(3), false),
            (length(3), true),
            (length(3), false),
            (vec![None], false),
            (length(3), false),
            (vec![None], false),
            (vec![None], true),
            (length(3), false),
            (length(3), true),
        ] {
            assert_eq!(watch.is_settled(now), settled);
        }
    }

    #[test]
    fn a_file_that_is_replaced_by_one_of_the_same_length_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (list, next) = (folder.path().join("list"), folder.path().join("next"));
        fs::write(&list, "a").unwrap();
        let mut watch = FileWatch::new(vec![list.clone(), folder.path().join("missing")]);
        assert!(!watch.look());
        fs::write(&next, "b").unwrap();
        fs::rename(&next, &list).unwrap();
        assert_eq!((watch.look(), watch.look(), watch.look()), (false, true, false));
    }
}
