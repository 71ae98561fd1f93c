//! Progress on a terminal, for work that runs longer than a second. Elsewhere nothing is printed.

use std::fmt::Write;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use lab::play::Progress;

/// Steps of the bar.
const STEPS: u64 = 1_000;

/// A bar on standard error.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar that says `what` is going on.
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr_with_hz(5));
        let template = "{prefix} [{bar:40}] {percent:>3} %  {msg} call-backs, {eta} left";
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what);
        Self { bar }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn at(&mut self, share: f64, call_backs: u64) {
        self.bar.set_position((share * STEPS as f64) as u64);
        self.bar.set_message(call_backs.to_string());
    }
}

/// Names that are being made, how fast, and for how long yet.
pub(crate) struct Names {
    bar: ProgressBar,
}

impl Names {
    /// A bar, unless it would stand among the names themselves.
    pub(crate) fn new(shown: bool) -> Self {
        let bar = ProgressBar::with_draw_target(
            None,
            if shown { ProgressDrawTarget::stderr_with_hz(5) } else { ProgressDrawTarget::hidden() },
        );
        let template = "[{bar:40}] {percent:>3} %  {human_pos} names, {speed} names/s, {eta} left";
        let speed = |state: &ProgressState, out: &mut dyn Write| {
            // A bar that cannot be written is no failure of the work.
            let _ = write!(out, "{}", HumanCount(state.per_sec() as u64));
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("speed", speed));
        Self { bar }
    }

    /// So many of about `total` names are done.
    pub(crate) fn at(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Numbers that are being tried, how fast, and for how long yet.
pub(crate) struct Numbers {
    bar: ProgressBar,
}

impl Numbers {
    /// A bar for so many numbers, of which some were tried before.
    pub(crate) fn new(total: u64, before: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5));
        let template = "[{bar:40}] {percent:>3} %  {human_pos} seeds, {speed} seeds/s, {eta} left";
        let speed = |state: &ProgressState, out: &mut dyn Write| {
            // A bar that cannot be written is no failure of the work.
            let _ = write!(out, "{}", HumanCount(state.per_sec() as u64));
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("speed", speed));
        bar.set_position(before);
        bar.reset_eta();
        Self { bar }
    }

    /// So many more are done.
    pub(crate) fn add(&self, numbers: u64) {
        self.bar.inc(numbers);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
