//! `hydrabane sinkhole report`.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;
use sinkhole::Report;
use sinkhole::report::{Count, Reporter};

use crate::commands::sinkhole::{ConfigurationFile, warn_left_out, write};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Names that the text shows; JSON has them all.
const NAMES_SHOWN: usize = 20;

/// Arguments of `hydrabane sinkhole report`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    file: ConfigurationFile,

    /// How to write it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Where to; standard output by default.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How to write a report.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One object with everything that was counted.
    Json,
}

/// What JSON begins with: who wrote it, and the version of its fields.
#[derive(Serialize)]
struct Document<'a> {
    tool: &'static str,
    version: &'static str,
    catalogue: String,
    schema: &'static str,
    #[serde(flatten)]
    report: &'a Report,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut output = Output::open(arguments.output.as_deref())?;
    let mut events = arguments.file.events()?;
    let mut reporter = Reporter::default();
    for event in events.by_ref() {
        reporter.add(&event?);
    }
    reporter.add_left_out(events.left_out());
    warn_left_out(&events);
    let report = reporter.finish();
    match arguments.format {
        Format::Text => write(&mut output, &text(&report))?,
        Format::Json => {
            let document = Document {
                tool: "hydrabane",
                version: env!("CARGO_PKG_VERSION"),
                catalogue: dga::version(),
                schema: "sinkhole-report/1",
                report: &report,
            };
            serde_json::to_writer_pretty(&mut output, &document)
                .map_err(|error| Failure::write("the report", &error.into()))?;
            write(&mut output, "\n")?;
        }
    }
    output.finish()?;
    Ok(Exit::Done)
}

/// The report for people. Names come escaped from the library; labels are escaped here.
fn text(report: &Report) -> String {
    let mut text = String::new();
    let (Some(first), Some(last)) = (report.first, report.last) else {
        return "no events\n".to_owned();
    };
    let dns = &report.dns;
    let hosts = &report.hosts;
    // Writing to a string cannot fail.
    let _ = writeln!(text, "events from {} to {}\n", first.format("%F %T UTC"), last.format("%F %T UTC"));

    let _ = writeln!(text, "DNS: evidence of resolvers, not of hosts");
    let _ = writeln!(
        text,
        "  questions            {:>12}   ({} over TCP, {} with a cookie)",
        dns.questions, dns.over_tcp, dns.with_cookie
    );
    let _ = writeln!(text, "  look-ups             {:>12}   (A and AAAA together)", dns.look_ups);
    let _ = writeln!(text, "  other questions      {:>12}   (no call-backs)", dns.other_questions);
    let confirmed = dns.confirmed_resolvers;
    let _ = writeln!(text, "  different resolvers  {:>12}   ({confirmed} confirmed by TCP or a cookie)", dns.resolvers);
    if dns.client_subnets > 0 {
        let _ = writeln!(text, "  client subnets       {:>12}", dns.client_subnets);
    }
    let days = dns.days.iter().map(|(day, count)| (day.format("%F").to_string(), *count));
    table(&mut text, "day", "look-ups", "resolvers", days);
    let labels = dns.labels.iter().map(|(label, count)| (label.escape_debug().to_string(), *count));
    table(&mut text, "label", "look-ups", "resolvers", labels);
    let mut names: Vec<_> = dns.names.iter().collect();
    names.sort_by(|one, other| other.1.look_ups.cmp(&one.1.look_ups).then(one.0.cmp(other.0)));
    let shown = names.iter().take(NAMES_SHOWN);
    let shown = shown.map(|(name, count)| ((*name).clone(), Count { count: count.look_ups, sources: count.sources }));
    table(&mut text, "name", "look-ups", "resolvers", shown);
    if names.len() > NAMES_SHOWN {
        let _ = writeln!(text, "  and {} more names", names.len() - NAMES_SHOWN);
    }

    let _ = writeln!(text, "\nHTTP and TCP: evidence of hosts");
    let _ = writeln!(text, "  connections          {:>12}", hosts.connections);
    let _ = writeln!(text, "  requests             {:>12}   ({} with Referer)", hosts.requests, hosts.with_referer);
    let _ = writeln!(text, "  TLS hellos           {:>12}   (not answered)", hosts.tls_hellos);
    let _ = writeln!(text, "  different hosts      {:>12}", hosts.hosts);
    let days = hosts.days.iter().map(|(day, count)| (day.format("%F").to_string(), *count));
    table(&mut text, "day", "connections", "hosts", days);
    let labels = hosts.labels.iter().map(|(label, count)| (label.escape_debug().to_string(), *count));
    table(&mut text, "label", "requests", "hosts", labels);

    let counters = &report.counters;
    let _ = writeln!(text, "\nwithout an event");
    for (what, count) in [
        ("refused", counters.refused),
        ("malformed", counters.malformed),
        ("rate-limited", counters.limited),
        ("dropped", counters.dropped),
        ("turned away", counters.turned_away),
        ("answered unrecorded", counters.unrecorded),
    ] {
        let _ = writeln!(text, "  {what:<20} {count:>12}");
    }
    if report.left_out > 0 {
        let _ = writeln!(text, "  octets left out      {:>12}", report.left_out);
    }
    text
}

/// A table of counts; nothing for none.
fn table(text: &mut String, of: &str, counted: &str, sources: &str, rows: impl Iterator<Item = (String, Count)>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "\n  {of:<40} {counted:>12} {sources:>12}");
    for (what, count) in rows {
        let _ = writeln!(text, "  {what:<40} {:>12} {:>12}", count.count, count.sources);
    }
}
