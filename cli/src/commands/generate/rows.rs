//! Names as lines, CSV or JSON lines.

use std::borrow::Cow;
use std::io::{self, Write};

use dga::Validity;
use serde::Serialize;

use super::span::written;
use crate::exit::Failure;
use crate::output::Output;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One name a line.
    Lines,
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Where a name comes from.
pub(crate) struct Origin<'a> {
    pub(crate) family: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) preset: &'a str,
}

/// Writes names to an output.
pub(crate) enum Rows {
    Lines(Output),
    Csv(Box<csv::Writer<Output>>),
    Jsonl(Output),
}

/// One name with all that is known about it.
#[derive(Serialize)]
struct Row<'a> {
    family: &'a str,
    variant: &'a str,
    preset: Option<&'a str>,
    name: Cow<'a, str>,
    registrable_domain: Option<Cow<'a, str>>,
    public_suffix: Option<Cow<'a, str>>,
    valid_from: Option<String>,
    valid_to: Option<String>,
    index: usize,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Rows {
    /// Begins an output: says which tool made it, with which arguments.
    pub(crate) fn new(mut output: Output, format: Format, arguments: &str) -> Result<Self, Failure> {
        match format {
            Format::Lines => Ok(Self::Lines(output)),
            Format::Csv => {
                // A line break within an argument must not end the comment.
                let arguments = arguments.replace(['\n', '\r'], " ");
                writeln!(output, "# hydrabane {VERSION}, catalogue {}, {arguments}", dga::version())
                    .map_err(of_output)?;
                Ok(Self::Csv(Box::new(csv::WriterBuilder::new().from_writer(output))))
            }
            Format::Jsonl => {
                #[derive(Serialize)]
                struct Head<'a> {
                    tool: &'static str,
                    version: &'static str,
                    catalogue: String,
                    arguments: &'a str,
                }
                let head = Head { tool: "hydrabane", version: VERSION, catalogue: dga::version(), arguments };
                json_line(&mut output, &head)?;
                Ok(Self::Jsonl(output))
            }
        }
    }

    /// Writes one name.
    pub(crate) fn write(&mut self, origin: &Origin<'_>, validity: &Validity) -> Result<(), Failure> {
        match self {
            Self::Lines(output) => {
                output.write_all(validity.name.as_bytes()).and_then(|()| output.write_all(b"\n")).map_err(of_output)
            }
            Self::Csv(writer) => {
                let row = Row::new(origin, validity);
                let row = Row {
                    name: unformula(row.name),
                    registrable_domain: row.registrable_domain.map(unformula),
                    public_suffix: row.public_suffix.map(unformula),
                    ..row
                };
                writer.serialize(row).map_err(|error| of_output(error.into()))
            }
            Self::Jsonl(output) => json_line(output, &Row::new(origin, validity)),
        }
    }

    /// Ends the output.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Lines(output) | Self::Jsonl(output) => output.finish(),
            Self::Csv(writer) => {
                let failed = |error: csv::IntoInnerError<_>| of_output(io::Error::from(error.error().kind()));
                writer.into_inner().map_err(failed)?.finish()
            }
        }
    }
}

impl<'a> Row<'a> {
    fn new(origin: &Origin<'a>, validity: &'a Validity) -> Self {
        let name = validity.name.as_str();
        Self {
            family: origin.family,
            variant: origin.variant,
            preset: Some(origin.preset).filter(|preset| !preset.is_empty()),
            name: name.into(),
            registrable_domain: psl::domain_str(name).map(Cow::from),
            public_suffix: psl::suffix_str(name).map(Cow::from),
            valid_from: validity.period.from.map(written),
            valid_to: validity.period.until.map(written),
            index: validity.index,
        }
    }
}

/// Keeps a spreadsheet from taking text for a formula.
fn unformula(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text }
}

fn json_line<T: Serialize>(output: &mut Output, row: &T) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, row)
        .map_err(io::Error::from)
        .and_then(|()| output.write_all(b"\n"))
        .map_err(of_output)
}

#[allow(clippy::needless_pass_by_value)]
fn of_output(error: io::Error) -> Failure {
    Failure::write("the output", &error)
}

#[cfg(test)]
mod tests {
    use super::unformula;

    #[test]
    fn formulas_are_text() {
        for (text, expected) in [("=1+1.com", "'=1+1.com"), ("-o8illa.ru", "'-o8illa.ru"), ("a-b.com", "a-b.com")] {
            assert_eq!(unformula(text.into()), expected);
        }
    }
}
