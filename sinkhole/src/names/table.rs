//! A set of fingerprints in which each has its list and its place in it: 16 octets an entry, read-only, at home in one
//! sequence of slots.
//!
//! The entries stand in the order of their fingerprints, with gaps between them: each at its *home*, which is the
//! fingerprint's share of the whole, or as little before it as those behind it leave free. A look-up begins at home and
//! goes back until it meets the fingerprint, a smaller one, or a gap, which is one or two lines of the processor's cache.
//! As sorting and spreading need no second sequence, a table takes no more memory while it is made than afterwards.

/// Four of five slots hold an entry: 20 octets an entry. With fewer gaps, look-ups go further back.
const LOAD: (usize, usize) = (4, 5);

/// One entry, or a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    /// The name's fingerprint.
    pub(super) fingerprint: u64,
    /// The number of its list; [`GAP`] has none.
    pub(super) list: u32,
    /// Its place in the list.
    pub(super) index: u32,
}

/// No entry. Its fingerprint ends every look-up.
const GAP: Slot = Slot { fingerprint: 0, list: u32::MAX, index: 0 };

/// Fingerprints with their lists.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The entries, and gaps. The first is a gap.
    slots: Vec<Slot>,
    /// Where the home of fingerprint 0 is.
    first_home: usize,
    /// How many homes there are.
    homes: usize,
    /// How many slots are no gaps.
    entries: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Table {
    /// The table of all entries. Of those with the same fingerprint the one of the first list stays, there the one with
    /// the first place.
    pub(super) fn new(mut slots: Vec<Slot>) -> Self {
        unify(&mut slots);
        let entries = slots.len();
        let homes = (entries * LOAD.1).div_ceil(LOAD.0).max(1);
        // So far must all homes move on that each entry has room before its own.
        let crowding = |(place, slot): (usize, &Slot)| (place + 1).saturating_sub(home(slot.fingerprint, homes));
        let first_home = slots.iter().enumerate().map(crowding).max().unwrap_or_default().max(1);
        let size = first_home + homes;
        slots.shrink_to(size);
        slots.reserve_exact(size - entries);
        slots.resize(size, GAP);
        // From the last entry to the first each moves on, so that nothing is written over that has not moved yet.
        let mut free = size;
        for place in (0..entries).rev() {
            let slot = slots[place];
            let to = (first_home + home(slot.fingerprint, homes)).min(free - 1);
            slots[to + 1..free].fill(GAP);
            slots[to] = slot;
            free = to;
        }
        slots[..free].fill(GAP);
        Self { slots, first_home, homes, entries }
    }

    /// The entry with this fingerprint.
    pub(super) fn find(&self, fingerprint: u64) -> Option<Slot> {
        let mut at = self.first_home + home(fingerprint, self.homes);
        // The first slot is a gap, whose fingerprint is not greater than any.
        while self.slots[at].fingerprint > fingerprint {
            at -= 1;
        }
        let slot = self.slots[at];
        (slot.fingerprint == fingerprint && slot.list != GAP.list).then_some(slot)
    }

    /// Reads the slot at which the search for a fingerprint begins; what it holds means nothing.
    pub(super) fn peek(&self, fingerprint: u64) -> u64 {
        self.slots[self.first_home + home(fingerprint, self.homes)].fingerprint
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries
    }
}

/// Sorts entries, and leaves one of those that have the same fingerprint.
pub(super) fn unify(slots: &mut Vec<Slot>) {
    slots.sort_unstable();
    slots.dedup_by_key(|slot| slot.fingerprint);
}

/// The fingerprint's share of so many homes.
fn home(fingerprint: u64, homes: usize) -> usize {
    ((u128::from(fingerprint) * homes as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn slot((fingerprint, list, index): (u64, u32, u32)) -> Slot {
        Slot { fingerprint, list, index }
    }

    /// Fingerprints as a hash makes them, and crowds as it never does.
    fn fingerprints() -> impl Strategy<Value = u64> {
        prop_oneof![
            4 => any::<u64>(),
            1 => 0..20_u64,
            1 => (0..20_u64).prop_map(|below| u64::MAX - below),
            1 => (0..20_u64).prop_map(|above| (1 << 63) + above),
        ]
    }

    proptest! {
        #[test]
        fn every_entry_is_found_and_nothing_else(
            entries in prop::collection::vec((fingerprints(), 0..3_u32, 0..3_u32), 0..300),
            others in prop::collection::vec(fingerprints(), 0..100),
        ) {
            let mut model = BTreeMap::new();
            for (fingerprint, list, index) in entries.iter().copied() {
                let first = model.entry(fingerprint).or_insert((list, index));
                *first = (*first).min((list, index));
            }
            let table = Table::new(entries.iter().copied().map(slot).collect());
            prop_assert_eq!(table.len(), model.len());
            for fingerprint in others.into_iter().chain(entries.into_iter().map(|entry| entry.0)) {
                let found = table.find(fingerprint).map(|slot| (slot.list, slot.index));
                prop_assert_eq!(found, model.get(&fingerprint).copied());
            }
        }
    }

    #[test]
    fn a_table_is_no_larger_than_its_load_says() {
        let entries = 100_000_u64;
        let spread = |entry: u64| slot((entry.wrapping_mul(0x9e37_79b9_7f4a_7c15), 0, 0));
        let table = Table::new((0..entries).map(spread).collect());
        assert_eq!(table.len(), 100_000);
        assert!((125_000..125_100).contains(&table.slots.len()), "{}", table.slots.len());
        assert_eq!(table.slots.capacity(), table.slots.len());
    }
}
