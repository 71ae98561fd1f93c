//! Until when each name must be registered, so that bots find the sinkhole the first time they ask.

use chrono::{DateTime, TimeDelta, Utc};
use name_files::{Row, written};
use serde::Deserialize;

use crate::context::Context;
use crate::duration::Duration;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::registration::Registration;
use crate::shelf::Shelf;
use crate::table::Table;

/// Names by day, each with the deadline of its registration.
pub(super) struct Deadlines;

const INFO: Info = Info {
    name: "deadlines",
    group: Group::Registering,
    about: "names by day, each with the time by which it must be registered",
    reader: "people, in a spreadsheet or a calendar; scripts that order names",
    use_it: "A registration reaches bots only after the registry has put it into its zone, and after caches have forgotten\n\
             that the name did not exist: deadline = valid_from - (zone-push + negative-ttl). hours_left counts from the date of\n\
             the request (`--date`, `--from`), and status is `too late` where the deadline lies before it; such a name is still\n\
             worth having if its interval (valid_to) goes on. A name that comes back has a row for every interval.",
    files: Files::One,
    takes: Takes::Names,
    blocks: false,
    unique: false,
    settings: &[
        Setting {
            key: "zone-push",
            default: "24h",
            about: "from the order to the name servers of the top-level domain: 1d, 12h, 30m, 90s. Large gTLDs take minutes, \
                    some countries write their zone once a day",
        },
        Setting {
            key: "negative-ttl",
            default: "3h",
            about: "how long a resolver remembers that a name does not exist: RFC 2308, section 5, finds one to three \
                    hours sensible",
        },
        Setting { key: "head", default: "true", about: "begin with a comment line that says where the names come from" },
    ],
    example: "deadlines conficker --from 2027-01-01 --days 7 -o deadlines.csv",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    zone_push: Duration,
    negative_ttl: Duration,
    head: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // The slowest that is usual: registries that write their zone once a day.
            zone_push: Duration::hours(24),
            // RFC 2308, section 5: values of one to three hours work well; more than a day causes trouble.
            negative_ttl: Duration::hours(3),
            head: true,
        }
    }
}

/// The columns.
const COLUMNS: [&str; 11] = [
    "day",
    "name",
    "registrable_domain",
    "suffix",
    "registry",
    "family",
    "valid_from",
    "valid_to",
    "deadline",
    "hours_left",
    "status",
];

impl Format for Deadlines {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let Options { zone_push, negative_ttl, head } = context.settings.read(&INFO)?;
        let comments: Vec<_> = head.then(|| context.head.line()).into_iter().collect();
        let table = Table::begin(place.open("deadlines.csv")?, &comments, &COLUMNS)?;
        let lead = zone_push.delta() + negative_ttl.delta();
        Ok(Box::new(Calendar { table, at: context.at, lead, last: None }))
    }
}

struct Calendar {
    table: Table,
    /// From when hours are counted.
    at: DateTime<Utc>,
    /// How long before its first use a name must be registered.
    lead: TimeDelta,
    /// What the last rows share.
    last: Option<Entry>,
}

/// What all rows of an interval share.
struct Entry {
    period: dga::Period,
    day: String,
    from: String,
    until: String,
    deadline: String,
    hours_left: String,
    status: &'static str,
}

impl Entry {
    fn new(period: dga::Period, at: DateTime<Utc>, lead: TimeDelta) -> Self {
        let text = |moment: Option<DateTime<Utc>>| moment.map(written).unwrap_or_default();
        let deadline = period.from.and_then(|from| from.checked_sub_signed(lead));
        let left = deadline.map(|deadline| deadline - at);
        Self {
            period,
            day: period.from.map(|from| from.date_naive().to_string()).unwrap_or_default(),
            from: text(period.from),
            until: text(period.until),
            deadline: text(deadline),
            hours_left: left.map(|left| whole_hours(left).to_string()).unwrap_or_default(),
            status: match left {
                _ if period.until.is_some_and(|until| until <= at) => "over",
                None => "asked for already",
                Some(left) if left < TimeDelta::zero() => "too late",
                Some(_) => "in time",
            },
        }
    }
}

/// Hours that are left in full; less than none where the time is past.
fn whole_hours(left: TimeDelta) -> i64 {
    left.num_seconds().div_euclid(3_600)
}

impl Export for Calendar {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let entry = match self.last.take().filter(|entry| entry.period == row.valid) {
            Some(entry) => entry,
            None => Entry::new(row.valid, self.at, self.lead),
        };
        let entry = self.last.insert(entry);
        let registration = Registration::of(row);
        self.table.row(&[
            &entry.day,
            row.name,
            registration.domain,
            registration.suffix,
            &registration.operator,
            row.family,
            &entry.from,
            &entry.until,
            &entry.deadline,
            &entry.hours_left,
            if registration.is_possible() { entry.status } else { "nobody can register it" },
        ])
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        self.table.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_and_what_is_left() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        let now = at("2026-11-22T00:00:00Z");
        let entry = |from: Option<&str>, until: Option<&str>| {
            let period = dga::Period { from: from.map(at), until: until.map(at) };
            let Entry { day, deadline, hours_left, status, .. } = Entry::new(period, now, TimeDelta::hours(27));
            format!("{day}|{deadline}|{hours_left}|{status}")
        };
        assert_eq!(entry(Some("2026-11-24T00:00:00Z"), None), "2026-11-24|2026-11-22T21:00:00Z|21|in time");
        assert_eq!(entry(Some("2026-11-23T03:00:00Z"), None), "2026-11-23|2026-11-22T00:00:00Z|0|in time");
        assert_eq!(entry(Some("2026-11-23T02:59:59Z"), None), "2026-11-23|2026-11-21T23:59:59Z|-1|too late");
        assert_eq!(entry(None, None), "|||asked for already");
        assert_eq!(entry(None, Some("2026-11-22T00:00:00Z")), "|||over");
    }
}
