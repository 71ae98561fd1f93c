//! The botmaster: he looks at his bots at every full hour, notices when they are gone, and some time later comes
//! back by what is left open.

use resolver_chain::{Chain, Itinerary, LayerError, Moment, NameId, Span};

use super::World;
use super::act::{Deed, generated};
use super::names::Holding;
use crate::scenario::{Herder, Move, Operator};

/// How far ahead he looks for a generated name that is still free.
const LOOKS_AHEAD: Span = Span::days(366);

/// How far ahead he registers generated names once he lives from them.
const STAYS_AHEAD: Span = Span::days(2);

/// The botmaster with what he knows.
#[derive(Clone, Debug)]
pub(crate) struct Botmaster {
    rules: Herder,
    had_control: bool,
    acts_at: Option<Moment>,
    lives_from_generated: bool,
}

impl Botmaster {
    /// A herder who has not looked yet.
    pub(crate) fn new(rules: Herder) -> Self {
        Self { rules, had_control: false, acts_at: None, lives_from_generated: false }
    }

    /// When he is going to act; `None` while he has nothing to mend.
    pub(crate) fn acts_at(&self) -> Option<Moment> {
        self.acts_at
    }

    /// He looks at the share of online bots in contact with him, and acts if it is time. While he is cut off he
    /// acts once every `reacts-after`.
    pub(crate) fn look(
        &mut self,
        share: Option<f64>,
        world: &mut World,
        chain: &Chain,
        itinerary: &mut Itinerary,
        now: Moment,
    ) -> Result<Vec<Deed>, LayerError> {
        let mut deeds = Vec::new();
        if let Some(share) = share {
            if share >= self.rules.notices_below {
                self.had_control = true;
                self.acts_at = None;
            } else if self.had_control && self.acts_at.is_none() {
                self.acts_at = Some(now + self.rules.reacts_after);
                deeds.push(Deed {
                    what: format!("notices that only {:.1} % of the online bots are left", share * 100.0),
                    without_effect: Vec::new(),
                });
            }
        }
        if self.acts_at.is_some_and(|at| at <= now) && !self.rules.may.is_empty() {
            deeds.extend(self.react(world, chain, itinerary, now)?);
            self.acts_at = Some(now + Span(self.rules.reacts_after.0.max(Span::hours(1).0)));
        }
        if self.lives_from_generated && !holds_listed(world, chain, itinerary)? {
            let ahead = Self::register_generated(world, chain, itinerary, now, STAYS_AHEAD, usize::MAX)?;
            deeds.extend(ahead);
        }
        Ok(deeds)
    }

    fn react(
        &mut self,
        world: &mut World,
        chain: &Chain,
        itinerary: &mut Itinerary,
        now: Moment,
    ) -> Result<Vec<Deed>, LayerError> {
        let mut deeds = Vec::new();
        for step in self.rules.may.clone() {
            match step {
                Move::RaiseHost => {
                    let reserve = world.host_ids().find(|id| {
                        let state = &world.hosts[usize::from(id.0)];
                        state.host.operator == Operator::Herder && !state.host.serves_dns && !state.up
                    });
                    match reserve {
                        Some(id) if !world.live_controllers().contains(&id) => {
                            world.raise(id);
                            deeds.push(said(format!("raises {}", world.host(id).name)));
                        }
                        _ => {}
                    }
                    let live = world.live_controllers();
                    if !live.is_empty() {
                        let changed = world.names.repoint(&live);
                        if changed > 0 {
                            deeds.push(said(format!("points what he still controls at {}", world.host_names(&live))));
                        }
                    }
                }
                Move::RegisterSpare => {
                    let Some(spare) = spare(world, chain, itinerary)? else { continue };
                    Self::register(&mut deeds, world, itinerary, spare);
                }
                Move::RegisterGenerated => {
                    let found = Self::register_generated(world, chain, itinerary, now, LOOKS_AHEAD, 1)?;
                    self.lives_from_generated |= !found.is_empty();
                    deeds.extend(found);
                }
            }
        }
        if deeds.is_empty() {
            deeds.push(said("finds nothing left open".to_owned()));
        }
        Ok(deeds)
    }

    fn register(deeds: &mut Vec<Deed>, world: &mut World, itinerary: &Itinerary, name: NameId) {
        let live = world.live_controllers();
        if live.is_empty() {
            return;
        }
        world.names.hold(name, Operator::Herder, &live);
        world.names.serve(name, &live);
        deeds.push(said(format!("registers {}", itinerary.name(name))));
    }

    /// Registers up to `most` generated names, the first free one of each list that begins within `ahead`. A list
    /// in which he has a name already needs no second.
    fn register_generated(
        world: &mut World,
        chain: &Chain,
        itinerary: &mut Itinerary,
        now: Moment,
        ahead: Span,
        most: usize,
    ) -> Result<Vec<Deed>, LayerError> {
        let mut deeds = Vec::new();
        let stages = (0..chain.stages().len()).filter(|stage| chain.stages()[*stage].layer.kind() == "dga");
        for stage in stages {
            let mut at = now;
            while at < now + ahead && deeds.len() < most {
                let until = chain.stages()[stage].layer.candidates(at)?.until;
                let names = generated(chain, itinerary, stage, at, at + Span(1))?;
                if !names.iter().any(|name| is_his(world, *name)) {
                    let free = names.into_iter().find(|name| *world.names.holding(*name) == Holding::Free);
                    if let Some(name) = free {
                        Self::register(&mut deeds, world, itinerary, name);
                    }
                }
                at = until;
            }
        }
        Ok(deeds)
    }
}

/// The listed names, in the bots' order.
fn listed(chain: &Chain, itinerary: &mut Itinerary) -> Result<Vec<NameId>, LayerError> {
    let mut names = Vec::new();
    for stage in chain.stages().iter().filter(|stage| stage.layer.kind() == "domains") {
        for candidate in stage.layer.candidates(Moment(0))?.items {
            if let resolver_chain::Candidate::Name(name) = candidate {
                names.push(itinerary.number(name));
            }
        }
    }
    Ok(names)
}

/// The first listed name that is still free.
fn spare(world: &World, chain: &Chain, itinerary: &mut Itinerary) -> Result<Option<NameId>, LayerError> {
    Ok(listed(chain, itinerary)?.into_iter().find(|name| *world.names.holding(*name) == Holding::Free))
}

/// Whether a listed name still leads to the herder: then he needs no generated one.
fn holds_listed(world: &World, chain: &Chain, itinerary: &mut Itinerary) -> Result<bool, LayerError> {
    Ok(listed(chain, itinerary)?.into_iter().any(|name| is_his(world, name)))
}

/// Whether the herder holds `name` in the public DNS.
fn is_his(world: &World, name: NameId) -> bool {
    matches!(world.names.holding(name), Holding::Held { operator: Operator::Herder, .. })
}

fn said(what: String) -> Deed {
    Deed { what, without_effect: Vec::new() }
}
