//! How names and those who make them are shown, wherever names are identified.

use chrono::{DateTime, NaiveTime, Utc};
use dga::Period;
use name_files::written;
use serde::Serialize;
use trace::Maker;
use trace::index::About;

/// Who makes a name, for machines.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MakerJson<'a> {
    family: &'a str,
    variant: &'a str,
    preset: Option<&'a str>,
    valid_from: Option<String>,
    valid_to: Option<String>,
    index: usize,
}

impl<'a> MakerJson<'a> {
    /// A maker of an index.
    pub(crate) fn new(maker: &Maker, about: &'a About) -> Self {
        let source = &about.sources[maker.source];
        Self {
            family: &source.family,
            variant: &source.variant,
            preset: source.preset.as_deref(),
            valid_from: maker.valid.from.map(written),
            valid_to: maker.valid.until.map(written),
            index: maker.index,
        }
    }
}

/// Who makes a name and when, in words.
pub(crate) fn maker(maker: &Maker, about: &About) -> String {
    format!("{}, {}, place {}", source(maker.source, about), period(maker.valid), maker.index)
}

/// A configuration in words: family, variant and preset.
pub(crate) fn source(source: usize, about: &About) -> String {
    let source = &about.sources[source];
    let preset = source.preset.as_deref().unwrap_or("-");
    format!("{} {} {}", source.family, source.variant, printable(preset))
}

/// An interval in words; its end does not belong to it.
pub(crate) fn period(period: Period) -> String {
    match (period.from, period.until) {
        (None, None) => "at any time".into(),
        (Some(from), None) => format!("from {}", short(from)),
        (None, Some(until)) => format!("until {}", short(until)),
        (Some(from), Some(until)) => format!("{} to {}", short(from), short(until)),
    }
}

/// A moment; only its date where a day begins.
fn short(at: DateTime<Utc>) -> String {
    if at.time() == NaiveTime::MIN { at.date_naive().to_string() } else { written(at) }
}

/// Text of a stranger as a terminal may show it: without what would steer the terminal.
pub(crate) fn printable(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(char::is_control) { text.escape_debug().to_string().into() } else { text.into() }
}
