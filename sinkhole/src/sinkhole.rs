//! A running sinkhole: binds its sockets, starts its tasks, and ends them in order.

mod reload;

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::Clock;
use crate::config::{Config, HeldName, HeldNames};
use crate::event::Counts;
use crate::name::Name;
use crate::names::{Entry, Published, ZoneId};
use crate::notice::{Notice, Notify};
use crate::open_files;
use crate::pipeline::Pipeline;
use crate::store::{LabelId, Protocol, Recorder};
use crate::system_random;
use crate::transport::batch::Server;
use crate::transport::ending::{End, ending};
use crate::transport::{Local, Shared, accept, bind, http, plain, tcp};

pub use reload::{ReloadError, Reloaded};

/// How often the minute's counters are looked at.
const TICK: Duration = Duration::from_secs(1);

/// A running sinkhole. Dropped without [`Sinkhole::shutdown`], it ends at once; events that were written stay written.
#[derive(Debug)]
pub struct Sinkhole {
    dns: Vec<SocketAddr>,
    http: Vec<SocketAddr>,
    tcp: Vec<SocketAddr>,
    shared: Arc<Shared>,
    /// What it was started with, but for the names.
    settings: Config,
    end: End,
    transports: JoinSet<()>,
    /// Those that answer DNS over UDP.
    threads: Vec<JoinHandle<()>>,
    timers: JoinSet<()>,
}

/// Why a sinkhole could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address} ({protocol}): {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// UDP or TCP.
        protocol: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// The system has no room for what waits for questions.
    #[error("cannot start threads: {0}")]
    Threads(io::Error),
    /// Events cannot be written to the folder.
    #[error("cannot write events to `{}`: {error}", folder.display())]
    Store {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is no secret for cookies.
    #[error("the system has no random numbers: {0}")]
    Random(io::Error),
}

impl StartError {
    /// What to do about it, if that is known.
    pub fn hint(&self) -> Option<&'static str> {
        let error = match self {
            Self::Listen { error, .. } => error,
            Self::Threads(_) => {
                return Some("allow the process more threads and open files (`ulimit -u`, `ulimit -n`)");
            }
            Self::Random(_) => return None,
            Self::Store { error, .. } => {
                return Some(match error.kind() {
                    io::ErrorKind::ResourceBusy => "end the other one, or give each its own `store.dir`",
                    io::ErrorKind::InvalidData => "`hydrabane sinkhole verify` says what is in order there",
                    _ => "make `store.dir` a folder that this user may write to, on a disk with room",
                });
            }
        };
        match error.kind() {
            io::ErrorKind::AddrInUse => Some("another program listens there; end it, or choose another port"),
            io::ErrorKind::PermissionDenied => {
                Some("ports below 1024 need the capability CAP_NET_BIND_SERVICE; grant it, or choose a higher port")
            }
            io::ErrorKind::AddrNotAvailable => Some("this machine does not have that address"),
            _ => None,
        }
    }
}

/// Why a sinkhole could not end well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StopError {
    /// The last events could not be synced to the disk.
    #[error("the last events cannot be synced to the disk: {0}")]
    Sync(io::Error),
}

/// What a sinkhole did while it ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Events written: questions, requests, connections.
    pub events: u64,
    /// Everything that has no event of its own.
    pub counts: Counts,
}

impl Sinkhole {
    /// Binds the sockets of `config`, opens a new segment in its folder, and serves until [`Sinkhole::shutdown`]. Must be
    /// called on a tokio runtime with its I/O and timers enabled. `clock` gives the time of every event; the timers of
    /// connections and of syncing run on real time.
    ///
    /// # Errors
    ///
    /// An address cannot be listened on, or the folder cannot be written to.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        Self::start_telling(config, clock, Notify::default()).await
    }

    /// As [`Sinkhole::start`]; what the operator should know is told to `notify`.
    ///
    /// # Errors
    ///
    /// As [`Sinkhole::start`].
    // Asynchronous although nothing is awaited: sockets are registered with the runtime that the caller is on.
    #[allow(clippy::unused_async)]
    pub async fn start_telling(config: Config, clock: Arc<dyn Clock>, notify: Notify) -> Result<Self, StartError> {
        let listen = |address, protocol| move |error| StartError::Listen { address, protocol, error };
        let mut dns = Vec::new();
        for address in &config.listen.dns {
            let sockets = bind::both(*address).map_err(|(protocol, error)| listen(*address, protocol)(error))?;
            dns.push(sockets);
        }
        let streams = |addresses: &[SocketAddr]| {
            addresses
                .iter()
                .map(|address| bind::tcp(*address).map_err(listen(*address, "TCP")))
                .collect::<Result<Vec<_>, _>>()
        };
        let http = streams(&config.listen.http)?;
        let tcp = streams(&config.listen.tcp)?;

        let recorder = Recorder::open(&config.store, &config.answer, notify.clone(), clock.source(), clock.now())
            .map_err(|error| StartError::Store { folder: config.store.folder.clone(), error })?;
        // A configuration has no more texts than there are numbers.
        let (names, _) = reload::table(&config, &recorder);
        let names = Published::new(names);
        let pipeline = Pipeline::new(&config, system_random::sixteen_octets().map_err(StartError::Random)?);
        let (end, ending) = ending().map_err(StartError::Threads)?;
        let mut connections = config.connections;
        let possible = open_files::raise(dns.len() + http.len() + tcp.len());
        if possible < connections.total {
            notify.tell(Notice::FewConnections { wanted: connections.total, possible });
            connections.total = possible;
        }
        let mark = config.mark.clone();
        let shared = Arc::new(Shared { pipeline, names, recorder, clock, mark, connections, notify, ending });

        let mut sinkhole = Self {
            dns: Vec::new(),
            http: Vec::new(),
            tcp: Vec::new(),
            shared: Arc::clone(&shared),
            // The table has them.
            settings: Config { names: HeldNames::default(), ..config },
            end,
            transports: JoinSet::new(),
            threads: Vec::new(),
            timers: JoinSet::new(),
        };
        let bound = |listener: &tokio::net::TcpListener| {
            listener.local_addr().map_err(|error| StartError::Listen {
                address: SocketAddr::from(([0, 0, 0, 0], 0)),
                protocol: "TCP",
                error,
            })
        };
        let numbered = |protocol, address| Local { address, listener: shared.recorder.listener(protocol, address) };
        for (socket, listener) in dns {
            let local = numbered(Protocol::Dns, bound(&listener)?);
            sinkhole.dns.push(local.address);
            sinkhole.answer(socket, local)?;
            sinkhole.transports.spawn(accept::serve(listener, local, Arc::clone(&shared), tcp::serve));
        }
        for listener in http {
            let local = numbered(Protocol::Http, bound(&listener)?);
            sinkhole.http.push(local.address);
            sinkhole.transports.spawn(accept::serve(
                listener,
                local,
                Arc::clone(&shared),
                |stream, source, local, shared, _| http::serve(stream, source, local, shared),
            ));
        }
        for listener in tcp {
            let local = numbered(Protocol::Tcp, bound(&listener)?);
            sinkhole.tcp.push(local.address);
            sinkhole.transports.spawn(accept::serve(
                listener,
                local,
                Arc::clone(&shared),
                |stream, source, local, shared, _| plain::serve(stream, source, local, shared),
            ));
        }
        sinkhole.timers.spawn(count_minutes(Arc::clone(&shared)));
        Ok(sinkhole)
    }

    /// Answers what arrives at a UDP socket, with a thread for each processor that the process may use.
    fn answer(&mut self, socket: UdpSocket, local: Local) -> Result<(), StartError> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let mut sockets = vec![socket];
        for _ in 1..threads {
            let socket = bind::udp(local.address);
            sockets.push(socket.map_err(|error| StartError::Listen {
                address: local.address,
                protocol: "UDP",
                error,
            })?);
        }
        for socket in sockets {
            let server = Server::new(socket, local, Arc::clone(&self.shared));
            let name = "dns-udp".to_owned();
            let thread = thread::Builder::new().name(name).spawn(|| server.serve()).map_err(StartError::Threads)?;
            self.threads.push(thread);
        }
        Ok(())
    }

    /// The addresses on which DNS is served, UDP and TCP each, in the order of the configuration.
    pub fn dns_addresses(&self) -> &[SocketAddr] {
        &self.dns
    }

    /// The addresses on which HTTP call-backs are taken, in the order of the configuration.
    pub fn http_addresses(&self) -> &[SocketAddr] {
        &self.http
    }

    /// The addresses on which other connections are taken, in the order of the configuration.
    pub fn tcp_addresses(&self) -> &[SocketAddr] {
        &self.tcp
    }

    /// Holds more names. A name that is held already gets the new label and place. When this returns, every question
    /// that arrives is answered with them.
    pub fn hold(&self, names: impl IntoIterator<Item = HeldName>) {
        self.shared.names.change(|held| {
            for HeldName { name, label, index } in names {
                let label = self.shared.recorder.label(&label);
                let entry = Entry { label, preset: LabelId::NONE, period: 0, index, zone: ZoneId::default() };
                held.hold(&name, entry);
            }
        });
    }

    /// Lets names go: questions for them are refused from now on. Returns how many of them were held.
    pub fn release<'a>(&self, names: impl IntoIterator<Item = &'a Name>) -> usize {
        self.shared.names.change(|held| names.into_iter().filter(|name| held.release(name)).count())
    }

    /// How many names are held.
    pub fn held_names(&self) -> usize {
        self.shared.names.now().len()
    }

    /// Ends the sinkhole: takes no more questions, finishes those in hand, writes and syncs what is left.
    ///
    /// # Errors
    ///
    /// The last events could not be synced.
    pub async fn shutdown(mut self) -> Result<Summary, StopError> {
        self.end.now();
        let threads = std::mem::take(&mut self.threads);
        // They end after the batch in hand. One that panicked has said so.
        let _ = spawn_blocking(|| threads.into_iter().for_each(|thread| drop(thread.join()))).await;
        while self.transports.join_next().await.is_some() {}
        self.timers.shutdown().await;
        let (events, counts) = self.shared.recorder.finish(self.shared.now()).map_err(StopError::Sync)?;
        Ok(Summary { events, counts })
    }
}

/// Writes the counters of each minute when it is over, also when nothing arrives any more.
async fn count_minutes(shared: Arc<Shared>) {
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        shared.recorder.tick(shared.now());
    }
}

#[cfg(test)]
mod tests;
