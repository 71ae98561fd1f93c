//! Sumo Logic: a lookup table of processes, and a query that finds them in what `tasklist /fo csv` says.

use std::collections::BTreeMap;
use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::{Context, Process};
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::lookup::{LookupName, UNKNOWN};
use crate::shelf::Shelf;
use crate::sumo::{Line, comment, path};
use crate::table::Table;

/// A lookup table of processes and a query.
pub(super) struct SumoLogicTasklist;

const INFO: Info = Info {
    name: "sumologic-tasklist",
    group: Group::Watching,
    about: "Sumo Logic: processes of infected hosts, with a query over `tasklist /fo csv`",
    reader: "Sumo Logic (lookup tables, `lookup ... from path://`)",
    use_it: "On the hosts, have a script source of the collector (or a scheduled task that writes a log) run\n\
             `tasklist /fo csv`; with /svc or /v it works too, and so does a whole list in one message.\n\
             In the library: Add New, Lookup Table, upload the CSV file; both fields are strings, the primary key is\n\
             `image`. Give the table's path with `--set path=`, and paste query.sumo into a log search.\n\
             A common image name (`cloud.exe`) alone is a hint: look where the file lies before you clean.\n\
             Processes come from `--process mask_svc.exe=MaskVPN`, or from `processes:` of a `--scenario`.",
    files: Files::Folder,
    takes: Takes::Processes,
    blocks: false,
    unique: false,
    settings: &[
        Setting { key: "lookup", default: "hydrabane_processes", about: "name of the table and of its file, of a-z, 0-9 and `_`" },
        Setting {
            key: "path",
            default: "/Library/Admin Recommended/ and the table's name",
            about: "the table's path in the library",
        },
        Setting { key: "scope", default: "_sourceCategory=*tasklist*", about: "which logs are searched" },
    ],
    example: "sumologic-tasklist --process mask_svc.exe=MaskVPN --process dew_svc.exe=DewVPN \
              --process pldsvc.exe=PaladinVPN --process proxygate.exe=ProxyGate --process cloud.exe=ProxyGate \
              --process shieldsvc.exe=ShieldVPN --process shsvc.exe=ShineVPN -o 911-s5",
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    lookup: LookupName,
    path: Option<Line>,
    scope: Line,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lookup: LookupName::known("hydrabane_processes"),
            path: None,
            scope: Line::known("_sourceCategory=*tasklist*"),
        }
    }
}

/// The columns of the lookup.
const COLUMNS: [&str; 2] = ["image", "program"];

/// The first two cells of a line, `"mask_svc.exe","4312",`: the image is all before a process's number, whatever it
/// holds. The header has no number, in any language.
const CELLS: &str = r#"(?:^|[\r\n])\s*"(?<image>[^\r\n]+?)","(?<pid>\d+)","#;

impl Format for SumoLogicTasklist {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut table = Table::begin(place.open(&format!("{}.csv", options.lookup.as_str()))?, &[], &COLUMNS)?;
        for (image, programs) in by_image(&context.processes) {
            table.row(&[&image, &programs])?;
        }
        table.finish()?;
        let mut query = place.open("query.sumo")?;
        query.write_all(text(&comment(&context.head), &options).as_bytes())?;
        query.flush()?;
        Ok(Box::new(Written))
    }
}

/// Everything is written when the export begins: it has no names.
struct Written;

impl Export for Written {
    fn add(&mut self, _: &Row<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        Ok(())
    }
}

/// Each image once, in lower case as Windows compares them, with its programs.
fn by_image(processes: &[Process]) -> BTreeMap<String, String> {
    let mut images: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for Process { image, program } in processes {
        let programs = images.entry(image.to_lowercase()).or_default();
        if !program.trim().is_empty() && !programs.contains(&program.as_str()) {
            programs.push(program);
        }
    }
    let named = |programs: Vec<&str>| if programs.is_empty() { UNKNOWN.into() } else { programs.join(" or ") };
    images.into_iter().map(|(image, programs)| (image, named(programs))).collect()
}

/// The query: which hosts run which of the processes, since when and until when.
fn text(head: &str, options: &Options) -> String {
    let lines = [
        options.scope.as_str().to_owned(),
        head.to_owned(),
        format!("| parse regex \"{}\" multi", CELLS.replace('"', "\\\"")),
        "| toLowerCase(image) as image".into(),
        // As the table has them: no cell begins like a formula.
        r#"| replace(image, /^([=+\-@])/, "'$1") as image"#.into(),
        format!("| lookup program from {} on image=image", path(options.path.as_ref(), &options.lookup)),
        "| where !isBlank(program)".into(),
        "| count as lists, min(_messagetime) as first, max(_messagetime) as last by _sourceHost, image, program".into(),
        r#"| formatDate(toLong(first), "yyyy-MM-dd'T'HH:mm:ssZ") as first"#.into(),
        r#"| formatDate(toLong(last), "yyyy-MM-dd'T'HH:mm:ssZ") as last"#.into(),
        "| sort by _sourceHost, image".into(),
    ];
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::{Process, by_image};

    #[test]
    fn each_image_once() {
        let process = |image: &str, program: &str| Process { image: image.into(), program: program.into() };
        let images = by_image(&[process("A.exe", "One"), process("a.EXE", "Two"), process("a.exe", ""), process("b.exe", " "), process("b.exe", "")]);
        let images: Vec<_> = images.iter().map(|(image, programs)| (image.as_str(), programs.as_str())).collect();
        assert_eq!(images, [("a.exe", "One or Two"), ("b.exe", "unknown")]);
    }
}
