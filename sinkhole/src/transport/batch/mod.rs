//! DNS over UDP: takes what has arrived as one batch, answers it in place, writes all its events with one write, then
//! sends the answers with one call. A thread for each processor, each with a socket of its own on the same address.

mod datagrams;

use std::io;
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, poll};

use crate::event::{Counts, Transport};
use crate::pipeline::{Decision, Plan, Received, Recorded, Reply};
use crate::store::{Batch, Permission};
use crate::transport::batch::datagrams::Datagrams;
use crate::transport::{Local, Shared};

/// Messages in a batch: enough to share the cost of calls and of a write, few enough that the first does not wait long
/// and that all of them stay in the processor's cache.
const BATCH: usize = 64;

/// One thread's share of a listener.
pub(crate) struct Server {
    socket: UdpSocket,
    local: Local,
    shared: Arc<Shared>,
    datagrams: Datagrams,
    events: Batch,
}

impl Server {
    /// Serves `socket`, which must not wait when it is read.
    pub(crate) fn new(socket: UdpSocket, local: Local, shared: Arc<Shared>) -> Self {
        Self { socket, local, shared, datagrams: Datagrams::new(BATCH), events: Batch::with_capacity(BATCH) }
    }

    /// Serves until the sinkhole ends; what has arrived by then is still answered.
    pub(crate) fn serve(mut self) {
        loop {
            match self.datagrams.receive(self.socket.as_fd()) {
                Ok(count) => {
                    self.answer(count);
                    self.datagrams.send(self.socket.as_fd(), count);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.shared.ending.is_over() {
                        return;
                    }
                    self.wait();
                }
                // An earlier answer met a closed port. That is its receiver's affair.
                Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::Interrupted) => {
                }
                Err(error) => {
                    if self.shared.ending.is_over() {
                        return;
                    }
                    self.shared.socket_error_here(self.local.address, error);
                }
            }
        }
    }

    /// Waits until something arrives or the sinkhole ends.
    fn wait(&self) {
        let mut either = [
            PollFd::new(&self.socket, PollFlags::IN),
            PollFd::from_borrowed_fd(self.shared.ending.as_fd(), PollFlags::IN),
        ];
        // A signal ends the wait early, and nothing else does: receiving says what there is.
        let _ = poll(&mut either, None);
    }

    /// Decides about the first `count` datagrams, writes their events, and then writes in their places what may leave.
    fn answer(&mut self, count: usize) {
        let Self { local, shared, datagrams, events, .. } = self;
        let at = shared.now();
        let names = shared.names.now();
        let mut plans: [Option<Plan<'_>>; BATCH] = [None; BATCH];
        for (index, plan) in plans.iter_mut().enumerate().take(count) {
            *plan = Plan::of(datagrams.octets(index), &names);
        }
        names.fetch(plans.iter().flatten().map(|plan| plan.probe));
        let received = |index| {
            let (octets, source) = (datagrams.octets(index), datagrams.source(index)?);
            Some(Received { octets, source, transport: Transport::Udp, listener: local.listener, at })
        };
        let mut decisions = [const { None }; BATCH];
        let mut counts = Counts::default();
        events.clear();
        for (index, decision) in decisions.iter_mut().enumerate().take(count) {
            let Some(received) = received(index) else { continue };
            let decided = shared.pipeline.decide(&names, plans[index], &received, events);
            if let Recorded::Count(counted) = decided.record {
                counts.add(counted);
            }
            *decision = Some(decided);
        }
        shared.recorder.count_all(&counts, at);
        if shared.recorder.append(events, at) == Permission::Refuse {
            for (index, decision) in decisions.iter_mut().enumerate() {
                if let Some(Decision { reply, record: Recorded::Event }) = decision
                    && let Some(received) = received(index)
                {
                    *reply = shared.pipeline.refuse(&received).map_or(Reply::Silence, Reply::Octets);
                }
            }
        }
        for (index, decision) in decisions.iter().enumerate().take(count) {
            let length = decision.as_ref().map_or(0, |decision| decision.reply.write(datagrams.room_of(index)));
            datagrams.answer(index, length);
        }
    }
}
