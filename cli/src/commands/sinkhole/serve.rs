//! `hydrabane sinkhole serve`.

use std::io::Write;
use std::sync::Arc;

use sinkhole::{Config, Notify, Sinkhole, StartError, SystemClock};
use tokio::signal::unix::{SignalKind, signal};

use crate::exit::{Exit, Failure};

/// Serves until SIGTERM or SIGINT. To be told to end is how a server's work is done, so this ends with 0.
pub(super) fn run(config: Config) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::environment(format_args!("cannot start threads: {error}")))?;
    runtime.block_on(serve(config))
}

async fn serve(config: Config) -> Result<Exit, Failure> {
    let signals = |error| Failure::environment(format_args!("cannot take signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(signals)?;
    let folder = config.store.folder.clone();
    let notify = Notify::new(|notice| say(&format!("warning: {notice}")));
    let sinkhole =
        Sinkhole::start_telling(config, Arc::new(SystemClock), notify).await.map_err(|error| failure(&error))?;
    for address in sinkhole.dns_addresses() {
        say(&format!("dns {address} (UDP and TCP)"));
    }
    for address in sinkhole.http_addresses() {
        say(&format!("http {address}"));
    }
    for address in sinkhole.tcp_addresses() {
        say(&format!("tcp {address}"));
    }
    say(&format!("{} names are held; events go to `{}`", sinkhole.held_names(), folder.display()));
    say("ready");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    say("ending: finishing what is in hand");
    let summary = sinkhole.shutdown().await.map_err(Failure::environment)?;
    say(&format!("ended: {} events are kept in `{}`", summary.events, folder.display()));
    if summary.counts.unrecorded > 0 {
        say(&format!("warning: {} answers went out unrecorded", summary.counts.unrecorded));
    }
    Ok(Exit::Done)
}

fn failure(error: &StartError) -> Failure {
    match error.hint() {
        Some(hint) => Failure::environment(error).hint(hint),
        None => Failure::environment(error),
    }
}

/// One line on standard error. It may be closed, which must not end a sinkhole.
fn say(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}
