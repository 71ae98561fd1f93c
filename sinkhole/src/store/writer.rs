//! What stands between a batch of events and the segment: definitions of labels, counters of minutes, and what happens
//! when the disk is full. No locks and no threads; those are the recorder's.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::config::{Answer, OnFull};
use crate::event::{Counters, Counts};
use crate::notice::{Notice, Notify};
use crate::store::batch::Batch;
use crate::store::reserve::Reserve;
use crate::store::segment::Segment;
use crate::store::{AnswersId, LabelId, Listener, ListenerId, Permission, layout};

/// Longest label in the file, in octets. No official reference.
const LABEL_TEXT_LIMIT: usize = 255;

/// Writes to the segment of the moment.
#[derive(Debug)]
pub(super) struct Writer {
    /// None while the disk is too full to begin one.
    pub(super) segment: Option<Segment>,
    /// Sealed segments that are not synced yet.
    pub(super) full: Vec<Arc<File>>,
    /// Something was written since the last sync.
    pub(super) unsynced: bool,
    /// The latest time that anybody gave.
    pub(super) now: DateTime<Utc>,
    /// What held names are answered with; the first has number 1.
    answers: Vec<Answer>,
    /// What happens when events cannot be written.
    on_full: OnFull,
    /// Who is told.
    notify: Notify,
    /// Where counters wait for the end of their minute, or for the disk.
    pub(super) reserve: Reserve,
    /// Texts of labels; the first has number 1.
    labels: Vec<String>,
    /// Numbers of the texts.
    numbers: HashMap<String, LabelId>,
    /// Listeners; the first has number 1.
    listeners: Vec<Listener>,
    /// How many answers, listeners and labels the segment has definitions of.
    defined: (usize, usize, usize),
    /// What was counted in the minute in hand.
    minute: Counters,
    /// How much of that is written down in the reserve.
    held: Counts,
    /// Whether events can be written.
    trouble: Trouble,
    /// How many events were written.
    written: u64,
    /// How many of them before the last tick.
    ticked: u64,
    /// Everything that was counted.
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

impl Writer {
    /// Writes to `segment`, which has no records yet.
    pub(super) fn new(
        segment: Option<Segment>,
        reserve: Reserve,
        answer: Answer,
        on_full: OnFull,
        notify: Notify,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            segment,
            full: Vec::new(),
            unsynced: true,
            now: at,
            answers: vec![answer],
            on_full,
            notify,
            reserve,
            labels: Vec::new(),
            numbers: HashMap::new(),
            listeners: Vec::new(),
            defined: (0, 0, 0),
            minute: Counters { minute: minute(at), counts: Counts::default() },
            held: Counts::default(),
            trouble: Trouble::default(),
            written: 0,
            ticked: 0,
            totals: Counts::default(),
        }
    }

    /// The number of a text, of which [`LABEL_TEXT_LIMIT`] octets are kept. When there are no more numbers, further
    /// texts have none.
    pub(super) fn label(&mut self, text: &str) -> LabelId {
        let whole = |end: &usize| text.is_char_boundary(*end);
        let text = &text[..(0..=text.len().min(LABEL_TEXT_LIMIT)).rev().find(whole).unwrap_or(0)];
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let Ok(number) = u16::try_from(self.labels.len() + 1).map(LabelId) else { return LabelId::NONE };
        self.labels.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The number of a listener. When there are no more numbers, further ones have none.
    pub(super) fn listener(&mut self, listener: Listener) -> ListenerId {
        let known = self.listeners.iter().position(|known| *known == listener);
        let Ok(number) = u16::try_from(known.unwrap_or(self.listeners.len()) + 1) else { return ListenerId::NONE };
        if known.is_none() {
            self.listeners.push(listener);
        }
        ListenerId(number)
    }

    /// The number of what held names are answered with. When there are no more numbers, further answers have none.
    pub(super) fn answers(&mut self, answer: &Answer) -> AnswersId {
        let known = self.answers.iter().position(|known| known == answer);
        let Ok(number) = u16::try_from(known.unwrap_or(self.answers.len()) + 1) else { return AnswersId::NONE };
        if known.is_none() {
            self.answers.push(answer.clone());
        }
        AnswersId(number)
    }

    /// Writes a batch, and says whether the answers to its events may leave.
    pub(super) fn append(&mut self, batch: &mut Batch, at: DateTime<Utc>) -> Permission {
        self.now = at;
        match self.write(&mut batch.octets, at) {
            Ok(()) => {
                self.written += batch.len();
                self.trouble.wrote = true;
                Permission::Leave
            }
            Err(error) => self.cannot(batch.len(), error, at),
        }
    }

    /// What happens to answers whose events could not be written.
    pub(super) fn cannot(&mut self, answers: u64, error: io::Error, at: DateTime<Utc>) -> Permission {
        self.trouble.failed = true;
        let begins = !std::mem::replace(&mut self.trouble.told, true);
        let permission = match self.on_full {
            OnFull::Answer => {
                if begins {
                    self.trouble.unrecorded_before = self.totals.unrecorded;
                    self.notify.tell(Notice::Unrecorded { error });
                }
                self.count(Counts { unrecorded: answers, ..Counts::default() }, at);
                Permission::Leave
            }
            OnFull::Stop => {
                if begins {
                    self.notify.tell(Notice::Stopped { error });
                }
                self.count(Counts { refused: answers, ..Counts::default() }, at);
                Permission::Refuse
            }
        };
        // The counts must survive a killed process, as events would have.
        self.set_counters_aside();
        permission
    }

    /// Writes records in one write, after what the segment must say before them.
    fn write(&mut self, records: &mut [u8], at: DateTime<Utc>) -> io::Result<()> {
        let segment = self.segment.as_mut().ok_or(io::ErrorKind::StorageFull)?;
        let known = (self.answers.len(), self.listeners.len(), self.labels.len());
        if self.defined != known {
            let (answers, listeners, labels) = self.defined;
            let mut before = Vec::new();
            for (index, answer) in self.answers.iter().enumerate().skip(answers) {
                layout::append_answers(AnswersId(index as u16 + 1), answer, at, &mut before);
            }
            for (index, listener) in self.listeners.iter().enumerate().skip(listeners) {
                layout::append_listener(ListenerId(index as u16 + 1), *listener, at, &mut before);
            }
            for (index, text) in self.labels.iter().enumerate().skip(labels) {
                layout::append_label(LabelId(index as u16 + 1), text, at, &mut before);
            }
            segment.append(&mut before)?;
            self.unsynced = true;
            self.defined = known;
        }
        segment.append(records)?;
        self.unsynced = true;
        Ok(())
    }

    /// Goes on in another segment.
    pub(super) fn change(&mut self, segment: Segment) {
        self.defined = (0, 0, 0);
        self.unsynced = true;
        self.segment = Some(segment);
    }

    /// Adds to the counters of the minute.
    pub(super) fn count(&mut self, counts: Counts, at: DateTime<Utc>) {
        self.now = at;
        if minute(at) != self.minute.minute {
            self.end_minute(at);
        }
        self.minute.counts = self.minute.counts.plus(counts);
        self.totals = self.totals.plus(counts);
    }

    /// How many events were written since this was asked last.
    pub(super) fn rate(&mut self) -> u64 {
        self.written - std::mem::replace(&mut self.ticked, self.written)
    }

    /// Writes the counters of a minute that is over, or writes down those of the minute in hand, and tells how many answers
    /// are missing, or that none are any more.
    pub(super) fn tick(&mut self, at: DateTime<Utc>) {
        self.now = at;
        let failed = std::mem::take(&mut self.trouble.failed);
        let wrote = std::mem::take(&mut self.trouble.wrote);
        if self.trouble.told && wrote && !failed {
            self.trouble.told = false;
            let unrecorded = self.totals.unrecorded - self.trouble.unrecorded_before;
            self.notify.tell(Notice::RecordingAgain { unrecorded });
        }
        if !self.trouble.told {
            self.take_counters_back();
        }
        if minute(at) != self.minute.minute {
            self.end_minute(at);
            if self.trouble.told && self.on_full == OnFull::Answer {
                self.notify.tell(Notice::StillUnrecorded { total: self.totals.unrecorded });
            }
        }
        if self.held != self.minute.counts && self.reserve.hold(&self.minute).is_ok() {
            self.held = self.minute.counts;
        }
    }

    /// Writes the counters of the minute that ends. They pass through the reserve, where most of them stand already, so
    /// that a killed process counts them once. If it does not take them they are carried into the next minute. A clock that
    /// was set back ends a minute too.
    fn end_minute(&mut self, at: DateTime<Utc>) {
        self.set_counters_aside();
        if !self.trouble.told {
            self.take_counters_back();
        }
        self.write_counters();
        self.minute.minute = minute(at);
    }

    /// Writes the minute's counters if the reserve did not take them.
    fn write_counters(&mut self) {
        if self.minute.counts.is_empty() {
            return;
        }
        // An earlier part of them may be held there: it must not count when the process ends here.
        let generation = if self.reserve.waiting().is_empty() { self.reserve.generation() } else { 0 };
        let mut record = Vec::with_capacity(128);
        layout::append_counters(&self.minute, generation, &mut record);
        if self.write(&mut record, self.now).is_ok() {
            (self.minute.counts, self.held) = Default::default();
            if generation > 0 {
                self.forget_what_waited();
            }
        }
    }

    /// Moves the minute's counters to the reserve.
    fn set_counters_aside(&mut self) {
        if !self.minute.counts.is_empty() && self.reserve.add(&self.minute).is_ok() {
            (self.minute.counts, self.held) = Default::default();
        }
    }

    /// Moves what waits in the reserve to the segment.
    fn take_counters_back(&mut self) {
        if self.reserve.waiting().is_empty() {
            return;
        }
        // What is held of the minute in hand would be forgotten with the others.
        self.set_counters_aside();
        let mut records = Vec::new();
        for counters in self.reserve.waiting() {
            layout::append_counters(counters, self.reserve.generation(), &mut records);
        }
        // Counted once only: a process that ends between the two leaves the generation in the segment.
        if self.write(&mut records, self.now).is_ok() {
            self.forget_what_waited();
        }
    }

    /// Clears the reserve, whose counters stand in the segment.
    fn forget_what_waited(&mut self) {
        if let Err(error) = self.reserve.clear() {
            self.notify.tell(Notice::Reserve { error });
        }
    }

    /// Forgets what waits in the reserve if the last segment has it: a process was killed between the two.
    pub(super) fn waited(&mut self, generation: u32) -> io::Result<()> {
        if generation >= self.reserve.generation() { self.reserve.clear_after(generation) } else { Ok(()) }
    }

    /// Writes the last counters, and says what was written: events, and what was counted.
    pub(super) fn finish(&mut self, at: DateTime<Utc>) -> (u64, Counts) {
        self.now = at;
        self.set_counters_aside();
        self.take_counters_back();
        self.write_counters();
        (self.written, self.totals)
    }
}

/// The first instant of the minute of `at`.
pub(super) fn minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}
