//! DNS over UDP: takes what has arrived as one batch, answers it in place, writes all its events with one write, then
//! sends the answers with one call. A thread for each processor, each with a socket of its own on the same address.

mod datagrams;

use std::io;
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, poll};

use crate::event::Counts;
use crate::pipeline::{InPlace, Pipeline, Plan, Recorded};
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
    /// Which datagrams of the batch wait for their events.
    waiting: [bool; BATCH],
    plans: [Option<Plan>; BATCH],
}

impl Server {
    /// Serves `socket`, which must not wait when it is read.
    pub(crate) fn new(socket: UdpSocket, local: Local, shared: Arc<Shared>) -> Self {
        Self {
            socket,
            local,
            shared,
            datagrams: Datagrams::new(BATCH),
            events: Batch::with_capacity(BATCH),
            waiting: [false; BATCH],
            plans: [None; BATCH],
        }
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

    /// Answers the first `count` datagrams in place and writes their events; leaves to be sent what may leave.
    fn answer(&mut self, count: usize) {
        let Self { local, shared, datagrams, events, waiting, plans, .. } = self;
        let at = shared.now();
        let names = shared.names.now();
        let mut counts = Counts::default();
        events.clear();
        for (index, plan) in plans.iter_mut().enumerate().take(count) {
            *plan = Plan::of(datagrams.octets(index), &names);
        }
        names.fetch(plans.iter().take(count).flatten().map(|plan| plan.probe));
        for (index, waits) in waiting.iter_mut().enumerate().take(count) {
            *waits = false;
            let Some(source) = datagrams.source(index) else {
                datagrams.answer(index, 0);
                continue;
            };
            let (room, length) = datagrams.room_of(index);
            let mut message = InPlace { room, length, source, listener: local.listener, at };
            let (length, record) = shared.pipeline.pass_in_place(&names, plans[index], &mut message, events);
            match record {
                Recorded::Event => *waits = true,
                Recorded::Count(counted) => counts.add(counted),
            }
            datagrams.answer(index, length);
        }
        shared.recorder.count_all(&counts, at);
        if shared.recorder.append(events, at) == Permission::Refuse {
            for index in (0..count).filter(|index| waiting[*index]) {
                let refusal = Pipeline::refuse(datagrams.octets(index)).unwrap_or_default();
                let (room, _) = datagrams.room_of(index);
                room[..refusal.len()].copy_from_slice(&refusal);
                datagrams.answer(index, refusal.len());
            }
        }
    }
}
