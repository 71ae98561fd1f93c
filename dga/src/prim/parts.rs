//! Lists that consist of parts, each of which follows from a seed of its own: the parts are made side by side, and what
//! lists of neighbouring days have in common is made once.

use chrono::{DateTime, Utc};

use crate::name::Name;
use crate::prim::md5_lanes::LANES;

/// A generator whose lists consist of parts.
pub(crate) trait Parts: Send + Sync {
    /// What a part follows from.
    type Seed: Ord + Copy + Send;

    /// Names of a part.
    const SIZE: usize;

    /// The parts of the list that is valid at `at`, in order.
    fn seeds(&self, at: DateTime<Utc>) -> impl Iterator<Item = Self::Seed>;

    /// The names of at most [`LANES`] parts, one part after the other.
    fn make(&self, seeds: &[Self::Seed]) -> Vec<Name>;

    /// The names of the list that is valid at `at`.
    fn parts(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let seeds: Vec<_> = self.seeds(at).collect();
        (0..seeds.len()).step_by(LANES).flat_map(move |first| self.make(&seeds[first..seeds.len().min(first + LANES)]))
    }

    /// The first `limit` names of the lists of several moments, appended to one buffer each.
    fn lists_of_parts(&self, at: &[DateTime<Utc>], limit: usize, out: &mut [Vec<Name>]) {
        let seeds = |at: &DateTime<Utc>| self.seeds(*at).take(limit.div_ceil(Self::SIZE));
        let mut different: Vec<_> = at.iter().flat_map(seeds).collect();
        different.sort_unstable();
        different.dedup();
        let made: Vec<_> = different.chunks(LANES).flat_map(|seeds| self.make(seeds)).collect();
        for (at, out) in at.iter().zip(out) {
            let end = out.len().saturating_add(limit);
            for seed in seeds(at) {
                if let Ok(place) = different.binary_search(&seed) {
                    out.extend_from_slice(&made[place * Self::SIZE..][..Self::SIZE]);
                }
            }
            out.truncate(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of days: the day itself and the two before it, with two names each.
    struct Days;

    impl Parts for Days {
        type Seed = i64;
        const SIZE: usize = 2;

        fn seeds(&self, at: DateTime<Utc>) -> impl Iterator<Item = i64> {
            let day = at.timestamp() / 86_400;
            [day, day - 1, day - 2].into_iter()
        }

        fn make(&self, seeds: &[i64]) -> Vec<Name> {
            let names = seeds.iter().flat_map(|seed| [format!("{seed}.test"), format!("{seed}.example")]);
            names.map(|name| Name::parse(&name).expect("short")).collect()
        }
    }

    #[test]
    fn at_once_as_one_after_the_other() {
        let days: Vec<_> = (100..150).map(|day| DateTime::from_timestamp(day * 86_400, 0).expect("a day")).collect();
        for limit in [0, 1, 2, 3, 6, usize::MAX] {
            let mut lists = vec![vec![Name::new()]; days.len()];
            Days.lists_of_parts(&days, limit, &mut lists);
            for (day, list) in days.iter().zip(&lists) {
                assert_eq!(list[1..], Days.parts(*day).take(limit).collect::<Vec<_>>());
            }
        }
        assert_eq!(
            Days.parts(days[0]).map(|name| name.to_string()).collect::<Vec<_>>()[..3],
            ["100.test", "100.example", "99.test"]
        );
    }
}
