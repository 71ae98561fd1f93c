//! `hydrabane sinkhole serve`.

use std::io::{self, Write};
use std::sync::Arc;

use sinkhole::{Config, ConfigError, Notify, Sinkhole, StartError, SystemClock};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::reload::{self, Reader};
use super::{Configuration, held};
use crate::exit::{Exit, Failure};

/// Serves until SIGTERM or SIGINT. To be told to end is how a server's work is done, so this ends with 0.
pub(super) fn run(configuration: &Configuration) -> Result<Exit, Failure> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| no_threads(&error))?;
    // From the beginning, because without it SIGHUP ends the process: names may take a while to be read.
    let hang_up = {
        let _context = runtime.enter();
        signal(SignalKind::hangup()).map_err(|error| no_signals(&error))?
    };
    // What changes from now on is read again.
    let files = reload::watch(configuration);
    let config = configuration.read()?;
    let reader = Reader::start(configuration.clone(), files, config.watch).map_err(|error| no_threads(&error))?;
    runtime.block_on(serve(config, reader, hang_up))
}

async fn serve(config: Config, mut reader: Reader, mut hang_up: Signal) -> Result<Exit, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| no_signals(&error))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| no_signals(&error))?;
    let (folder, held) = (config.store.folder.clone(), held(&config));
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
    say(&format!("{held}; events go to `{}`", folder.display()));
    say("ready");
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => reader.read_again(),
            config = reader.next() => take(&sinkhole, config),
        }
    }
    say("ending: finishing what is in hand");
    let summary = sinkhole.shutdown().await.map_err(Failure::environment)?;
    say(&format!("ended: {} events are kept in `{}`", summary.events, folder.display()));
    if summary.counts.unrecorded > 0 {
        say(&format!("warning: {} answers went out unrecorded", summary.counts.unrecorded));
    }
    Ok(Exit::Done)
}

/// Takes another configuration, if it is in order.
fn take(sinkhole: &Sinkhole, config: Result<Config, ConfigError>) {
    match config {
        Ok(config) => match sinkhole.reload(&config) {
            Ok(_) => say(&format!("reloaded: {}", held(&config))),
            Err(error) => say(&format!("warning: not reloaded, all names stay as they are: {error}")),
        },
        Err(error) => say(&format!("warning: not reloaded, all names stay as they are\n{error}")),
    }
}

fn no_threads(error: &io::Error) -> Failure {
    Failure::environment(format_args!("cannot start threads: {error}"))
}

fn no_signals(error: &io::Error) -> Failure {
    Failure::environment(format_args!("cannot take signals: {error}"))
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
