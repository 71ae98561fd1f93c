//! `hydrabane export list`, and the list in `export --help`.

use std::fmt::Write as _;
use std::io::Write as _;

use export::{FORMATS, Group};

use crate::exit::{Exit, Failure};

/// The text below `export --help`.
pub(super) fn help() -> String {
    let mut text = String::from("Formats, and an example of each (`export list` says more):\n");
    for group in Group::ALL {
        let _ = writeln!(text, "\n  {group}:");
        for info in FORMATS.iter().map(|format| format.info()).filter(|info| info.group == group) {
            let _ = writeln!(text, "    {:<20} {}", info.name, info.about);
            let _ = writeln!(text, "    {:<20}   hydrabane export {}", "", info.example);
        }
    }
    text
}

/// Prints every format: who reads it, what it writes, its settings, an example.
pub(super) fn print() -> Result<Exit, Failure> {
    let mut text = String::new();
    for group in Group::ALL {
        let _ = writeln!(text, "{group}\n");
        for info in FORMATS.iter().map(|format| format.info()).filter(|info| info.group == group) {
            let _ = writeln!(text, "  {}: {}", info.name, info.about);
            let _ = writeln!(text, "    read by  {}", info.reader);
            for line in info.use_it.lines() {
                let _ = writeln!(text, "    {line}");
            }
            for setting in info.settings {
                let _ = writeln!(text, "    --set {}={}  {}", setting.key, setting.default, setting.about);
            }
            let _ = writeln!(text, "    hydrabane export {}\n", info.example);
        }
    }
    anstream::stdout().write_all(text.as_bytes()).map_err(|error| Failure::write("the list", &error))?;
    Ok(Exit::Done)
}
