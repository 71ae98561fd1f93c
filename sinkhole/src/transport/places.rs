//! Places for connections: so many from one source, and so many in all, of which the one that was idle for longest is
//! given up for a new one (RFC 7766 §6.2.3, RFC 9210 §4).

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The places of one listener.
#[derive(Debug)]
pub(crate) struct Places {
    total: usize,
    per_source: usize,
    taken: Mutex<Taken>,
}

/// Who has places.
#[derive(Debug, Default)]
struct Taken {
    /// How many places each source has.
    sources: HashMap<IpAddr, usize>,
    /// Connections by their last use, the one that was idle for longest first. Uses are numbered: no clock is needed.
    idle: BTreeMap<u64, Arc<Notify>>,
    /// The number of the next use.
    next: u64,
}

/// One connection's place. It is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    source: IpAddr,
    last_use: Mutex<u64>,
    given_up: Arc<Notify>,
}

impl Places {
    /// So many places in all, and so many for each source.
    pub(crate) fn new(total: usize, per_source: usize) -> Arc<Self> {
        Arc::new(Self { total, per_source, taken: Mutex::default() })
    }

    /// A place for a connection of `source`, unless it has too many. If all are taken, another connection is told to
    /// give up its own.
    pub(crate) fn enter(self: &Arc<Self>, source: IpAddr) -> Option<Place> {
        let source = host(source);
        let mut taken = self.taken();
        let count = taken.sources.entry(source).or_default();
        if *count >= self.per_source {
            return None;
        }
        *count += 1;
        if taken.idle.len() >= self.total
            && let Some((_, longest)) = taken.idle.pop_first()
        {
            longest.notify_one();
        }
        let given_up = Arc::new(Notify::new());
        let last_use = taken.add(Arc::clone(&given_up));
        Some(Place { places: Arc::clone(self), source, last_use: Mutex::new(last_use), given_up })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Adds a connection as the one that was used last.
    fn add(&mut self, given_up: Arc<Notify>) -> u64 {
        let number = self.next;
        self.next += 1;
        self.idle.insert(number, given_up);
        number
    }
}

impl Place {
    /// Says that the connection was used now.
    pub(crate) fn used(&self) {
        let mut last_use = self.last_use.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = self.places.taken();
        // One that is to be given up stays so.
        if let Some(given_up) = taken.idle.remove(&last_use) {
            *last_use = taken.add(given_up);
        }
    }

    /// Waits until the place is to be given up.
    pub(crate) async fn given_up(&self) {
        self.given_up.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let last_use = *self.last_use.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut taken = self.places.taken();
        taken.idle.remove(&last_use);
        if let Some(count) = taken.sources.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                taken.sources.remove(&self.source);
            }
        }
    }
}

/// Who counts as one source: an IPv4 address, or an IPv6 /64, of which a single host can take any address
/// (RFC 7421 §2).
fn host(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Whether a connection is to give up its place.
    async fn is_given_up(place: &Place) -> bool {
        tokio::select! {
            biased;
            () = place.given_up() => true,
            () = std::future::ready(()) => false,
        }
    }

    #[test]
    fn a_source_has_so_many_places_and_gets_them_back() {
        let places = Places::new(100, 3);
        for (source, neighbour, stranger) in
            [("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8"), ("2001:db8::1", "2001:db8::2:0:0:1", "2001:db8:0:1::1")]
        {
            let mine: Vec<_> = (0..3).map(|_| places.enter(address(source)).unwrap()).collect();
            assert!(places.enter(address(neighbour)).is_none());
            assert!(places.enter(address(stranger)).is_some());
            drop(mine);
            assert!(places.enter(address(source)).is_some());
        }
        let taken = places.taken();
        assert!(taken.sources.is_empty() && taken.idle.is_empty());
    }

    #[tokio::test]
    async fn the_connection_that_was_idle_for_longest_makes_room() {
        let places = Places::new(3, 10);
        let source = address("192.0.2.7");
        let enter = || places.enter(source).unwrap();
        let (first, second, third) = (enter(), enter(), enter());
        first.used();
        let fourth = enter();
        assert!(is_given_up(&second).await);
        second.used();
        let fifth = enter();
        assert!(is_given_up(&third).await);
        for place in [&first, &second, &third, &fourth, &fifth] {
            assert!(!is_given_up(place).await, "each is told once");
        }
        drop(fourth);
        let sixth = enter();
        assert!(!is_given_up(&first).await, "there was room");
        drop((first, second, third, fifth, sixth));
        let taken = places.taken();
        assert!(taken.sources.is_empty() && taken.idle.is_empty());
    }
}
