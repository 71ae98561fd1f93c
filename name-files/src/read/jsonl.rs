//! JSON lines as they are written here.

use std::borrow::Cow;

use dga::Period;
use serde::Deserialize;

use super::Each;
use super::csv::{moment, no_time};
use super::error::{Error, REWRITE};
use super::lines::Lines;
use crate::head::Head;
use crate::row::Row;

/// A row's object. Registrable domain and suffix follow from the name.
#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    family: Cow<'a, str>,
    #[serde(borrow, default)]
    variant: Cow<'a, str>,
    #[serde(borrow, default)]
    preset: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    valid_from: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    valid_to: Option<Cow<'a, str>>,
    #[serde(default)]
    index: usize,
}

/// Takes the first line if it says who wrote the file.
pub(super) fn head(lines: &mut Lines) -> Result<Option<Head>, Error> {
    let head = lines.peek()?.and_then(|line| serde_json::from_str(line.text).ok());
    if head.is_some() {
        lines.skip();
    }
    Ok(head)
}

/// Visits every row.
pub(super) fn visit<E: From<Error>>(mut lines: Lines, visit: &mut Each<'_, E>) -> Result<(), E> {
    loop {
        let Some(line) = lines.peek()? else { return Ok(()) };
        if !line.text.trim().is_empty() {
            let wrong = |reason| line.wrong(reason, REWRITE);
            match object(line.text) {
                Ok(object) => visit(line.number, object.row().map_err(wrong))?,
                Err(reason) => visit(line.number, Err(wrong(reason)))?,
            }
        }
        lines.skip();
    }
}

fn object(line: &str) -> Result<Object<'_>, String> {
    serde_json::from_str(line).map_err(|error| {
        // Its own position is that within the line.
        let text = error.to_string();
        text.split(" at line ").next().unwrap_or(&text).to_owned()
    })
}

impl Object<'_> {
    fn row(&self) -> Result<Row<'_>, String> {
        let time = |column: &str, text: &Option<Cow<'_, str>>| match text {
            Some(text) => moment(text).map(Some).ok_or_else(|| no_time(column, text)),
            None => Ok(None),
        };
        Ok(Row {
            family: &self.family,
            variant: &self.variant,
            preset: self.preset.as_deref().unwrap_or_default(),
            name: &self.name,
            valid: Period { from: time("valid_from", &self.valid_from)?, until: time("valid_to", &self.valid_to)? },
            index: self.index,
        })
    }
}
