//! The network between bots and world: carries out what a bot does over real sockets and tells what came of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use resolver_chain::resolve::{Caller, Perimeter, Proof, Questioner};
use resolver_chain::{Answer, Attempt, Moment, Question, Server};
use rustc_hash::FxHashMap;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::dns::{NameServer, PrivateDns, PublicDns};
use super::doors::{self, Behind, Door};
use super::ground::Ground;
use super::sinkholes::{Sinkholes, VirtualClock};
use super::{LiveError, layout};
use crate::outcome::Outcome;
use crate::play::{Director, Heard, latency};
use crate::scenario::{HostId, Operator};
use crate::world::Reach;

/// How often a question is put when no answer and no report of silence comes. Servers say the same again within a
/// turn, so a stalled machine costs a moment and changes nothing.
const TRIES: u32 = 3;

/// Who acts in a turn, and from where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor {
    pub(super) index: u32,
    pub(super) resolver: u32,
    pub(super) public: IpAddr,
}

/// The lab's network.
pub(super) struct Net {
    ground: Arc<Ground>,
    silence: mpsc::UnboundedReceiver<u64>,
    clock: Arc<VirtualClock>,
    sinkholes: Sinkholes,
    public_dns: NameServer<PublicDns>,
    private_dns: Vec<NameServer<PrivateDns>>,
    questioner: Questioner,
    caller: Caller,
    proof: Proof,
    doors: Vec<Door>,
    by_host: FxHashMap<HostId, usize>,
    nowhere: SocketAddr,
    tasks: JoinSet<()>,
}

impl Net {
    /// Binds everything that the scenario's world needs.
    pub(super) async fn start(director: &Director<'_>) -> Result<Self, LiveError> {
        let perimeter = Perimeter::new();
        let (report, silence) = mpsc::unbounded_channel();
        let ground = Arc::new(Ground::new(director, report));
        let clock = Arc::new(VirtualClock::new(director.now));
        let sinkholes = Sinkholes::start(director, &clock, &perimeter).await?;
        let bind = || LiveError::socket("bind the lab's servers on loopback");

        let handler = PublicDns {
            ground: Arc::clone(&ground),
            sinkholes: sinkholes.dns(),
            questioner: Mutex::new(Questioner::new(perimeter.clone())),
        };
        let public_dns = NameServer::start(layout::PUBLIC_DNS, handler, &perimeter).await.map_err(bind())?;
        let mut private_dns = Vec::new();
        for (index, host) in director.world.name_servers().iter().enumerate() {
            let handler = PrivateDns { ground: Arc::clone(&ground), index: index as u8 };
            private_dns.push(NameServer::start(layout::host(*host), handler, &perimeter).await.map_err(bind())?);
        }

        let proof = Proof::new(director.scenario.hash.as_bytes());
        let caller = Caller::new(perimeter.clone(), proof.clone());
        let mut tasks = JoinSet::new();
        let mut doors = Vec::new();
        let mut by_host = FxHashMap::default();
        for id in director.world.host_ids() {
            if director.world.host(id).operator != Operator::Sinkhole {
                by_host.insert(id, doors.len());
                doors.push(Door::closed(id, layout::host(id), &perimeter).map_err(bind())?);
            }
        }
        let behind = Behind { ground: Arc::clone(&ground), proof: None };
        let nowhere = doors::nowhere(layout::NOWHERE, behind, &perimeter, &mut tasks).await.map_err(bind())?;
        let questioner = Questioner::new(perimeter);
        let mut net = Self {
            ground,
            silence,
            clock,
            sinkholes,
            public_dns,
            private_dns,
            questioner,
            caller,
            proof,
            doors,
            by_host,
            nowhere,
            tasks,
        };
        net.publish(director)?;
        Ok(net)
    }

    /// Takes over the world after a change.
    pub(super) fn publish(&mut self, director: &Director<'_>) -> Result<(), LiveError> {
        self.ground.publish(director);
        self.sinkholes.publish(director);
        for door in &mut self.doors {
            let host = director.world.host(door.host());
            // A silent host still has its door: packets reach it, and it says nothing.
            if !host.serves_dns && director.world.reach(door.host()) != Reach::Down {
                let proof = (host.operator == Operator::Herder).then(|| self.proof.clone());
                let behind = Behind { ground: Arc::clone(&self.ground), proof };
                door.open(&behind, &mut self.tasks).map_err(LiveError::socket("open a host's port"))?;
            }
        }
        Ok(())
    }

    /// Asks a question for a bot.
    pub(super) async fn ask(
        &mut self,
        actor: Actor,
        question: &Question,
        name: &str,
        at: Moment,
    ) -> Result<Heard, LiveError> {
        let server = match question.server {
            Server::NameServer(index) => self.private_dns[usize::from(index)].address,
            Server::Host | Server::Direct => self.public_dns.address,
        };
        let turn = self.begin(actor, at);
        let from = layout::machine(actor.index);
        let mut tries = 0;
        let answer = loop {
            let answer = tokio::select! {
                biased;
                () = silent(&mut self.silence, turn) => break Answer::TimedOut,
                answer = self.questioner.ask(actor.index.into(), from, server, name) => answer?,
            };
            if answer != Answer::TimedOut {
                break answer;
            }
            tries += 1;
            if tries == TRIES {
                return Err(self.unmeant(server.to_string(), name.to_owned(), at));
            }
        };
        self.still_whole()?;
        let told = self.ground.told().filter(|_| question.server == Server::Host);
        let (from_cache, at_sinkhole) = told.map_or((false, false), |told| (told.from_cache, told.at_sinkhole));
        let after = latency(question.server, answer, from_cache, question.time_out);
        Ok(Heard { answer, after, from_cache, at_sinkhole })
    }

    /// Connects for a bot. `host` is the world's host at the address, if there is one, and `name` what led there.
    pub(super) async fn connect(
        &mut self,
        actor: Actor,
        attempt: &Attempt,
        host: Option<HostId>,
        name: Option<&str>,
        at: Moment,
    ) -> Result<Heard, LiveError> {
        let address = match host {
            Some(host) => match self.by_host.get(&host) {
                Some(door) => self.doors[*door].address,
                None => self.sinkholes.http(host).unwrap_or(self.nowhere),
            },
            None => self.nowhere,
        };
        let turn = self.begin(actor, at);
        let literal = attempt.address.ip().to_string();
        let call = self.caller.call(actor.public, address, name.unwrap_or(&literal), turn);
        let answer = tokio::select! {
            biased;
            () = silent(&mut self.silence, turn) => Answer::ConnectionTimedOut,
            answer = call => match answer? {
                Answer::ConnectionTimedOut => {
                    return Err(self.unmeant(attempt.address.to_string(), "a connection".to_owned(), at));
                }
                answer => answer,
            },
        };
        self.still_whole()?;
        let after = latency(attempt.server, answer, false, attempt.time_out);
        Ok(Heard { answer, after, from_cache: false, at_sinkhole: false })
    }

    /// Ends everything; the sinkholes' counts go into `outcome`.
    pub(super) async fn close(mut self, outcome: &mut Outcome) -> Result<(), LiveError> {
        self.public_dns.stop().await;
        for server in self.private_dns {
            server.stop().await;
        }
        self.tasks.shutdown().await;
        self.sinkholes.close(outcome).await
    }

    fn begin(&self, actor: Actor, at: Moment) -> u64 {
        self.clock.set(at);
        self.ground.begin(actor.resolver, at)
    }

    fn still_whole(&self) -> Result<(), LiveError> {
        self.ground.broken().map_or(Ok(()), |what| Err(LiveError::Broken(what)))
    }

    fn unmeant(&self, from: String, what: String, at: Moment) -> LiveError {
        match self.ground.broken() {
            Some(what) => LiveError::Broken(what),
            None => LiveError::UnmeantSilence { from, what, at: at.to_string() },
        }
    }
}

/// Comes back when silence in turn `turn` is reported; reports of earlier turns are dropped.
async fn silent(reports: &mut mpsc::UnboundedReceiver<u64>, turn: u64) {
    while let Some(reported) = reports.recv().await {
        if reported == turn {
            return;
        }
    }
    std::future::pending::<()>().await;
}
