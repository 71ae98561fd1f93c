//! The report for programs: pretty JSON in a stable order, under a versioned schema.

use serde::Serialize;

use super::{Subject, visible};
use crate::outcome::Outcome;

/// Name and version of the JSON report's schema. The number grows when a reader of the former one could go wrong.
pub const SCHEMA: &str = "hydrabane.report/1";

/// The whole document, in the order in which it is written.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'play> {
    schema: &'static str,
    tool_version: &'play str,
    catalogue_version: &'play str,
    scenario: &'play str,
    about: &'play str,
    seed: u64,
    scenario_hash: &'play str,
    mode: String,
    bots: u64,
    start: String,
    end: String,
    days: f64,
    outcome: &'play Outcome,
}

/// The report as JSON, with a newline at its end. Characters that could steer a terminal are written as `\u` escapes.
pub fn render(subject: &Subject, outcome: &Outcome) -> String {
    let document = Document {
        schema: SCHEMA,
        tool_version: &subject.tool_version,
        catalogue_version: &subject.catalogue_version,
        scenario: &subject.scenario,
        about: &subject.about,
        seed: subject.seed,
        scenario_hash: &subject.hash,
        mode: subject.mode.to_string(),
        bots: subject.bots,
        start: subject.start.to_string(),
        end: subject.end.to_string(),
        days: subject.days(),
        outcome,
    };
    let json = serde_json::to_string_pretty(&document)
        .unwrap_or_else(|error| unreachable!("text, numbers and lists can always be written as JSON: {error}"));
    let mut json = visible::json(&json);
    json.push('\n');
    json
}
