//! The one writer of a running sinkhole: every transport hands its events here before its answers leave.

use std::fs::{self, File};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::clock::ClockSource;
use crate::config::{Answer, Store};
use crate::event::Counts;
use crate::notice::{Notice, Notify, Task};
use crate::store::background::Background;
use crate::store::batch::Batch;
use crate::store::header::{Header, SegmentHash};
use crate::store::recovery::{begin, is_full, lock};
use crate::store::reserve::Reserve;
use crate::store::segment::{Digest, Segment, sync_names};
use crate::store::writer::Writer;
use crate::store::{AnswersId, Counted, LabelId, Listener, ListenerId, Protocol, archive, layout};

/// How many times its size a segment may grow to before whoever writes next begins the next one itself, because the
/// thread that should have done it does not keep up.
const OVERGROWN: u64 = 2;

/// Octets that a disk must take before a store tries again to begin: the end of one segment and the beginning of the
/// next, each in blocks of its own.
const PROBE: usize = 16 * 1024;

/// Events between two ticks (a second) up to which it is calm enough to archive: Parquet of so many takes a hundredth of a
/// processor. No official reference.
const CALM: u64 = 10_000;

/// Segments that are made into Parquet at the end at most. Of a longer backlog nobody waits for the end: the next process
/// goes on with it.
const LAST: usize = 2;

/// Whether an answer may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Its event is written, or `on_full` is to answer.
    Leave,
    /// Its event could not be written, and `on_full` is to stop.
    Refuse,
}

/// Writes events and counters. Dropped without [`Recorder::finish`], it leaves the last segment open, as a process that
/// is killed does; the next one seals it.
#[derive(Debug)]
pub struct Recorder {
    /// The threads.
    // Ends its threads before the rest goes.
    background: Background,
    /// What they share with the recorder.
    inner: Arc<Inner>,
}

/// What the recorder shares with its threads.
#[derive(Debug)]
pub(super) struct Inner {
    /// Where and how events are kept.
    pub(super) store: Store,
    /// Who is told what the operator should know.
    pub(super) notify: Notify,
    /// What writes. Held for as long as one write takes.
    writer: Mutex<Writer>,
    /// The hash of the segment, as far as it was read back. Whoever holds both locks has taken this one first.
    digest: Mutex<Digest>,
    /// Where times come from.
    clock: ClockSource,
    /// Octets in the segment, to be looked at without a lock; 0 while there is none.
    length: AtomicU64,
    /// The time of the last tick, nanoseconds since 1970.
    now: AtomicI64,
    /// Events between the last two ticks.
    rate: AtomicU64,
    /// Held as long as the store is written to.
    _lock: File,
}

impl Recorder {
    /// Puts the store's folder in order after whatever ended the last process, and begins a new segment. `answer` is
    /// written into each, as what held names are answered with.
    ///
    /// # Errors
    ///
    /// The folder cannot be read or written to, another process writes to it, or another version of the program did.
    pub fn open(
        store: &Store,
        answer: &Answer,
        notify: Notify,
        clock: ClockSource,
        at: DateTime<Utc>,
    ) -> io::Result<Self> {
        let folder = &store.folder;
        let lock = lock(folder)?;
        let reserve = Reserve::open(folder)?;
        let mut writer = Writer::new(None, reserve, answer.clone(), store.on_full, notify.clone(), at);
        match begin(folder, clock, &notify, at) {
            Ok((segment, waited)) => {
                writer.change(segment);
                writer.waited(waited)?;
            }
            // A sinkhole that is started on a full disk does what one does whose disk becomes full.
            Err(error) if is_full(&error) => {
                writer.cannot(0, error, at);
            }
            Err(error) => return Err(error),
        }
        // What waited in the reserve when the last process ended comes first.
        writer.tick(at);
        let inner = Arc::new(Inner {
            store: store.clone(),
            notify,
            clock,
            length: AtomicU64::new(writer.segment.as_ref().map_or(0, Segment::length)),
            now: AtomicI64::new(layout::nanoseconds(at)),
            rate: AtomicU64::new(0),
            writer: Mutex::new(writer),
            digest: Mutex::default(),
            _lock: lock,
        });
        Ok(Self { background: Background::start(&inner)?, inner })
    }

    /// The number of a family's or preset's text, of which 255 octets are kept.
    pub fn label(&self, text: &str) -> LabelId {
        self.inner.writer().label(text)
    }

    /// The number of a listener, for the heads of what arrives there.
    pub fn listener(&self, protocol: Protocol, address: SocketAddr) -> ListenerId {
        self.inner.writer().listener(Listener { protocol, address })
    }

    /// The number of what held names are answered with.
    pub(crate) fn answers(&self, answer: &Answer) -> AnswersId {
        self.inner.writer().answers(answer)
    }

    /// Writes all events of a batch with one write, and says whether the answers to them may leave.
    pub fn append(&self, batch: &mut Batch, at: DateTime<Utc>) -> Permission {
        if batch.is_empty() {
            return Permission::Leave;
        }
        let limit = self.inner.store.segment;
        let before = self.inner.length.load(Ordering::Relaxed);
        if before > limit.saturating_mul(OVERGROWN) {
            // What failed is told by the thread, which tries again; events go to the segment that there is.
            let _ = self.inner.roll();
        }
        let mut writer = self.inner.writer();
        let permission = writer.append(batch, at);
        let length = writer.segment.as_ref().map_or(0, Segment::length);
        self.inner.length.store(length, Ordering::Relaxed);
        drop(writer);
        if before <= limit && length > limit {
            self.background.wake();
        }
        permission
    }

    /// Counts one message.
    pub(crate) fn count(&self, counted: Counted, at: DateTime<Utc>) {
        let mut counts = Counts::default();
        counts.add(counted);
        self.count_all(&counts, at);
    }

    /// Counts the messages of a batch, at the cost of one.
    pub(crate) fn count_all(&self, counts: &Counts, at: DateTime<Utc>) {
        if !counts.is_empty() {
            self.inner.writer().count(*counts, at);
        }
    }

    /// Writes the counters of a minute that is over, or writes down those of the minute in hand, and tells how many answers
    /// are missing, or that none are any more. To be called about once a second: what was counted since the last time is
    /// lost with a killed process.
    pub fn tick(&self, at: DateTime<Utc>) {
        self.inner.now.store(layout::nanoseconds(at), Ordering::Relaxed);
        self.inner.begin(at);
        let mut writer = self.inner.writer();
        writer.tick(at);
        self.inner.rate.store(writer.rate(), Ordering::Relaxed);
    }

    /// Ends the store: writes the last counters, seals the segment, syncs it, and does what is left to do with sealed
    /// segments. Says what was written: events, and what was counted.
    ///
    /// # Errors
    ///
    /// What was written could not be synced.
    pub fn finish(&self, at: DateTime<Utc>) -> io::Result<(u64, Counts)> {
        self.background.end();
        self.inner.begin(at);
        let totals = self.inner.writer().finish(at);
        // A disk that is full does not take the seal either; then the next process seals.
        let sealed = self.inner.seal().is_ok();
        self.inner.sync()?;
        let mut left = LAST;
        let few = || {
            left.checked_sub(1).is_some_and(|rest| {
                left = rest;
                true
            })
        };
        if let Err(error) = archive::run(&self.inner.store, sealed, at, few) {
            self.inner.notify.tell(Notice::Store { task: Task::Archive, error });
        }
        Ok(totals)
    }

    /// Seals the segment and begins the next one.
    #[cfg(test)]
    pub(super) fn roll(&self) -> io::Result<()> {
        self.inner.roll()
    }

    /// The writer, for tests that take its file away.
    #[cfg(test)]
    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.inner.writer()
    }
}

impl Inner {
    /// The writer, also after a panic.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The digest, also after a panic.
    fn digest(&self) -> MutexGuard<'_, Digest> {
        self.digest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Syncs what was written since the last time. Writers do not wait for the disk meanwhile.
    pub(super) fn sync(&self) -> io::Result<()> {
        let (files, current, reserve) = {
            let mut writer = self.writer();
            let current = std::mem::take(&mut writer.unsynced).then(|| writer.segment.as_ref().map(Segment::handle));
            (std::mem::take(&mut writer.full), current.flatten(), writer.reserve.unsynced())
        };
        for (index, file) in files.iter().enumerate() {
            if let Err(error) = file.sync_data() {
                let mut writer = self.writer();
                writer.full.extend_from_slice(&files[index..]);
                writer.unsynced |= current.is_some();
                return Err(error);
            }
        }
        if let Some(file) = current {
            file.sync_data().inspect_err(|_| self.writer().unsynced = true)?;
        }
        // Behind the segments: what it does not say any more stands there.
        reserve.map_or(Ok(()), |file| file.sync_data())
    }

    /// Makes Parquet of sealed segments and removes old ones.
    pub(super) fn archive(&self, go_on: impl FnMut() -> bool) -> io::Result<()> {
        archive::run(&self.store, false, DateTime::from_timestamp_nanos(self.now.load(Ordering::Relaxed)), go_on)
    }

    /// Whether there is time to archive.
    pub(super) fn is_calm(&self) -> bool {
        self.rate.load(Ordering::Relaxed) <= CALM
    }

    /// Whether the segment has grown to its size.
    pub(super) fn is_full(&self) -> bool {
        self.length.load(Ordering::Relaxed) > self.store.segment
    }

    /// Reads back and hashes what was written, so that little is left to do when the segment is sealed.
    pub(super) fn hash(&self) -> io::Result<()> {
        self.caught_up().map(drop)
    }

    /// The digest, which has taken in what stood in the segment a moment ago.
    fn caught_up(&self) -> io::Result<MutexGuard<'_, Digest>> {
        let mut digest = self.digest();
        // A segment changes only under this lock.
        let current = self.writer().segment.as_ref().map(|segment| (segment.handle(), segment.length()));
        if let Some((file, length)) = current {
            digest.catch_up(&file, length)?;
        }
        Ok(digest)
    }

    /// Seals the segment and begins the next one. Writers wait only while the last octets are hashed. When it fails, the
    /// segment goes on.
    pub(super) fn roll(&self) -> io::Result<()> {
        let mut digest = self.caught_up()?;
        let mut writer = self.writer();
        let at = writer.now;
        let Some(segment) = &mut writer.segment else { return Ok(()) };
        let (length, sequence, file) = (segment.length(), segment.sequence(), segment.handle());
        let mut next = digest.clone();
        let previous = seal(&mut next, segment, at)?;
        let header = Header {
            number: segment.header().number + 1,
            first_sequence: segment.sequence(),
            begun: at,
            previous,
            ..*segment.header()
        };
        match Segment::begin(&self.store.folder, header) {
            Ok(segment) => {
                self.length.store(segment.length(), Ordering::Relaxed);
                writer.change(segment);
                writer.full.push(file);
                *digest = Digest::default();
                drop(writer);
                sync_names(&self.store.folder)
            }
            Err(error) => {
                segment.take_back(length, sequence);
                Err(error)
            }
        }
    }

    /// Seals the segment; nothing is written behind it.
    fn seal(&self) -> io::Result<SegmentHash> {
        let mut digest = self.caught_up()?;
        let mut writer = self.writer();
        let at = writer.now;
        writer.unsynced = true;
        let segment = writer.segment.as_mut().ok_or(io::ErrorKind::StorageFull)?;
        seal(&mut digest, segment, at)
    }

    /// Begins the first segment if the disk was too full for it and is not any more.
    fn begin(&self, at: DateTime<Utc>) {
        if self.length.load(Ordering::Relaxed) > 0 || !has_room(&self.store.folder) {
            return;
        }
        // Whoever else waits for this lock finds a digest that begins with the new segment.
        let mut digest = self.digest();
        let Ok((segment, waited)) = begin(&self.store.folder, self.clock, &self.notify, at) else { return };
        let mut writer = self.writer();
        self.length.store(segment.length(), Ordering::Relaxed);
        writer.change(segment);
        *digest = Digest::default();
        if let Err(error) = writer.waited(waited) {
            self.notify.tell(Notice::Reserve { error });
        }
    }
}

/// Whether the disk takes a little, so that it is worth the while to look at the last segment again.
fn has_room(folder: &Path) -> bool {
    let path = folder.join("probe");
    let taken = File::create(&path).and_then(|mut file| file.write_all(&[0; PROBE]));
    // It is of no use to anybody; the next probe writes over it.
    let _ = fs::remove_file(path);
    taken.is_ok()
}

/// Writes the seal; returns the hash of the whole segment.
fn seal(digest: &mut Digest, segment: &mut Segment, at: DateTime<Utc>) -> io::Result<SegmentHash> {
    digest.catch_up(&segment.handle(), segment.length())?;
    let mut record = Vec::with_capacity(128);
    layout::append_seal(&digest.hash().0, at, &mut record);
    segment.append(&mut record)?;
    digest.take_in(&record);
    Ok(digest.hash())
}

#[cfg(test)]
mod tests;
