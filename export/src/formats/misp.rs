//! One event of MISP.

use std::io;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::misp_event::{Envelope, Event, EventOptions, ThreatLevel};
use crate::organisation::Organisation;
use crate::repetitions::Repetitions;
use crate::shelf::{File, Shelf};
use crate::tlp::Tlp;

/// An event of MISP.
pub(super) struct Misp;

const INFO: Info = Info {
    name: "misp",
    group: Group::Sharing,
    about: "a MISP event with an object `dga-domain` for every name",
    reader: "MISP 2.4 and later with the object template `dga-domain`, PyMISP",
    use_it:
        "Event actions, Add Event, Import from…, MISP standard (JSON); or `misp.add_event(event)` in PyMISP, and for a
later export of the same names `misp.update_event(event)`: the event and its objects keep their UUIDs.
It is not published. Only the attribute `domain` is for detection and correlates.
An event of more than some ten thousand names is slow in MISP: `misp-feed` makes many.",
    files: Files::One,
    takes: Takes::Names,
    // Receivers block by attributes that are for detection.
    blocks: true,
    // A name that several families make has an object for each.
    unique: false,
    settings: &[
        Organisation::NAME,
        Organisation::ID,
        Tlp::SETTING,
        ThreatLevel::SETTING,
        Setting {
            key: "distribution",
            default: "organisation",
            about: "who sees the event on its server and beyond: organisation, community, connected or all",
        },
        Setting {
            key: "event",
            default: "the first name's family, variant and preset",
            about: "exports with the same text here update one event",
        },
    ],
    example: "misp conficker --days 7 --set tlp=amber -o conficker.json",
};

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Options {
    #[serde(flatten)]
    common: EventOptions,
    distribution: Distribution,
    event: Option<String>,
}

/// Who sees the event.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Distribution {
    /// The organisation that imports it: to let others see it is a decision of its own.
    #[default]
    Organisation,
    /// All organisations on the server.
    Community,
    /// Those on connected servers too.
    Connected,
    /// Everybody.
    All,
}

impl Distribution {
    fn level(self) -> &'static str {
        match self {
            Self::Organisation => "0",
            Self::Community => "1",
            Self::Connected => "2",
            Self::All => "3",
        }
    }
}

impl Format for Misp {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let envelope = Envelope::of_one(options.common, options.distribution.level(), context);
        let file = place.open("event.json")?;
        Ok(Box::new(OneEvent {
            envelope,
            name: options.event,
            day: context.at.date_naive().to_string(),
            state: State::Waiting(file),
            repetitions: Repetitions::default(),
        }))
    }
}

struct OneEvent {
    envelope: Envelope,
    name: Option<String>,
    day: String,
    state: State,
    repetitions: Repetitions,
}

/// The event begins with its first name, which may give it its identifier.
enum State {
    Waiting(File),
    Begun(Box<Event>),
    Broken,
}

impl OneEvent {
    fn begun(&mut self, source: [&str; 3]) -> io::Result<&mut Event> {
        if let State::Waiting(_) = self.state
            && let State::Waiting(file) = std::mem::replace(&mut self.state, State::Broken)
        {
            let id = match &self.name {
                Some(name) => self.envelope.id(&["named", name]),
                None => self.envelope.id(&source),
            };
            self.state = State::Begun(Box::new(Event::begin(file, id, &self.envelope)?));
        }
        match &mut self.state {
            State::Begun(event) => Ok(event),
            _ => Err(io::Error::other("the event could not be begun")),
        }
    }
}

impl Export for OneEvent {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if self.repetitions.is_new(row) {
            self.begun([row.family, row.variant, row.preset])?.add(row, &mut |_| Ok(()))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.begun(["", "", ""])?;
        let State::Begun(event) = self.state else { return Ok(()) };
        let malware: Vec<String> = event.malware().collect();
        let info = match malware.as_slice() {
            [] => format!("No generated names for {}", self.day),
            malware => format!("Generated names of {}, from {} on", malware.join(", "), self.day),
        };
        Ok(event.finish(&info, &self.envelope, &mut |_| Ok(()))?)
    }
}
