//! Who holds which name: in the public DNS, and in the zone that the herder's own name servers answer from.

use resolver_chain::NameId;
use rustc_hash::FxHashMap;

use crate::scenario::{HostId, Operator};

/// The state of a name in the public DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    /// Nobody has registered it.
    Free,
    /// Registered, but taken out of the zone.
    Suspended,
    /// Registered and pointing to hosts.
    Held { operator: Operator, points_to: Vec<HostId> },
}

/// All names that are not free.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    public: FxHashMap<NameId, Holding>,
    private: FxHashMap<NameId, Vec<HostId>>,
}

impl Names {
    /// The state of `name` in the public DNS.
    pub(crate) fn holding(&self, name: NameId) -> &Holding {
        self.public.get(&name).unwrap_or(&Holding::Free)
    }

    /// The hosts that the herder's own name servers give for `name`; `None` if it is not in their zone.
    pub(crate) fn served(&self, name: NameId) -> Option<&[HostId]> {
        self.private.get(&name).map(Vec::as_slice)
    }

    /// Registers or transfers `name`.
    pub(crate) fn hold(&mut self, name: NameId, operator: Operator, points_to: &[HostId]) {
        self.public.insert(name, Holding::Held { operator, points_to: points_to.to_vec() });
    }

    /// Takes `name` out of the public zone.
    pub(crate) fn suspend(&mut self, name: NameId) {
        self.public.insert(name, Holding::Suspended);
    }

    /// Puts `name` into the zone of the herder's own name servers.
    pub(crate) fn serve(&mut self, name: NameId, points_to: &[HostId]) {
        self.private.insert(name, points_to.to_vec());
    }

    /// Points every name that the herder still controls to `hosts`, in both zones; returns how many changed.
    pub(crate) fn repoint(&mut self, hosts: &[HostId]) -> usize {
        let mut changed = 0;
        for holding in self.public.values_mut() {
            if let Holding::Held { operator: Operator::Herder, points_to } = holding
                && points_to != hosts
            {
                *points_to = hosts.to_vec();
                changed += 1;
            }
        }
        for served in self.private.values_mut().filter(|served| *served != hosts) {
            *served = hosts.to_vec();
            changed += 1;
        }
        changed
    }

    /// Names that a sinkhole holds, with their hosts.
    pub(crate) fn sinkholed(&self) -> impl Iterator<Item = (NameId, HostId)> {
        self.public.iter().filter_map(|(name, holding)| match holding {
            Holding::Held { operator: Operator::Sinkhole, points_to } => Some((*name, *points_to.first()?)),
            _ => None,
        })
    }
}
