//! Counters that do not stand in a segment yet, in a file that has its room already: those of the minute in hand, so that
//! they survive a killed process, and those that a segment does not take because the disk is full.
//!
//! The file `reserve` has a header of 64 octets: `HYDRARSV`, the version 1 in 4 octets, the generation in 4 octets,
//! zeros, and the CRC-32C of the 60 octets before it. Slots of 64 octets follow, one a minute: the minute's first
//! instant in nanoseconds since 1970, six numbers of 8 octets in the order of [`Counts`], the generation in 4 octets,
//! and the CRC-32C of the 60 octets before it. Slots of another generation are empty. All numbers are little endian.
//!
//! When a minute is over and events can be written, the slots become records of the segment, which carry the generation;
//! then the header gets the next one. A process that is killed between the two leaves the generation in the segment, so that
//! nothing is counted twice.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::event::{Counters, Counts};
use crate::store::layout::{counts_field, nanoseconds, read_counts, u32_at, u64_at};

/// The file's name.
const NAME: &str = "reserve";
/// Its first octets.
const MAGIC: &[u8; 8] = b"HYDRARSV";
/// Octets of the header, and of each slot.
const SLOT: usize = 64;
/// Slots: almost three days of minutes. Later minutes are added to the last slot. No official reference.
const SLOTS: usize = 4095;

/// Counters that wait for the disk.
#[derive(Debug)]
pub(super) struct Reserve {
    /// The file.
    file: Arc<File>,
    /// It was written to since the last sync.
    unsynced: bool,
    /// The generation of what waits.
    generation: u32,
    /// What waits, in the order of the slots.
    waiting: Vec<Counters>,
}

impl Reserve {
    /// Opens the reserve of `folder`, or makes it with all its room.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(folder.join(NAME))?;
        let mut octets = vec![0; SLOT * (SLOTS + 1)];
        let whole = file.metadata()?.len() == octets.len() as u64;
        let mut reserve = Self { file: Arc::new(file), unsynced: false, generation: 1, waiting: Vec::new() };
        if whole {
            reserve.file.read_exact_at(&mut octets, 0)?;
            let (header, slots) = octets.split_at(SLOT);
            if is_whole(header) && header.starts_with(MAGIC) {
                reserve.generation = u32_at(header, 12);
                let own = |slot: &&[u8]| is_whole(slot) && u32_at(slot, 56) == reserve.generation;
                reserve.waiting = slots.chunks_exact(SLOT).take_while(own).map(read_slot).collect();
                return Ok(reserve);
            }
        }
        // Zeros that are written have their room, other than those of a file that was only made longer.
        octets.fill(0);
        reserve.file.write_all_at(&octets, 0)?;
        reserve.write_header()?;
        reserve.file.sync_all()?;
        Ok(reserve)
    }

    /// The generation of what waits now.
    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// What waits, a minute each.
    pub(super) fn waiting(&self) -> &[Counters] {
        &self.waiting
    }

    /// Writes down what was counted so far in the minute in hand, which goes on. What was held of it before is replaced:
    /// [`add`](Self::add) puts the whole minute into the same slot.
    pub(super) fn hold(&mut self, counters: &Counters) -> io::Result<()> {
        let (index, slot) = self.place(counters);
        self.write_slot(index, &slot)
    }

    /// Adds what was counted in a minute. When it fails, nothing was added.
    pub(super) fn add(&mut self, counters: &Counters) -> io::Result<()> {
        let (index, slot) = self.place(counters);
        self.write_slot(index, &slot)?;
        self.waiting.truncate(index);
        self.waiting.push(slot);
        Ok(())
    }

    /// The slot for a minute's counters, and what stands in it with them.
    fn place(&self, counters: &Counters) -> (usize, Counters) {
        let full = self.waiting.len() == SLOTS;
        match self.waiting.last() {
            Some(last) if full || last.minute == counters.minute => {
                let counts = last.counts.plus(counters.counts);
                (self.waiting.len() - 1, Counters { minute: last.minute, counts })
            }
            _ => (self.waiting.len(), *counters),
        }
    }

    /// Writes a slot with one write, so that a killed process leaves the old one or the new one.
    fn write_slot(&mut self, index: usize, counters: &Counters) -> io::Result<()> {
        self.unsynced = true;
        self.file.write_all_at(&self.slot(counters), (SLOT * (index + 1)) as u64)
    }

    /// The file if it was written to since it was asked for last.
    pub(super) fn unsynced(&mut self) -> Option<Arc<File>> {
        std::mem::take(&mut self.unsynced).then(|| Arc::clone(&self.file))
    }

    /// Forgets what waits, because it stands in a segment.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.clear_after(self.generation)
    }

    /// As [`clear`](Self::clear), where the segment has the counters of a later generation: after a power cut the reserve
    /// may be older than the segment.
    pub(super) fn clear_after(&mut self, generation: u32) -> io::Result<()> {
        self.waiting.clear();
        self.generation = self.generation.max(generation).wrapping_add(1).max(1);
        self.write_header()
    }

    /// Writes the header with the generation of the moment.
    fn write_header(&mut self) -> io::Result<()> {
        self.unsynced = true;
        let mut octets = [0; SLOT];
        octets[..8].copy_from_slice(MAGIC);
        octets[8..12].copy_from_slice(&1_u32.to_le_bytes());
        octets[12..16].copy_from_slice(&self.generation.to_le_bytes());
        self.file.write_all_at(&with_sum(octets), 0)
    }

    /// The octets of a slot.
    fn slot(&self, counters: &Counters) -> [u8; SLOT] {
        let mut octets = [0; SLOT];
        octets[..8].copy_from_slice(&nanoseconds(counters.minute).to_le_bytes());
        octets[8..56].copy_from_slice(&counts_field(counters.counts));
        octets[56..60].copy_from_slice(&self.generation.to_le_bytes());
        with_sum(octets)
    }
}

/// Octets with the checksum at their end.
fn with_sum(mut octets: [u8; SLOT]) -> [u8; SLOT] {
    let sum = crc32c::crc32c(&octets[..60]);
    octets[60..].copy_from_slice(&sum.to_le_bytes());
    octets
}

/// Whether octets have the checksum of those before it.
fn is_whole(octets: &[u8]) -> bool {
    crc32c::crc32c(&octets[..60]) == u32_at(octets, 60)
}

/// The counters of a slot that is whole.
fn read_slot(octets: &[u8]) -> Counters {
    let mut counts = [0; 48];
    counts.copy_from_slice(&octets[8..56]);
    let minute: DateTime<Utc> = DateTime::from_timestamp_nanos(u64_at(octets, 0) as i64);
    let counts: Counts = read_counts(&counts);
    Counters { minute, counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(minute: i64, unrecorded: u64) -> Counters {
        let minute = DateTime::from_timestamp(minute * 60, 0).unwrap();
        Counters { minute, counts: Counts { unrecorded, ..Counts::default() } }
    }

    #[test]
    fn what_waits_is_there_for_the_next_process_until_it_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let mut reserve = Reserve::open(folder.path()).unwrap();
        for counters in [counters(1, 3), counters(1, 2), counters(2, 1)] {
            reserve.add(&counters).unwrap();
        }
        let mut reserve = Reserve::open(folder.path()).unwrap();
        assert_eq!(reserve.waiting(), [counters(1, 5), counters(2, 1)]);
        let generation = reserve.generation();
        reserve.clear().unwrap();
        let mut reserve = Reserve::open(folder.path()).unwrap();
        assert_eq!((reserve.waiting(), reserve.generation()), (&[][..], generation + 1));
        // What an earlier generation left in the slots behind does not come back.
        reserve.add(&counters(7, 9)).unwrap();
        assert_eq!(Reserve::open(folder.path()).unwrap().waiting(), [counters(7, 9)]);
    }

    #[test]
    fn what_is_held_of_a_minute_is_replaced_and_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let waiting = || Reserve::open(folder.path()).unwrap().waiting().to_vec();
        let mut reserve = Reserve::open(folder.path()).unwrap();
        reserve.add(&counters(1, 3)).unwrap();
        for (minute, held) in [(2, 1), (2, 5), (2, 9)] {
            reserve.hold(&counters(minute, held)).unwrap();
            assert_eq!(waiting(), [counters(1, 3), counters(minute, held)]);
        }
        reserve.add(&counters(2, 10)).unwrap();
        assert_eq!(waiting(), [counters(1, 3), counters(2, 10)]);
        // The minute went on after it was set aside.
        reserve.hold(&counters(2, 4)).unwrap();
        assert_eq!(waiting(), [counters(1, 3), counters(2, 14)]);
        reserve.add(&counters(2, 4)).unwrap();
        assert_eq!(waiting(), [counters(1, 3), counters(2, 14)]);
        reserve.clear().unwrap();
        assert_eq!(waiting(), []);
    }

    #[test]
    fn a_reserve_that_is_full_goes_on_counting_in_its_last_slot() {
        let folder = tempfile::tempdir().unwrap();
        let mut reserve = Reserve::open(folder.path()).unwrap();
        let minutes = SLOTS as i64 + 10;
        for minute in 1..=minutes {
            reserve.add(&counters(minute, 1)).unwrap();
        }
        let reserve = Reserve::open(folder.path()).unwrap();
        assert_eq!(reserve.waiting().len(), SLOTS);
        let sum: u64 = reserve.waiting().iter().map(|counters| counters.counts.unrecorded).sum();
        assert_eq!(sum, minutes as u64);
    }
}
