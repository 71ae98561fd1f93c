//! `hydrabane export`: names in the forms that resolvers, sensors, sharing platforms and registrars read.

mod list;
mod names;
pub(crate) mod place;
mod summary;

use std::fs;
use std::path::PathBuf;

use export::safety::{Gate, KeepOut, Left, Models};
use export::{Context, Files, Format, Info, Process, Settings, Shelf, Takes};
use ipnet::IpNet;
use name_files::{Head, Row};

use crate::clock;
use crate::exit::{Exit, Failure};
use crate::progress::Names as Bar;
use crate::request::RequestArguments;
use crate::scenario_file::{self, Refusal};
use crate::threads::Threads;
use names::Names;
use place::{Below, Place};

/// Arguments of `hydrabane export`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = list::help())]
pub(crate) struct Arguments {
    /// The format, or `list` for all of them.
    #[arg(value_name = "FORMAT")]
    format: String,

    #[command(flatten)]
    request: RequestArguments,

    /// Names of a file instead of families: one name a line, or what `generate` wrote as CSV, JSON lines or Parquet; `-`
    /// is standard input. `--date` then says for when the export is made; without it, the beginning of the time for
    /// which `generate` made the file, or today where the file does not say.
    #[arg(long, value_name = "FILE", conflicts_with_all = NOT_WITH_INPUT)]
    input: Option<PathBuf>,

    /// The family of which the names of a plain list are said to be.
    #[arg(long, value_name = "NAME")]
    label: Option<String>,

    /// A setting of the format: `policy=nodata`. `export list` shows what each format has.
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,

    /// Names never to export, each with everything below it: a Tranco list or one name a line.
    #[arg(long, value_name = "FILE")]
    keep_out: Vec<PathBuf>,

    /// Also names of models, which no bot asks for, from `--all` and `--input`; families that are named are never held back.
    #[arg(long)]
    models: bool,

    /// Where names below a dynamic DNS or hosting provider's suffix go, in the same format; without it they are left
    /// out and counted.
    #[arg(long, value_name = "PATH")]
    providers: Option<PathBuf>,

    /// Only what has changed since the names of that day: a folder with `add` and `remove`.
    #[arg(long, value_name = "DATE", requires = "output")]
    since: Option<String>,

    /// A custom name server that bots ask directly: an address or a prefix.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    address: Vec<IpNet>,

    /// A process that betrays an infected host: `mask_svc.exe`, or `mask_svc.exe=MaskVPN`.
    #[arg(long, value_name = "IMAGE[=PROGRAM]", value_parser = process)]
    process: Vec<Process>,

    /// A scenario whose processes, and whose custom name servers' addresses, are taken too.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// Where to write it: a file (standard output without it), or a folder for formats of several files.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Replace the folder if there is one already.
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    threads: Threads,
}

/// What decides about names that are made, and means nothing for names that are read.
const NOT_WITH_INPUT: [&str; 12] =
    ["families", "all", "preset", "variant", "param", "presets", "from", "to", "days", "margin", "count", "since"];

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.format == "list" {
        return list::print();
    }
    let format = export::find(&arguments.format)?;
    let info = format.info();
    let known = match Known::of(arguments) {
        Ok(known) => known,
        Err(refusal) => return Ok(refusal.report()),
    };
    arguments.fits(info, &known)?;
    let names = Names::of(arguments, clock::now())?;
    let context = arguments.context(&names, known);
    let keep_out = arguments.keep_out()?;
    if info.blocks && arguments.keep_out.is_empty() && !names.is_empty() {
        summary::warn_of_no_keep_out();
    }
    let folder = info.files == Files::Folder || arguments.since.is_some();
    let mut place = Place::open(arguments.output.as_deref(), folder, arguments.replace)?;
    let mut apart = match &arguments.providers {
        Some(path) => Some(Place::open(Some(path), folder, arguments.replace)?),
        None => None,
    };
    let work = Work {
        format,
        context: &context,
        keep_out: &keep_out,
        models: arguments.models(),
        threads: arguments.threads.number(),
    };
    let bar = Bar::new(!place.is_terminal());
    let about = names.about();
    let mut done = 0;
    let mut each = |_: &Row<'_>| {
        done += 1;
        if done % PROGRESS == 0 {
            bar.at(done, about.max(done));
        }
        true
    };
    let left = match &arguments.since {
        None => work.hand_over(&names, &mut each, &mut place, apart.as_mut().map(|apart| apart as &mut dyn Shelf))?,
        Some(since) => {
            let before = names.since(arguments, since)?;
            let (new, old) = (names.set(&work)?, before.set(&work)?);
            let half = |names: &Names, other: &names::Set, folder: &'static str| {
                let mut apart = apart.as_ref().map(|apart| Below { folder, shelf: apart.handle() });
                let apart = apart.as_mut().map(|apart| apart as &mut dyn Shelf);
                work.hand_over(
                    names,
                    &mut |row| !other.has(row.name),
                    &mut Below { folder, shelf: place.handle() },
                    apart,
                )
            };
            let added = half(&names, &old, "add")?;
            half(&before, &new, "remove")?;
            added
        }
    };
    bar.finish();
    place.finish()?;
    apart.map_or(Ok(()), Place::finish)?;
    summary::print(&left, arguments.models(), arguments.providers.is_some());
    Ok(Exit::Done)
}

/// After so many names the bar moves.
const PROGRESS: u64 = 1 << 14;

/// What is the same for every half of an export.
struct Work<'a> {
    format: &'static dyn Format,
    context: &'a Context,
    keep_out: &'a KeepOut,
    models: Models,
    threads: usize,
}

impl Work<'_> {
    /// Writes those `names` that are `wanted`; names below a provider's suffix go to `apart`.
    fn hand_over(
        &self,
        names: &Names,
        wanted: &mut dyn FnMut(&Row<'_>) -> bool,
        place: &mut dyn Shelf,
        apart: Option<&mut dyn Shelf>,
    ) -> Result<Left, Failure> {
        let mut gate = Gate::new(self.keep_out, self.models, self.format.info());
        let mut main = self.format.begin(self.context, place)?;
        let mut apart = match apart {
            Some(place) => Some(self.format.begin(self.context, place)?),
            None => None,
        };
        names.visit(self.threads, &mut |row| {
            if wanted(row) {
                gate.admit(row, &mut *main, apart.as_mut().map(|apart| &mut **apart as _))
            } else {
                Ok(())
            }
        })?;
        main.finish()?;
        if let Some(apart) = apart {
            apart.finish()?;
        }
        Ok(gate.into_left())
    }
}

/// What is known besides names: given on the command line, then by a scenario; each thing once.
struct Known {
    addresses: Vec<IpNet>,
    processes: Vec<Process>,
}

impl Known {
    /// What `arguments` give.
    fn of(arguments: &Arguments) -> Result<Self, Refusal> {
        let mut known = Self { addresses: arguments.address.clone(), processes: arguments.process.clone() };
        let Some(path) = &arguments.scenario else { return Ok(known) };
        let scenario = scenario_file::read(path)?;
        for id in &scenario.name_servers {
            let address = scenario.world.hosts[usize::from(id.0)].address.into();
            if !known.addresses.contains(&address) {
                known.addresses.push(address);
            }
        }
        for lab::scenario::Process { image, program } in scenario.processes {
            let process = Process { image, program };
            if !known.processes.contains(&process) {
                known.processes.push(process);
            }
        }
        Ok(known)
    }
}

impl Arguments {
    /// Refuses what the format cannot do.
    fn fits(&self, info: &Info, known: &Known) -> Result<(), Failure> {
        if self.label.is_some() && self.input.is_none() {
            return Err(
                Failure::usage("`--label` names the family of a plain list").hint("give the list with `--input`")
            );
        }
        let wanted = match info.takes {
            Takes::Addresses if known.addresses.is_empty() => {
                "addresses: give `--address`, or a `--scenario` with `name-servers`"
            }
            Takes::Processes if known.processes.is_empty() => {
                "processes: give `--process`, or a `--scenario` with `processes`"
            }
            Takes::Names if !self.has_names() => "names: give families, `--all`, or a file with `--input`",
            Takes::NamesAndAddresses if !self.has_names() && known.addresses.is_empty() => {
                "names or addresses: give families, `--all`, `--input`, `--address`, or a `--scenario` with `name-servers`"
            }
            _ => {
                let none = self.output.is_none() || self.output.as_deref() == Some("-".as_ref());
                if info.files == Files::Folder && none {
                    return Err(Failure::usage(format_args!("format `{}` writes several files", info.name))
                        .hint("give `-o` a folder"));
                }
                return Ok(());
            }
        };
        Err(Failure::usage(format_args!("format `{}` is made from {wanted}", info.name)))
    }

    fn models(&self) -> Models {
        if self.models || !self.request.families.is_empty() { Models::Pass } else { Models::HoldBack }
    }

    fn has_names(&self) -> bool {
        self.request.all || !self.request.families.is_empty() || self.input.is_some()
    }

    fn context(&self, names: &Names, known: Known) -> Context {
        Context {
            head: Head::new(self.described(names)),
            at: names.at(),
            settings: Settings::new(self.set.iter().cloned()),
            addresses: known.addresses,
            processes: known.processes,
        }
    }

    /// The arguments that decide about the contents, with dates spelled out.
    fn described(&self, names: &Names) -> String {
        let mut words = vec!["export".into(), self.format.clone(), names.described(self)];
        let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
        for (key, value) in &self.set {
            option("set", format!("{key}={value}"));
        }
        for address in &self.address {
            option("address", address.to_string());
        }
        for Process { image, program } in &self.process {
            option("process", if program.is_empty() { image.clone() } else { format!("{image}={program}") });
        }
        for (name, paths) in [("scenario", self.scenario.as_slice()), ("keep-out", self.keep_out.as_slice())] {
            for path in paths {
                option(name, path.display().to_string());
            }
        }
        if let Some(day) = &self.since {
            option("since", day.clone());
        }
        words.retain(|word| !word.is_empty());
        words.join(" ")
    }

    fn keep_out(&self) -> Result<KeepOut, Failure> {
        let mut all = KeepOut::default();
        for path in &self.keep_out {
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::usage(format_args!("cannot read `{}`: {error}", path.display())))?;
            all.extend(KeepOut::read(&text).map_err(|error| {
                let failure = Failure::usage(format_args!("`{}`: {error}", path.display()));
                error.hint().map_or(failure.clone(), |hint| failure.hint(hint))
            })?);
        }
        Ok(all)
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("it must be KEY=VALUE, as in `policy=nodata`")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

fn address(text: &str) -> Result<IpNet, String> {
    let single = |_| text.parse().map(|address: std::net::IpAddr| address.into());
    let net: IpNet =
        text.parse().or_else(single).map_err(|_| "it must be an address or a prefix, as in `203.0.113.5`")?;
    if net.trunc() == net { Ok(net) } else { Err(format!("the prefix would be `{}`", net.trunc())) }
}

fn process(text: &str) -> Result<Process, String> {
    let (image, program) = text.split_once('=').unwrap_or((text, ""));
    if image.is_empty() || image.contains(|c: char| c.is_control() || "\\/:*?\"<>|".contains(c)) {
        return Err("the image is a file name, as in `mask_svc.exe`".into());
    }
    if program.contains(char::is_control) {
        return Err("the program's name has a control character".into());
    }
    Ok(Process { image: image.to_owned(), program: program.to_owned() })
}

impl From<export::Error> for Failure {
    fn from(error: export::Error) -> Self {
        let hint = error.hint();
        let failure = match error {
            export::Error::Output(error) => Self::write("the output", &error),
            export::Error::Generator(error) => return error.into(),
            error => Self::usage(error),
        };
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
