//! Building an index: all names of a request, made on all cores, within bounded memory.

use std::io::{self, Write};
use std::path::Path;
use std::thread;

use dga::Period;
use name_files::{Head, Request};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use super::about::About;
use super::error::BuildError;
use super::foot::{Foot, LIST, MAGIC, OPEN};
use super::spill::{Entry, Spill};
use super::{Fingerprint, IndexError};

/// Entries in a bucket at most, on average; at least half as many.
const IN_A_BUCKET: u64 = 8;

/// Names between two reports of progress.
const REPORT: u64 = 1 << 16;

/// What was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Built {
    /// Names, each once for every interval of a configuration.
    pub names: u64,
    /// Lists that have these.
    pub lists: u64,
    /// Length of the index in bytes.
    pub bytes: u64,
}

/// Builds an index of all names of `request` into `output`. The bytes are the same for any number of `threads`. What does not
/// fit into memory lies in files without a name in `folder`. `progress` hears how many names of about how many are done.
///
/// # Errors
///
/// A generator fails, the index cannot be written, or the names are too many for one.
pub fn build(
    request: &Request,
    head: Head,
    threads: usize,
    folder: &Path,
    output: impl Write,
    mut progress: impl FnMut(u64, u64),
) -> Result<Built, BuildError> {
    let mut about = About::of(request, head);
    let total = request.about()?;
    let mut spill = Spill::new(folder);
    let mut lists = Lists::default();
    let mut lower = Vec::new();
    let mut done = 0;
    request.visit_by_source(threads, |source, row| {
        let list = lists.number(source, row.valid)?;
        about.sources[source].names += 1;
        lower.clear();
        lower.extend(row.name.bytes().map(|byte| byte.to_ascii_lowercase()));
        about.parents.add(&lower);
        spill.add((Fingerprint::of(&lower), list))?;
        done += 1;
        if done % REPORT == 0 {
            progress(done, total.max(done));
        }
        Ok::<_, BuildError>(())
    })?;
    write(spill, &lists, &about, threads, output)
}

/// Lists in the order in which their names come, with their numbers. Of a list whose names live on into different later ones
/// there are several: one for each end.
#[derive(Default)]
struct Lists {
    bytes: Vec<u8>,
    count: u32,
    /// The source and the beginning of the latest lists.
    begin: Option<(usize, i64)>,
    /// Their ends and numbers.
    latest: FxHashMap<i64, u32>,
}

impl Lists {
    /// The number of the list of a source with whose period an interval begins.
    fn number(&mut self, source: usize, valid: Period) -> Result<u32, BuildError> {
        let begin = valid.from.map_or(OPEN, |from| from.timestamp());
        let end = valid.until.map_or(OPEN, |until| until.timestamp());
        if self.begin != Some((source, begin)) {
            self.begin = Some((source, begin));
            self.latest.clear();
        }
        if let Some(number) = self.latest.get(&end) {
            return Ok(*number);
        }
        self.bytes.extend_from_slice(&(source as u32).to_le_bytes());
        self.bytes.extend_from_slice(&begin.to_le_bytes());
        self.bytes.extend_from_slice(&end.to_le_bytes());
        let number = self.count;
        self.count = number.checked_add(1).ok_or(BuildError::TooMany("lists"))?;
        self.latest.insert(end, number);
        Ok(number)
    }
}

/// A place in the directory.
struct Bucket {
    /// The number of its first entry.
    begin: u32,
    /// A bit for each of its entries.
    bits: u32,
}

fn write(spill: Spill, lists: &Lists, about: &About, threads: usize, output: impl Write) -> Result<Built, BuildError> {
    let total = spill.total();
    if u32::try_from(total).is_err() {
        return Err(BuildError::TooMany("names"));
    }
    let bucket_bits = (total / IN_A_BUCKET).max(1).next_power_of_two().ilog2();
    let mut output = Checked { output, digest: Xxh3::new(), written: 0 };
    output.write_all(MAGIC)?;
    let buckets = 1 << bucket_bits;
    let mut directory: Vec<Bucket> = Vec::with_capacity(buckets + 1);
    let mut entries: u32 = 0;
    let mut bytes = Vec::new();
    in_order(spill, threads, |part| {
        bytes.clear();
        for (fingerprint, list) in part {
            let bucket = fingerprint.bucket(bucket_bits);
            directory.resize_with((bucket + 1).max(directory.len()), || Bucket { begin: entries, bits: 0 });
            directory[bucket].bits |= fingerprint.bit();
            bytes.extend_from_slice(&list.to_le_bytes());
            bytes.extend_from_slice(&fingerprint.rest(bucket_bits).to_le_bytes());
            entries += 1;
        }
        output.write_all(&bytes)
    })?;
    directory.resize_with(buckets + 1, || Bucket { begin: entries, bits: 0 });
    for some in directory.chunks(1 << 16) {
        bytes.clear();
        for Bucket { begin, bits } in some {
            bytes.extend_from_slice(&begin.to_le_bytes());
            bytes.extend_from_slice(&bits.to_le_bytes());
        }
        output.write_all(&bytes)?;
    }
    output.write_all(&lists.bytes)?;
    debug_assert_eq!(lists.bytes.len(), lists.count as usize * LIST, "each list has one place");
    let description = serde_json::to_vec(about).map_err(io::Error::from)?;
    output.write_all(&description)?;
    let foot = Foot {
        entries: u64::from(entries),
        bucket_bits,
        lists: u64::from(lists.count),
        about: description.len() as u64,
        checksum: output.digest.digest(),
    };
    output.write_all(&foot.written())?;
    output.flush()?;
    Ok(Built { names: about.names(), lists: u64::from(lists.count), bytes: output.written })
}

/// Takes the parts one after the other, while the next ones are sorted.
fn in_order(spill: Spill, threads: usize, mut take: impl FnMut(Vec<Entry>) -> io::Result<()>) -> io::Result<()> {
    let mut parts = spill.into_parts().peekable();
    while parts.peek().is_some() {
        let sorted: Vec<io::Result<Vec<Entry>>> = thread::scope(|scope| {
            let at_work: Vec<_> =
                parts.by_ref().take(threads.max(1)).map(|part| scope.spawn(move || part.sorted())).collect();
            at_work
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for part in sorted {
            take(part?)?;
        }
    }
    Ok(())
}

/// Builds an index in memory.
///
/// # Errors
///
/// As [`build`]; the index itself is whole.
pub fn in_memory(
    request: &Request,
    head: Head,
    threads: usize,
    folder: &Path,
    progress: impl FnMut(u64, u64),
) -> Result<super::Index, BuildError> {
    let mut bytes = Vec::new();
    build(request, head, threads, folder, &mut bytes, progress)?;
    super::Index::of_bytes(bytes).map_err(|error| match error {
        IndexError::Read(error) => error.into(),
        error => io::Error::other(error).into(),
    })
}

/// Output whose bytes are summed up on their way.
struct Checked<W> {
    output: W,
    digest: Xxh3,
    written: u64,
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.output.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
