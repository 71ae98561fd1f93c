//! What an export says on standard error: what it held back, and what was not given.

use std::io::Write;

use export::safety::{Left, Models};

/// How many suffixes of providers are named.
const SUFFIXES: usize = 5;

/// Warns that nothing keeps names of honest owners out of a format that blocks.
pub(super) fn warn_of_no_keep_out() {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
    let mut stderr = anstream::stderr().lock();
    // Standard error may be closed; the export is the same.
    let _ = writeln!(
        stderr,
        "{yellow}warning{yellow:#}: no `--keep-out` list was given; generated names can be those of honest owners"
    );
    let _ = writeln!(
        stderr,
        "{cyan}hint{cyan:#}: a Tranco list (https://tranco-list.eu) and your own names are a good start"
    );
}

/// Says what was held back.
pub(super) fn print(left: &Left, models: Models, providers_kept: bool) {
    let mut lines = Vec::new();
    if !left.models.is_empty() {
        let which: Vec<_> = left.models.keys().map(String::as_str).collect();
        let what = match models {
            Models::HoldBack => " left out (`--models` keeps them)",
            Models::Pass => "",
        };
        let total = names(left.models.values().sum());
        lines.push(format!("{total} of models{what}: no bot asks for what {} makes", which.join(", ")));
    }
    if left.kept_out > 0 {
        let examples = left
            .kept_out_examples
            .iter()
            .map(|(name, listed)| if name == listed { name.clone() } else { format!("{name} below {listed}") });
        lines.push(format!(
            "{} kept out by your list: {}",
            names(left.kept_out),
            examples.collect::<Vec<_>>().join(", ")
        ));
    }
    if left.illegal > 0 {
        lines.push(format!("{} left out: no legal host names", names(left.illegal)));
    }
    if left.repeated > 0 {
        lines.push(format!("{} came a second time and stand there once", names(left.repeated)));
    }
    if !left.providers.is_empty() {
        let what = if providers_kept { "kept apart" } else { "left out (`--providers PATH` keeps them)" };
        let total = left.providers.values().sum();
        let mut suffixes: Vec<_> = left.providers.iter().map(|(suffix, count)| format!("{suffix} {count}")).collect();
        if suffixes.len() > SUFFIXES {
            suffixes.truncate(SUFFIXES);
            suffixes.push("…".into());
        }
        let below = suffixes.join(", ");
        lines.push(format!("{} {what}, below suffixes that a provider runs or that are public: {below}", names(total)));
    }
    let mut stderr = anstream::stderr().lock();
    for line in lines {
        // Standard error may be closed; the export is the same.
        let _ = writeln!(stderr, "{line}");
    }
}

fn names(count: u64) -> String {
    if count == 1 { "1 name".into() } else { format!("{count} names") }
}
