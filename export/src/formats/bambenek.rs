//! CSV in the manner of the DGA feed that Bambenek Consulting published: name, description, date, reference.

use std::collections::HashMap;
use std::io::Write;

use chrono::{Days, NaiveDate};
use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::malware::{Malware, MalwareKey};
use crate::repetitions::Repetitions;
use crate::shelf::{File, Shelf};

/// Lines like those of Bambenek's feed.
pub(super) struct Bambenek;

const INFO: Info = Info {
    name: "bambenek",
    group: Group::Sharing,
    about: "CSV like Bambenek's DGA feed: name, description, date, reference; -2 to +3 days",
    reader: "IntelMQ (parser Bambenek), MISP (CSV feed), spreadsheets, scripts that read `dga-feed.txt`",
    use_it:
        "The feed of a day has the names from two days before to three days after it: a range of six days that begins
two days before, as in `--from $(date -u -d '-2 days' +%F) --days 6`. Later names are refused unless `window=false`.
A date is the first day of the range on which the name is valid; times are UTC.
Serve it as `dga-feed.txt`; comment lines begin with `#`. IntelMQ takes the malware's name from what stands after the
last slash of the reference.",
    files: Files::One,
    takes: Takes::Names,
    // Receivers block by it.
    blocks: true,
    // A name that several families make stands there for each.
    unique: false,
    settings: &[Setting {
        key: "window",
        default: "true",
        about: "refuse names that are only valid later than six days after the range begins",
    }],
    example: "bambenek conficker --from 2026-11-20 --days 6 -o dga-feed.txt",
};

/// The window of the feed, in days before and after the day of which it is.
const BEFORE: u64 = 2;
const AFTER: u64 = 3;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    window: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { window: true }
    }
}

impl Format for Bambenek {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut file = place.open("dga-feed.txt")?;
        let begin = context.at.date_naive();
        let later = |days| begin.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        let (day, last) = (later(BEFORE), later(BEFORE + AFTER));
        let rule = "#".repeat(61);
        writeln!(file, "{rule}\n## Domain feed of known DGA domains\n##\n## {}", context.head.line())?;
        if options.window {
            writeln!(file, "## {begin} to {last}: -{BEFORE} to +{AFTER} days of {day}")?;
        } else {
            writeln!(file, "## From {begin} on")?;
        }
        writeln!(file, "## All times are in UTC\n{rule}")?;
        Ok(Box::new(Feed {
            file,
            begin,
            last: options.window.then_some(last),
            malware: HashMap::new(),
            repetitions: Repetitions::default(),
        }))
    }
}

struct Feed {
    file: File,
    begin: NaiveDate,
    last: Option<NaiveDate>,
    /// Description and reference.
    malware: HashMap<MalwareKey, (String, String)>,
    repetitions: Repetitions,
}

impl Export for Feed {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if !self.repetitions.is_new(row) {
            return Ok(());
        }
        let date = row.valid.from.map_or(self.begin, |from| from.date_naive().max(self.begin));
        if let Some(last) = self.last.filter(|last| date > *last) {
            return Err(Error::Setting {
                format: INFO.name,
                reason: format!("`{}` is not valid before {date}, and the feed ends with {last}", row.name),
                hint: "a feed is of six days, two before its day and three after it: `--days 6`; `--set window=false` \
                       takes all names"
                    .into(),
            });
        }
        let (family, preset) = Malware::key(row);
        let (who, reference) = self.malware.entry((family.to_owned(), preset.to_owned())).or_insert_with(|| {
            let malware = Malware::of(row);
            let who = if malware.is_model { "Domain of the model" } else { "Domain used by" };
            (format!("{who} {}", plain(&malware.name)), reference(&malware))
        });
        let (variant, preset, day) = (plain(row.variant), plain(row.preset), date.format("%d %b %Y"));
        let configuration = if preset.is_empty() { variant } else { format!("{variant} {preset}") };
        writeln!(self.file, "{},{who} - DGA {configuration} for {day},{date},{reference}", row.name)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.file.flush()?)
    }
}

/// Where the malware is described, ending with its name, which readers of the feed take from there.
fn reference(malware: &Malware) -> String {
    let link = malware.links().next().map(|link| link.replace(',', "%2C").replace('"', "%22"));
    let name = malware.name.replace(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c), "-");
    link.map_or_else(String::new, |link| format!("{}#/{name}", link.split('#').next().unwrap_or(&link)))
}

/// A text without commas, quotes and control characters: many readers of the feed split its lines at every comma.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() || ",\"".contains(c), " ")
}
