//! The one writer of a running sinkhole: every transport hands its events here before its answers leave.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::config::{OnFull, Store};
use crate::event::{Counters, Counts};
use crate::notice::{Notice, Notify};
use crate::store::segment::Segment;
use crate::store::{Counted, LabelId, layout};

/// A segment that has grown to this many octets is followed by a new one: large enough that a busy day has few, small
/// enough to copy. No official reference.
const SEGMENT_LIMIT: u64 = 256 * 1024 * 1024;

/// Longest label in the file, in octets. No official reference.
const LABEL_TEXT_LIMIT: usize = 255;

/// Whether an answer may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Its event is written, or `on_full` is to answer.
    Leave,
    /// Its event could not be written, and `on_full` is to stop.
    Refuse,
}

/// Writes events and counters.
#[derive(Debug)]
pub(crate) struct Recorder {
    folder: PathBuf,
    on_full: OnFull,
    notify: Notify,
    writer: Mutex<Writer>,
}

#[derive(Debug)]
struct Writer {
    segment: Segment,
    /// Full segments that are not synced yet.
    full: Vec<File>,
    /// Something was written since the last sync.
    unsynced: bool,
    /// Texts of labels; the first has number 1.
    labels: Vec<String>,
    numbers: HashMap<String, LabelId>,
    /// How many labels the segment has definitions of.
    defined: usize,
    minute: Counters,
    trouble: Trouble,
    written: u64,
    totals: Counts,
}

/// Whether events can be written.
#[derive(Debug, Default)]
struct Trouble {
    /// They cannot, and that was told. A disk that is nearly full takes small writes between large ones that it does
    /// not take, so this ends only when a whole tick went well.
    told: bool,
    /// A write failed since the last tick.
    failed: bool,
    /// A write went well since the last tick.
    wrote: bool,
    /// How many answers had gone out unrecorded before it began.
    unrecorded_before: u64,
}

impl Recorder {
    /// Begins a new segment in the folder of `store`.
    pub(crate) fn open(store: &Store, notify: Notify, at: DateTime<Utc>) -> io::Result<Self> {
        let writer = Writer {
            segment: Segment::begin(&store.folder, at)?,
            full: Vec::new(),
            unsynced: false,
            labels: Vec::new(),
            numbers: HashMap::new(),
            defined: 0,
            minute: Counters { minute: minute(at), counts: Counts::default() },
            trouble: Trouble::default(),
            written: 0,
            totals: Counts::default(),
        };
        Ok(Self { folder: store.folder.clone(), on_full: store.on_full, notify, writer: Mutex::new(writer) })
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a label, of which [`LABEL_TEXT_LIMIT`] octets are kept.
    pub(crate) fn label(&self, text: &str) -> LabelId {
        let whole = |end: &usize| text.is_char_boundary(*end);
        let text = &text[..(0..=text.len().min(LABEL_TEXT_LIMIT)).rev().find(whole).unwrap_or(0)];
        let mut writer = self.writer();
        if let Some(number) = writer.numbers.get(text) {
            return *number;
        }
        writer.labels.push(text.to_owned());
        let number = LabelId(writer.labels.len() as u32);
        writer.numbers.insert(text.to_owned(), number);
        number
    }

    /// Writes the events of `answers` answers, and says whether the answers may leave.
    pub(crate) fn record(&self, events: &[u8], answers: u64, at: DateTime<Utc>) -> Permission {
        if events.is_empty() {
            return Permission::Leave;
        }
        let mut writer = self.writer();
        match writer.write(&self.folder, events, at) {
            Ok(()) => {
                writer.written += answers;
                writer.trouble.wrote = true;
                Permission::Leave
            }
            Err(error) => {
                writer.trouble.failed = true;
                let begins = !std::mem::replace(&mut writer.trouble.told, true);
                match self.on_full {
                    OnFull::Answer => {
                        if begins {
                            writer.trouble.unrecorded_before = writer.totals.unrecorded;
                            self.notify.tell(Notice::Unrecorded { error });
                        }
                        writer.count(&self.folder, at, Counts { unrecorded: answers, ..Counts::default() });
                        Permission::Leave
                    }
                    OnFull::Stop => {
                        if begins {
                            self.notify.tell(Notice::Stopped { error });
                        }
                        writer.count(&self.folder, at, Counts { refused: answers, ..Counts::default() });
                        Permission::Refuse
                    }
                }
            }
        }
    }

    /// Counts one message.
    pub(crate) fn count(&self, counted: Counted, at: DateTime<Utc>) {
        let mut counts = Counts::default();
        match counted {
            Counted::Refused => counts.refused = 1,
            Counted::Malformed => counts.malformed = 1,
            Counted::Limited => counts.limited = 1,
            Counted::Dropped => counts.dropped = 1,
            Counted::TurnedAway => counts.turned_away = 1,
        }
        self.writer().count(&self.folder, at, counts);
    }

    /// Writes the counters of a minute that is over, and tells how many answers are missing, or that none are any more.
    pub(crate) fn tick(&self, at: DateTime<Utc>) {
        let mut writer = self.writer();
        let failed = std::mem::take(&mut writer.trouble.failed);
        let wrote = std::mem::take(&mut writer.trouble.wrote);
        if writer.trouble.told && wrote && !failed {
            writer.trouble.told = false;
            let unrecorded = writer.totals.unrecorded - writer.trouble.unrecorded_before;
            self.notify.tell(Notice::RecordingAgain { unrecorded });
        }
        if minute(at) > writer.minute.minute {
            writer.end_minute(&self.folder, at);
            if writer.trouble.told && self.on_full == OnFull::Answer {
                self.notify.tell(Notice::StillUnrecorded { total: writer.totals.unrecorded });
            }
        }
    }

    /// Syncs what was written since the last time. Writers do not wait for the disk meanwhile.
    pub(crate) fn sync(&self) -> io::Result<()> {
        let files = {
            let mut writer = self.writer();
            let mut files = std::mem::take(&mut writer.full);
            if std::mem::take(&mut writer.unsynced) {
                files.push(writer.segment.handle()?);
            }
            files
        };
        files.iter().try_for_each(File::sync_data).inspect_err(|_| self.writer().unsynced = true)
    }

    /// Writes the last counters, syncs, and says what was written: events, and what was counted.
    pub(crate) fn finish(&self, at: DateTime<Utc>) -> io::Result<(u64, Counts)> {
        let totals = {
            let mut writer = self.writer();
            writer.end_minute(&self.folder, at);
            (writer.written, writer.totals)
        };
        self.sync()?;
        Ok(totals)
    }
}

impl Writer {
    /// Writes records, with the definitions of labels that the segment does not have yet, in one write.
    fn write(&mut self, folder: &std::path::Path, records: &[u8], at: DateTime<Utc>) -> io::Result<()> {
        if self.segment.length() > SEGMENT_LIMIT {
            let next = Segment::begin(folder, at)?;
            self.full.push(self.segment.handle()?);
            self.segment = next;
            self.defined = 0;
        }
        if self.defined == self.labels.len() {
            self.segment.append(records)?;
        } else {
            let mut all = Vec::with_capacity(records.len() + 128);
            for (index, text) in self.labels.iter().enumerate().skip(self.defined) {
                layout::append_label(LabelId(index as u32 + 1), text, at, &mut all);
            }
            all.extend_from_slice(records);
            self.segment.append(&all)?;
            self.defined = self.labels.len();
        }
        self.unsynced = true;
        Ok(())
    }

    fn count(&mut self, folder: &std::path::Path, at: DateTime<Utc>, counts: Counts) {
        if minute(at) > self.minute.minute {
            self.end_minute(folder, at);
        }
        self.minute.counts = self.minute.counts.plus(counts);
        self.totals = self.totals.plus(counts);
    }

    /// Writes the counters of the minute that ends. If that fails they are carried into the next one.
    fn end_minute(&mut self, folder: &std::path::Path, at: DateTime<Utc>) {
        if !self.minute.counts.is_empty() {
            let mut record = Vec::with_capacity(128);
            layout::append_counters(&self.minute, &mut record);
            if self.write(folder, &record, at).is_ok() {
                self.minute.counts = Counts::default();
            }
        }
        self.minute.minute = minute(at);
    }
}

fn minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}

#[cfg(test)]
mod tests;
