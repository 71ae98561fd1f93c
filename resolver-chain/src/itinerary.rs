//! The chain laid out for a stretch of time: every candidate list that a bot can need in it, with names as small
//! numbers, so that a million bots share one copy and compare names by an integer.

use std::net::SocketAddr;

use dga::Name;
use rustc_hash::FxHashMap;

use crate::chain::Chain;
use crate::layer::{Candidate, LayerError};
use crate::stage::{Order, Patience, Route};
use crate::time::Moment;

/// Index of a name in an [`Itinerary`], in the order in which names became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// Index of a candidate list in an [`Itinerary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListId(u32);

/// A candidate with its name as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Name(NameId),
    Address(SocketAddr),
}

/// What a bot must know of a stage while it walks it.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) routes: Vec<Route>,
    pub(crate) order: Order,
    pub(crate) patience: Patience,
    pub(crate) ports: Vec<u16>,
    pub(crate) tries: Option<u32>,
}

impl Leg {
    /// How many of a list's candidates a bot tries.
    pub(crate) fn candidates(&self, listed: usize) -> usize {
        self.tries.map_or(listed, |tries| listed.min(tries as usize))
    }
}

#[derive(Clone, Copy, Debug)]
struct Window {
    from: Moment,
    until: Moment,
    list: ListId,
}

/// The chain laid out for a stretch of time. Lists and names are only ever added, so their numbers stay good.
#[derive(Debug)]
pub struct Itinerary {
    legs: Vec<Leg>,
    servers: u8,
    lists: Vec<Vec<Target>>,
    windows: Vec<Vec<Window>>,
    names: Vec<Name>,
    numbers: FxHashMap<Name, NameId>,
}

impl Itinerary {
    /// The chain's legs, with no candidate yet: [`Self::extend`] brings them.
    pub fn new(chain: &Chain) -> Self {
        let legs = chain.stages().iter().map(|stage| Leg {
            routes: stage.routes.clone(),
            order: stage.order,
            patience: stage.patience,
            ports: stage.ports.clone(),
            tries: stage.layer.tries(),
        });
        Self {
            legs: legs.collect(),
            servers: chain.servers(),
            lists: Vec::new(),
            windows: vec![Vec::new(); chain.stages().len()],
            names: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }

    /// Lays out all candidate lists that are valid anywhere in `[from, until)`. Windows must be asked for in the
    /// order of time; what is laid out already is not computed again.
    ///
    /// # Errors
    ///
    /// A layer has nothing to say about a moment of the window.
    pub fn extend(&mut self, chain: &Chain, from: Moment, until: Moment) -> Result<(), LayerError> {
        for (index, stage) in chain.stages().iter().enumerate() {
            let mut at = self.windows[index].last().map_or(from, |window| window.until.max(from));
            while at < until {
                let candidates = stage.layer.candidates(at)?;
                let targets = candidates.items.iter().map(|candidate| match candidate {
                    Candidate::Name(name) => Target::Name(self.number(*name)),
                    Candidate::Address(address) => Target::Address(*address),
                });
                let targets = targets.collect();
                let list = ListId(self.lists.len() as u32);
                self.lists.push(targets);
                self.windows[index].push(Window { from: candidates.from, until: candidates.until, list });
                at = candidates.until;
            }
        }
        Ok(())
    }

    /// The number of `name`, which becomes known with this call if it was not.
    pub fn number(&mut self, name: Name) -> NameId {
        *self.numbers.entry(name).or_insert_with(|| {
            self.names.push(name);
            NameId(self.names.len() as u32 - 1)
        })
    }

    /// The number of `name` if it is known.
    pub fn find(&self, name: &Name) -> Option<NameId> {
        self.numbers.get(name).copied()
    }

    /// The name with this number.
    ///
    /// # Panics
    ///
    /// The number comes from another itinerary.
    pub fn name(&self, id: NameId) -> Name {
        self.names[id.0 as usize]
    }

    /// All names in the order of their numbers.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The names on stage `stage`'s list at `at`, in the bot's order; empty where nothing is laid out.
    pub fn names_at(&self, stage: usize, at: Moment) -> Vec<NameId> {
        let list = self.current(stage, at).map(|list| self.list(list));
        let names = list.unwrap_or_default().iter().filter_map(|target| match target {
            Target::Name(name) => Some(*name),
            Target::Address(_) => None,
        });
        names.collect()
    }

    /// The first moment after `at` at which any stage's list changes, as far as lists are laid out. From `at` until
    /// then, coming to a stage always means the same list.
    pub fn constant_until(&self, at: Moment) -> Moment {
        let bounds = self.windows.iter().flatten().flat_map(|window| [window.from, window.until]);
        bounds.filter(|bound| *bound > at).min().unwrap_or(Moment::NEVER)
    }

    pub(crate) fn leg(&self, stage: u8) -> Option<&Leg> {
        self.legs.get(usize::from(stage))
    }

    pub(crate) fn servers(&self) -> u8 {
        self.servers
    }

    pub(crate) fn list(&self, list: ListId) -> &[Target] {
        &self.lists[list.0 as usize]
    }

    /// The list that a bot takes up when it comes to `stage` at `at`.
    pub(crate) fn current(&self, stage: usize, at: Moment) -> Option<ListId> {
        let holds = |window: &&Window| window.from <= at && at < window.until;
        self.windows[stage].iter().rev().find(holds).map(|window| window.list)
    }
}

impl ListId {
    pub(crate) const NONE: Self = Self(u32::MAX);
}
