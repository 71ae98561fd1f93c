//! Ranges of time: each name once for every interval during which it is valid without a break.

use std::collections::VecDeque;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Error;
use crate::generate::Generate;
use crate::name::Name;
use crate::schedule::{Period, midnight};

/// How far beyond the range an interval is followed. An end that lies farther out is left open; only names that stay
/// in the list for ever, or nearly so, reach that far.
const HORIZON: Days = Days::new(400);

/// How many lists are asked for at once, and about how many names they may have together.
const LISTS_AT_ONCE: usize = 16;
const NAMES_AT_ONCE: usize = 1 << 16;

/// A part has so many lists at least: each part reads two or more lists beyond its own.
const LISTS_IN_A_PART: usize = 8;

/// Stands in the place of an index where an interval began with a list of an earlier part.
const OF_ANOTHER_PART: usize = usize::MAX;

/// A range of time, and how its names are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub until: DateTime<Utc>,
    /// Every interval becomes longer by this at both ends, for bots with wrong clocks or in other time zones.
    pub margin: TimeDelta,
    /// Only so many names of each list.
    pub limit: Option<usize>,
}

/// A name, and a maximal interval during which it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The name.
    pub name: Name,
    /// From when until when it is valid, with the margin; an open end lies beyond all that was looked at.
    pub period: Period,
    /// Its place, counted from 0, in the list with which the interval begins.
    pub index: usize,
}

/// Part of a range: the intervals that begin with some of its lists. The parts of a range one after the other are the
/// range, so that several processors can work on one generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The beginning of its first list; nothing for the first part, which also has what began before the range.
    from: Option<DateTime<Utc>>,
    /// The beginning of the next part's first list; nothing for the last part.
    until: Option<DateTime<Utc>>,
    /// About how many names it has.
    about: usize,
}

impl Part {
    /// About how many names it has.
    pub fn about(&self) -> usize {
        self.about
    }
}

impl Range {
    /// The names whose intervals (with the margin) touch the range, ordered by the beginning of the interval, then by
    /// place in the list.
    ///
    /// # Errors
    ///
    /// The range is empty, or touches years for which the family is not defined.
    pub fn validities<'a>(&self, generator: &'a dyn Generate) -> Result<Validities<'a>, Error> {
        self.validities_of(&Part { from: None, until: None, about: 0 }, generator)
    }

    /// The names of one part of the range.
    ///
    /// # Errors
    ///
    /// As [`validities`](Self::validities).
    pub fn validities_of<'a>(&self, part: &Part, generator: &'a dyn Generate) -> Result<Validities<'a>, Error> {
        Validities::new(*self, *part, generator)
    }

    /// Cuts the range where lists begin, into parts of about so many `names` each.
    ///
    /// # Errors
    ///
    /// As [`validities`](Self::validities).
    pub fn parts(&self, names: usize, generator: &dyn Generate) -> Result<Vec<Part>, Error> {
        let begin = self.begin(generator)?;
        let first = generator.period(begin)?;
        let listed = list(generator, begin, self.limit)?;
        let length = listed.len();
        let whole = |about| vec![Part { from: None, until: None, about }];
        let Period { from: Some(from), until: Some(until) } = first else { return Ok(whole(length)) };
        let last = self.last().unwrap_or(self.until);
        let lists = ((last - from).as_seconds_f64() / (until - from).as_seconds_f64()).ceil() as usize;
        let in_a_part = (names / length.max(1)).max(LISTS_IN_A_PART);
        // Lists of neighbouring days may share most of their names.
        let fresh = if until.year() > generator.info().dates.1 {
            length
        } else {
            let listed: FxHashSet<Name> = listed.into_iter().collect();
            list(generator, until, self.limit)?.iter().filter(|name| !listed.contains(*name)).count()
        };
        let step = i32::try_from(in_a_part).ok().and_then(|lists| (until - from).checked_mul(lists));
        let Some(step) = step.filter(|_| in_a_part < lists) else { return Ok(whole(length + fresh * lists)) };
        let mut parts = whole(length + fresh * in_a_part);
        let mut near = from;
        while let Some(next) = near.checked_add_signed(step).filter(|next| *next < last) {
            near = next;
            if next.year() > generator.info().dates.1 {
                break;
            }
            let cut = generator.period(next)?.from;
            if let Some(previous) = parts.last_mut()
                && cut > previous.from.or(Some(from))
            {
                previous.until = cut;
                parts.push(Part { from: cut, ..whole(fresh * in_a_part)[0] });
            }
        }
        Ok(parts)
    }

    /// A moment within the first list that is read. The margin also brings in what is valid only before the range, as
    /// far as the family is defined.
    fn begin(&self, generator: &dyn Generate) -> Result<DateTime<Utc>, Error> {
        if self.until <= self.from {
            return Err(Error::EmptyRange { from: self.from, until: self.until });
        }
        generator.period(self.from)?;
        generator.period(self.until - TimeDelta::nanoseconds(1))?;
        let defined = NaiveDate::from_ymd_opt(generator.info().dates.0, 1, 1).map(midnight);
        let widened = self.from.checked_sub_signed(self.margin).max(defined.min(Some(self.from)));
        Ok(widened.unwrap_or(self.from))
    }

    /// The first moment after the last list that is read.
    fn last(&self) -> Option<DateTime<Utc>> {
        self.until.checked_add_signed(self.margin)
    }
}

/// The names of a range, in order. See [`Range::validities`].
pub struct Validities<'a> {
    generator: &'a dyn Generate,
    range: Range,
    /// Where the lists of the part end.
    last: Option<DateTime<Utc>>,
    /// Where the next list begins; nothing when all lists of the range have been read.
    next: Option<DateTime<Utc>>,
    /// Intervals in order. One is still open if it reaches to the end of the last list that was read.
    intervals: VecDeque<Validity>,
    /// How many lists are asked for at once.
    at_once: usize,
    /// How many intervals have been given already.
    given: usize,
    /// Which interval is the latest of a name.
    latest: FxHashMap<Name, usize>,
    /// The end of the last list that was read.
    read_until: Option<DateTime<Utc>>,
}

impl<'a> Validities<'a> {
    fn new(range: Range, part: Part, generator: &'a dyn Generate) -> Result<Self, Error> {
        let begin = range.begin(generator)?;
        let begin = part.from.unwrap_or(begin);
        let first = generator.period(begin)?;
        let mut validities = Self {
            generator,
            range,
            last: part.until.or(range.last()),
            next: first.until,
            intervals: VecDeque::new(),
            at_once: 1,
            given: 0,
            latest: FxHashMap::default(),
            read_until: first.until,
        };
        let names = list(generator, begin, range.limit)?;
        validities.at_once = (NAMES_AT_ONCE / names.len().max(1)).clamp(1, LISTS_AT_ONCE);
        validities.add(first, &names, true);
        match part.from {
            None => validities.look_back(first)?,
            Some(from) => validities.leave_out_older(from)?,
        }
        Ok(validities)
    }

    /// Marks the intervals of the first list that began with an earlier one: they are of an earlier part.
    fn leave_out_older(&mut self, from: DateTime<Utc>) -> Result<(), Error> {
        let before = from - TimeDelta::nanoseconds(1);
        if before.year() < self.generator.info().dates.0 {
            return Ok(());
        }
        for name in list(self.generator, before, self.range.limit)? {
            if let Some(interval) = self.latest.get(&name).and_then(|number| self.intervals.get_mut(*number)) {
                interval.index = OF_ANOTHER_PART;
            }
        }
        Ok(())
    }

    /// Reads a list: intervals go on, and (if `new`) others begin. Returns how many go on.
    fn add(&mut self, period: Period, names: &[Name], new: bool) -> usize {
        let mut going_on = 0;
        for (index, name) in names.iter().enumerate() {
            let latest = self.latest.get(name).copied();
            if let Some(interval) = latest.and_then(|number| self.intervals.get_mut(number - self.given)) {
                if interval.period.until == period.until {
                    // A second time in the same list.
                    continue;
                }
                if interval.period.until == period.from {
                    interval.period.until = period.until;
                    going_on += 1;
                    continue;
                }
            }
            if new {
                self.latest.insert(*name, self.given + self.intervals.len());
                self.intervals.push_back(Validity { name: *name, period, index });
            }
        }
        self.read_until = period.until;
        going_on
    }

    /// Follows the intervals of the first list backwards to where they begin.
    fn look_back(&mut self, first: Period) -> Result<(), Error> {
        let horizon = self.range.from.checked_sub_days(HORIZON);
        let mut begins = first.from;
        while let Some(begin) = begins {
            let before = begin - TimeDelta::nanoseconds(1);
            if before.year() < self.generator.info().dates.0 {
                break;
            }
            let period = self.generator.period(before)?;
            let mut going_on = false;
            for (index, name) in list(self.generator, before, self.range.limit)?.iter().enumerate() {
                if let Some(interval) = self.latest.get(name).and_then(|number| self.intervals.get_mut(*number))
                    && interval.period.from == begins
                {
                    interval.period.from = period.from;
                    interval.index = index;
                    going_on = true;
                }
            }
            begins = period.from.filter(|_| going_on);
            if begins < horizon && going_on {
                for interval in self.intervals.iter_mut().filter(|interval| interval.period.from == begins) {
                    interval.period.from = None;
                }
                break;
            }
        }
        self.intervals.make_contiguous().sort_by_key(|interval| (interval.period.from, interval.index));
        for (number, interval) in self.intervals.iter().enumerate() {
            self.latest.insert(interval.name, number);
        }
        Ok(())
    }

    /// Reads the next lists, as far as the range (with the margin) goes.
    fn read_on(&mut self) -> Result<(), Error> {
        let (mut begins, mut periods) = (Vec::new(), Vec::new());
        while let Some(begin) = self.next.take() {
            if self.last.is_some_and(|last| begin >= last) || begin.year() > self.generator.info().dates.1 {
                break;
            }
            let period = self.generator.period(begin)?;
            begins.push(begin);
            periods.push(period);
            self.next = period.until;
            if periods.len() == self.at_once {
                break;
            }
        }
        let mut lists = vec![Vec::new(); periods.len()];
        self.generator.lists(&begins, self.range.limit, &mut lists)?;
        for (period, names) in periods.into_iter().zip(lists) {
            self.add(period, &names, true);
        }
        if self.next.is_none() {
            self.look_ahead()?;
        }
        Ok(())
    }

    /// Follows the intervals that are still open to where they end.
    fn look_ahead(&mut self) -> Result<(), Error> {
        let horizon = self.range.until.checked_add_days(HORIZON);
        while let Some(begin) = self.read_until {
            if begin.year() > self.generator.info().dates.1 {
                break;
            }
            let period = self.generator.period(begin)?;
            let names = list(self.generator, begin, self.range.limit)?;
            let going_on = self.add(period, &names, false);
            if going_on == 0 {
                break;
            }
            if horizon.is_some_and(|horizon| begin > horizon) {
                let open = self.intervals.iter_mut().filter(|interval| interval.period.until == period.until);
                for interval in open {
                    interval.period.until = None;
                }
                break;
            }
        }
        self.read_until = None;
        Ok(())
    }
}

impl Iterator for Validities<'_> {
    type Item = Result<Validity, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let all_read = self.next.is_none() && self.read_until.is_none();
            match self.intervals.front() {
                Some(interval) if all_read || interval.period.until != self.read_until => {
                    let interval = *interval;
                    if self.latest.get(&interval.name) == Some(&self.given) {
                        self.latest.remove(&interval.name);
                    }
                    self.intervals.pop_front();
                    self.given += 1;
                    if interval.index == OF_ANOTHER_PART {
                        continue;
                    }
                    return Some(Ok(widened(interval, self.range.margin)));
                }
                None if all_read => return None,
                _ => {
                    if let Err(error) = self.read_on() {
                        (self.next, self.read_until) = (None, None);
                        self.intervals.clear();
                        return Some(Err(error));
                    }
                }
            }
        }
    }
}

fn list(generator: &dyn Generate, at: DateTime<Utc>, limit: Option<usize>) -> Result<Vec<Name>, Error> {
    limit.map_or_else(|| generator.names(at), |limit| generator.first(at, limit))
}

fn widened(mut interval: Validity, margin: TimeDelta) -> Validity {
    let Period { from, until } = &mut interval.period;
    *from = from.and_then(|from| from.checked_sub_signed(margin));
    *until = until.and_then(|until| until.checked_add_signed(margin));
    interval
}
