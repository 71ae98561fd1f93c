//! What defenders and a scripted herder do to the world. One arm an act; each says what it did and what stayed
//! without effect.

use resolver_chain::{Chain, Itinerary, LayerError, Moment, NameId};
use rustc_hash::FxHashSet;

use super::names::Holding;
use super::{Reach, World};
use crate::scenario::{Act, HostId, Operator};

/// What came of an act, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) what: String,
    pub(crate) without_effect: Vec<String>,
}

impl World {
    /// Carries out `act` at `now`.
    pub(crate) fn act(
        &mut self,
        act: &Act,
        chain: &Chain,
        itinerary: &mut Itinerary,
        now: Moment,
    ) -> Result<Deed, LayerError> {
        let mut without_effect = Vec::new();
        let what = match act {
            Act::NullRoute { hosts } => {
                for id in hosts {
                    let provider = self.host(*id).provider.map(|index| &self.complies[index]);
                    if let Some((provider, false)) = provider {
                        without_effect.push(format!("{}: provider {provider} does not comply", self.host(*id).name));
                    } else {
                        self.hosts[usize::from(id.0)].null_routed = true;
                    }
                }
                format!("null-routes {}", self.host_names(hosts))
            }
            Act::CutNameServers { hosts, lasts } => {
                let until = lasts.map_or(Moment::NEVER, |span| now + span);
                for id in hosts {
                    self.hosts[usize::from(id.0)].filtered_until = Some(until);
                }
                let end = lasts.map_or(String::new(), |_| format!(" until {until}"));
                format!("cuts name servers {}{end}", self.host_names(hosts))
            }
            Act::Suspend { names } => {
                for name in names {
                    let id = itinerary.number(*name);
                    match self.names.holding(id) {
                        Holding::Free => without_effect.push(format!("{name}: not registered")),
                        Holding::Held { operator: Operator::Sinkhole, .. } => {
                            without_effect.push(format!("{name}: points at the sinkhole"));
                        }
                        Holding::Suspended | Holding::Held { .. } => self.names.suspend(id),
                    }
                }
                format!("suspends {}", list(names))
            }
            Act::Sinkhole { names, host } => {
                for name in names {
                    let id = itinerary.number(*name);
                    self.names.hold(id, Operator::Sinkhole, &[*host]);
                }
                format!("points {} at sinkhole {}", list(names), self.host(*host).name)
            }
            Act::PreRegister { stage, from, until, host } => {
                let names = generated(chain, itinerary, *stage, *from, *until)?;
                let mut registered = 0;
                for id in names {
                    if *self.names.holding(id) == Holding::Free {
                        self.names.hold(id, Operator::Sinkhole, &[*host]);
                        registered += 1;
                    } else {
                        without_effect.push(format!("{}: registered already", itinerary.name(id)));
                    }
                }
                let sinkhole = &self.host(*host).name;
                format!("registers {registered} generated names of {from} to {until} at sinkhole {sinkhole}")
            }
            Act::Register { names, points_to } => {
                for name in names {
                    let id = itinerary.number(*name);
                    if *self.names.holding(id) == Holding::Free {
                        self.names.hold(id, Operator::Herder, points_to);
                        self.names.serve(id, points_to);
                    } else {
                        without_effect.push(format!("{name}: registered already"));
                    }
                }
                format!("registers {}", list(names))
            }
            Act::Raise { hosts } => {
                for id in hosts {
                    self.raise(*id);
                    if self.reach(*id) == Reach::Silent {
                        without_effect.push(format!("{}: null-routed", self.host(*id).name));
                    }
                }
                format!("raises {}", self.host_names(hosts))
            }
        };
        Ok(Deed { what, without_effect })
    }

    /// Ends filters whose time has come; returns the hosts that are reachable again.
    pub(crate) fn lift_filters(&mut self, now: Moment) -> Vec<HostId> {
        let mut lifted = Vec::new();
        for (index, state) in self.hosts.iter_mut().enumerate() {
            if state.filtered_until.is_some_and(|until| until <= now) {
                state.filtered_until = None;
                lifted.push(HostId(index as u16));
            }
        }
        lifted
    }

    /// When the next filter ends.
    pub(crate) fn next_lift(&self) -> Option<Moment> {
        self.hosts.iter().filter_map(|state| state.filtered_until).filter(|until| *until != Moment::NEVER).min()
    }

    /// Puts a host on the net.
    pub(super) fn raise(&mut self, id: HostId) {
        self.hosts[usize::from(id.0)].up = true;
    }

    /// Hosts in words.
    pub(crate) fn host_names(&self, hosts: &[HostId]) -> String {
        hosts.iter().map(|id| self.host(*id).name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The names that stage `stage` makes in `[from, until)`, each once, in the order of time and list.
pub(super) fn generated(
    chain: &Chain,
    itinerary: &mut Itinerary,
    stage: usize,
    from: Moment,
    until: Moment,
) -> Result<Vec<NameId>, LayerError> {
    let mut names = Vec::new();
    let mut seen = FxHashSet::default();
    let mut at = from;
    while at < until {
        let candidates = chain.stages()[stage].layer.candidates(at)?;
        for candidate in &candidates.items {
            if let resolver_chain::Candidate::Name(name) = candidate {
                let id = itinerary.number(*name);
                if seen.insert(id) {
                    names.push(id);
                }
            }
        }
        at = candidates.until;
    }
    Ok(names)
}

fn list(names: &[dga::Name]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
