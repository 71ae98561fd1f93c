//! Where things stand on loopback. The scenario's addresses are from the documentation ranges; each gets a loopback
//! address of its own, so that servers see as many different sources as there would be.
//!
//! | loopback | stands for |
//! |---|---|
//! | 127.20.0.0/16 | the world's hosts, by index |
//! | 127.24.0.1 | the public DNS as the bots' hosts see it |
//! | 127.24.0.2 | every address at which the world has no host |
//! | 127.32.0.0/11 | the hosts' recursive resolvers, by rank |
//! | 127.64.0.0/10 | the bots' machines, by number |
//! | 127.128.0.0/9 | the bots' public addresses, in the order of their first use |

use std::net::{IpAddr, Ipv4Addr};

use rustc_hash::FxHashMap;

use crate::scenario::HostId;

/// The public DNS as the bots' hosts see it.
pub(super) const PUBLIC_DNS: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 24, 0, 1));

/// Every address at which the world has no host.
pub(super) const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 24, 0, 2));

/// The address of a host.
pub(super) fn host(id: HostId) -> IpAddr {
    at(0x7F14_0000, u32::from(id.0), 16)
}

/// The address of a recursive resolver.
pub(super) fn resolver(rank: u32) -> IpAddr {
    at(0x7F20_0000, rank, 21)
}

/// The address of a bot's machine behind its line.
pub(super) fn machine(index: u32) -> IpAddr {
    at(0x7F40_0000, index, 22)
}

/// The bots' public addresses: each subscriber line has a new one with each lease.
#[derive(Debug, Default)]
pub(super) struct PublicAddresses {
    known: FxHashMap<(u64, i64), IpAddr>,
}

impl PublicAddresses {
    /// The address of a line under one of its leases.
    pub(super) fn of(&mut self, line: u64, lease: i64) -> IpAddr {
        let next = self.known.len() as u32;
        *self.known.entry((line, lease)).or_insert_with(|| at(0x7F80_0000, next, 23))
    }
}

/// Address number `index` of a block; the block's first and last are left out.
fn at(base: u32, index: u32, bits: u32) -> IpAddr {
    let room = (1_u32 << bits) - 2;
    IpAddr::V4(Ipv4Addr::from(base + 1 + index % room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stands_on_loopback_and_apart() {
        let mut public = PublicAddresses::default();
        let addresses =
            [host(HostId(0)), host(HostId(1)), PUBLIC_DNS, NOWHERE, resolver(0), resolver(70_000), machine(0)];
        let mut seen: Vec<IpAddr> =
            addresses.into_iter().chain([public.of(1, 0), public.of(1, 1), public.of(2, 0)]).collect();
        assert_eq!(public.of(1, 0), seen[7]);
        assert!(seen.iter().all(IpAddr::is_loopback));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 10);
    }
}
