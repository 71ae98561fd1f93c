//! `hydrabane generate`: the names of families, for a date or a range.

mod rows;
mod span;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use dga::{Configuration, Generate, Name, Parameter, Period, PresetFile, Selection, Validity, find};

use crate::catalogue::WordListArguments;
use crate::clock;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use rows::{Format, Origin, Rows};
use span::{Span, SpanOptions};

/// Arguments of `hydrabane generate`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// Families by name or alias; `hydrabane families` lists them.
    #[arg(required = true, value_name = "FAMILY")]
    families: Vec<String>,

    /// A known configuration by name, or `all`; by default the family's first, unless a variant or parameters are given.
    #[arg(long, value_name = "PRESET")]
    preset: Vec<String>,

    /// A variant by name; all else has the specification's defaults unless a preset is named.
    #[arg(long, value_name = "VARIANT")]
    variant: Option<String>,

    /// A parameter and its value, as YAML: `seed=0x1f`, `tlds=[com, net]`.
    #[arg(long, value_name = "KEY=VALUE", value_parser = parameter)]
    param: Vec<(String, Parameter)>,

    /// A YAML file with presets of your own, in the form of the catalogue's.
    #[arg(long, value_name = "FILE")]
    presets: Option<PathBuf>,

    #[command(flatten)]
    word_lists: WordListArguments,

    #[command(flatten)]
    span: SpanOptions,

    /// Only the first N names of each list, or more than the list has where only a setting ends it.
    #[arg(long, value_name = "N")]
    count: Option<usize>,

    /// What to write.
    #[arg(long, value_name = "FORMAT", default_value = "lines")]
    format: Format,

    /// Where to write it; standard output without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

const HELP: &str = "\
With one date (today, if none is given), each list is written as the bot makes it, in its order, with repetitions.
With a range, each name of a preset is written once for every interval during which it is valid without a break, ordered
by the interval's beginning, then by place in the list. `--to D` includes day D. Names that are valid only outside of the
range are included as far as `--margin` reaches.

Formats:
  lines  one name a line, nothing else
  csv    a comment line `# hydrabane VERSION, catalogue VERSION, ARGUMENTS`, a header, and a row for each name: family,
         variant, preset, name, registrable_domain, public_suffix, valid_from, valid_to, index. A field that a spreadsheet
         would take for a formula (beginning with = + - @) has an apostrophe before it.
  jsonl  an object with tool, version, catalogue and arguments, then one object for each name with the fields of csv

A file for `--presets` has one YAML document for each family:
  family: ramnit
  presets:
    - { name: mine, variant: v1, parameters: { seed: 0x1f, tlds: [com] }, first-seen: 2026-11, source: our sandbox }

valid_to is exclusive. An end is open (empty, or null) for families without date, and where it lies more than 400 days
outside of the range. index is the name's place, from 0, in the list with which its interval begins.";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let span = arguments.span.meaning(clock::now())?;
    let words = arguments.word_lists.word_lists();
    let own = own_presets(arguments)?;
    let mut generators = Vec::new();
    let mut warned = Vec::new();
    for name in &arguments.families {
        let family = find(name)?;
        for selection in selections(arguments) {
            for configuration in family.configurations(&selection, &own)? {
                let generator = family.bind_configuration(&configuration, &words)?;
                // Before any output: the date may be one for which the family is not defined.
                span.check(&*generator)?;
                if !warned.contains(&generator.family()) && span.is_too_early(&*generator) {
                    warn_of_early(&*generator);
                    warned.push(generator.family());
                }
                generators.push((configuration, generator));
            }
        }
    }
    let mut rows =
        Rows::new(Output::open(arguments.output.as_deref())?, arguments.format, &described(arguments, &span))?;
    for (configuration, generator) in &generators {
        write(&mut rows, configuration, &**generator, &span, arguments.count)?;
    }
    rows.finish()?;
    Ok(Exit::Done)
}

/// Says that the family did not exist at the time that is asked for: its names are computed, but no bot asked for them.
fn warn_of_early(generator: &dyn Generate) {
    let Some(first) = generator.info().active.0 else { return };
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let mut stderr = anstream::stderr().lock();
    // Standard error may be closed; the names are right all the same.
    let _ = writeln!(
        stderr,
        "{yellow}warning{yellow:#}: family `{}` was first seen in {first}; no bot is known to have asked for these names",
        generator.family(),
    );
}

/// How many names are made before they are written.
const BATCH: usize = 1024;

fn write(
    rows: &mut Rows,
    configuration: &Configuration,
    generator: &dyn Generate,
    span: &Span,
    count: Option<usize>,
) -> Result<(), Failure> {
    let origin = Origin {
        family: generator.family(),
        variant: generator.variant(),
        preset: configuration.preset.as_deref().unwrap_or_default(),
    };
    match span {
        Span::Moment { at, margin } => {
            let period = generator.period(*at)?;
            let widened = Period {
                from: period.from.and_then(|from| from.checked_sub_signed(*margin)),
                until: period.until.and_then(|until| until.checked_add_signed(*margin)),
            };
            let wanted = count.or(generator.length()).unwrap_or(usize::MAX);
            let mut list = generator.list(*at)?;
            let mut batch: Vec<Name> = Vec::with_capacity(BATCH.min(wanted));
            let mut written = 0;
            while written < wanted {
                batch.clear();
                list.fill(BATCH.min(wanted - written), &mut batch);
                if batch.is_empty() {
                    break;
                }
                for (index, name) in batch.iter().enumerate() {
                    rows.write(&origin, &Validity { name: *name, period: widened, index: written + index })?;
                }
                written += batch.len();
            }
        }
        Span::Range(range) => {
            for validity in (dga::Range { limit: count, ..*range }).validities(generator)? {
                rows.write(&origin, &validity?)?;
            }
        }
    }
    Ok(())
}

fn selections(arguments: &Arguments) -> Vec<Selection> {
    let selection = |preset| Selection {
        preset,
        variant: arguments.variant.clone(),
        params: arguments.param.iter().cloned().collect(),
    };
    match arguments.preset.as_slice() {
        [] => vec![selection(None)],
        presets => presets.iter().map(|preset| selection(Some(preset.clone()))).collect(),
    }
}

fn own_presets(arguments: &Arguments) -> Result<Vec<PresetFile>, Failure> {
    let Some(path) = &arguments.presets else { return Ok(Vec::new()) };
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::usage(format_args!("cannot read `{}`: {error}", path.display())))?;
    PresetFile::read(&text).map_err(|error| {
        let failure = Failure::usage(format_args!("`{}`: {error}", path.display()));
        failure.hint(error.hint().unwrap_or_else(|| {
            "a file of presets has `family: NAME` and `presets:`, a list of name, variant, parameters and source".into()
        }))
    })
}

fn parameter(text: &str) -> Result<(String, Parameter), String> {
    let (name, value) = text.split_once('=').ok_or("it must be KEY=VALUE, as in `seed=0x1f`")?;
    Ok((name.trim().to_owned(), Parameter::Text(value.to_owned())))
}

/// The arguments that decide about the names, with the date spelled out.
fn described(arguments: &Arguments, span: &Span) -> String {
    let mut words: Vec<String> = vec!["generate".into()];
    words.extend(arguments.families.iter().cloned());
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
    for preset in &arguments.preset {
        option("preset", preset.clone());
    }
    if let Some(variant) = &arguments.variant {
        option("variant", variant.clone());
    }
    for (name, value) in &arguments.param {
        if let Parameter::Text(text) = value {
            option("param", format!("{name}={text}"));
        }
    }
    if let Some(path) = &arguments.presets {
        option("presets", path.display().to_string());
    }
    for (name, value) in span.described() {
        option(name, value);
    }
    if let Some(count) = arguments.count {
        option("count", count.to_string());
    }
    words.join(" ")
}
