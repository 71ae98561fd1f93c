//! The tables of `docs/performance.md`.

use std::fmt::Write;
use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};
use dga::{FAMILIES, Family, Scheme, Taxonomy};
use thiserror::Error;

use crate::estimates::{Estimates, Measured};
use crate::machine::Machine;
use crate::mean::geometric;
use crate::peers::PEERS;
use crate::{NAMES, PYTHON};

/// What the arithmetic families are to reach: names per second on one core, geometric mean.
const RATE: f64 = 10e6;
/// Arithmetic families whose bots mix numbers at great length; the target does not count them.
const SLOW: [&str; 2] = ["necurs", "pykspa"];
/// How much faster than the public Python generators ours are to be, geometric mean.
const RATIO: f64 = 200.0;

const BEGIN: &str = "<!-- generators: begin -->";
const END: &str = "<!-- generators: end -->";

/// Why there is no table.
#[derive(Debug, Error)]
pub enum TableError {
    /// Nothing has been measured.
    #[error("criterion has left no estimates: run `cargo bench -p hydrabane-benches` first")]
    Nothing,
    /// The text has no place for a table.
    #[error("the lines `{BEGIN}` and `{END}` are missing")]
    NoPlace,
}

/// A family, and what was measured of it.
struct Row {
    family: &'static Family,
    class: Taxonomy,
    measured: Measured,
}

impl Row {
    fn read(family: &'static Family, estimates: &Estimates) -> Option<Self> {
        let measured = estimates.read(NAMES, family.info().name)?;
        Some(Self { family, class: class(family)?, measured })
    }

    fn counts(&self) -> bool {
        self.class.scheme == Scheme::Arithmetic && !SLOW.contains(&self.family.info().name)
    }
}

/// The class of the variant that is measured: that of the first preset.
fn class(family: &Family) -> Option<Taxonomy> {
    let info = family.info();
    let configurations = family.configurations(&dga::Selection::default(), &[]).ok()?;
    let variant = info.variants.iter().position(|variant| *variant == configurations[0].variant)?;
    info.taxonomy.get(variant).or(info.taxonomy.first()).copied()
}

/// The tables of the generators as Markdown, made from criterion's estimates.
///
/// # Errors
///
/// [`TableError::Nothing`].
pub fn generators(estimates: &Estimates, machine: &Machine) -> Result<String, TableError> {
    let rows: Vec<Row> = FAMILIES.iter().filter_map(|family| Row::read(family, estimates)).collect();
    let mut text = String::new();
    let (Some(first), Some(last)) =
        (rows.iter().map(|row| day(row.measured.at)).min(), rows.iter().map(|row| day(row.measured.at)).max())
    else {
        return Err(TableError::Nothing);
    };
    let days = if first == last { last.to_string() } else { format!("{first} to {last}") };
    append(&mut text, format_args!("Measured on {days}: {machine}, one of them used. Medians.\n"));
    targets(&mut text, &rows, estimates);
    peers(&mut text, &rows, estimates);
    append(&mut text, format_args!("| Family | Class | Million names/s |\n| --- | --- | ---: |"));
    for row in &rows {
        let name = row.family.info().name;
        let mark = if row.counts() { "" } else { " \\*" };
        append(&mut text, format_args!("| {name} | {}{mark} | {} |", row.class, millions(row.measured.rate)));
    }
    append(&mut text, format_args!("\n\\* does not count for the first target."));
    let missing: Vec<_> =
        FAMILIES.iter().map(|family| family.info().name).filter(|name| is_missing(&rows, name)).collect();
    if !missing.is_empty() {
        append(&mut text, format_args!("\nNot measured: {}.", missing.join(", ")));
    }
    Ok(text)
}

/// `document` with `table` between the two lines that mark its place.
///
/// # Errors
///
/// [`TableError::NoPlace`].
pub fn replace(document: &str, table: &str) -> Result<String, TableError> {
    let (before, rest) = document.split_once(BEGIN).ok_or(TableError::NoPlace)?;
    let (_, after) = rest.split_once(END).ok_or(TableError::NoPlace)?;
    Ok(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", table.trim_end()))
}

fn targets(text: &mut String, rows: &[Row], estimates: &Estimates) {
    append(text, format_args!("| Geometric mean | Reached | Target | |\n| --- | ---: | ---: | --- |"));
    let counted = rows.iter().filter(|row| row.counts());
    if let Some(rate) = geometric(counted.clone().map(|row| row.measured.rate)) {
        let families = counted.count();
        append(
            text,
            format_args!(
                "| names/s of the {families} arithmetic families without {} | {} million | {} million | {} |",
                SLOW.join(" and "),
                millions(rate),
                RATE / 1e6,
                verdict(rate >= RATE),
            ),
        );
    }
    let public = PEERS.iter().filter_map(|peer| Some(rate_of(rows, peer.family)? / peer.public));
    if let Some(ratio) = geometric(public) {
        append(
            text,
            format_args!(
                "| against the public Python generators' figures | {ratio:.0} × | {RATIO:.0} × | {} |",
                verdict(ratio >= RATIO)
            ),
        );
    }
    let beside =
        PEERS.iter().filter_map(|peer| Some(rate_of(rows, peer.family)? / estimates.read(PYTHON, peer.family)?.rate));
    if let Some(ratio) = geometric(beside) {
        append(
            text,
            format_args!(
                "| against the Python ports in the same run | {ratio:.0} × | {RATIO:.0} × | {} |",
                verdict(ratio >= RATIO)
            ),
        );
    }
    if let Some(rate) = geometric(rows.iter().map(|row| row.measured.rate)) {
        append(text, format_args!("| names/s of all {} families | {} million | | |", rows.len(), millions(rate)));
    }
    text.push('\n');
}

fn peers(text: &mut String, rows: &[Row], estimates: &Estimates) {
    append(
        text,
        format_args!(
            "| Family | Names/s | Python port, same run | Ratio | Public generator, as seen | Ratio |\n\
             | --- | ---: | ---: | ---: | ---: | ---: |"
        ),
    );
    for peer in PEERS {
        let Some(ours) = rate_of(rows, peer.family) else { continue };
        let port = estimates.read(PYTHON, peer.family).map(|measured| measured.rate);
        append(
            text,
            format_args!(
                "| {} | {} | {} | {} | {} | {} |",
                peer.family,
                grouped(ours),
                port.map_or("not measured".into(), grouped),
                port.map_or(String::new(), |port| format!("{:.0} ×", ours / port)),
                grouped(peer.public),
                format_args!("{:.0} ×", ours / peer.public),
            ),
        );
    }
    text.push('\n');
}

fn rate_of(rows: &[Row], family: &str) -> Option<f64> {
    rows.iter().find(|row| row.family.info().name == family).map(|row| row.measured.rate)
}

fn is_missing(rows: &[Row], family: &str) -> bool {
    rate_of(rows, family).is_none()
}

fn append(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{line}");
}

fn day(at: SystemTime) -> NaiveDate {
    DateTime::<Utc>::from(at).date_naive()
}

fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "missed" }
}

/// Three significant digits.
fn millions(rate: f64) -> String {
    let millions = rate / 1e6;
    let decimals = match millions {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    format!("{millions:.decimals$}")
}

/// Three significant digits, in groups of three.
fn grouped(rate: f64) -> String {
    let unit = 10_f64.powf(rate.log10().floor() - 2.0).max(1.0);
    let digits = format!("{:.0}", (rate / unit).round() * unit);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits() {
        assert_eq!(
            ["0.567", "1.23", "12.3", "123"],
            [567_400.0, 1.234e6, 12.34e6, 123.4e6].map(millions).each_ref().map(String::as_str)
        );
        assert_eq!(
            ["1,900", "419,000", "12,300,000"],
            [1_900.0, 419_000.0, 12_345_678.0].map(grouped).each_ref().map(String::as_str)
        );
    }

    #[test]
    fn between_the_marks() {
        let document = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        assert_eq!(
            replace(&document, "new\n").expect("has a place"),
            format!("before\n{BEGIN}\n\nnew\n\n{END}\nafter\n")
        );
        assert!(replace("nothing", "new").is_err());
    }

    #[test]
    fn every_family_has_a_class() {
        for family in FAMILIES {
            assert!(class(family).is_some(), "{}", family.info().name);
        }
    }
}
