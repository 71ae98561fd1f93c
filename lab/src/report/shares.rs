//! Where the online bots are at one hour, as shares.

use crate::outcome::Hour;

/// What a bot that is online can be, in the order in which reports show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// In contact with the herder.
    Herder,
    /// Held by the sinkhole.
    Held,
    /// Seen by the sinkhole, gone on to the chain's end.
    Counted,
    /// At the chain's end, having met nobody.
    Stranded,
    /// In contact with a stranger.
    Stranger,
}

impl Standing {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [Self::Herder, Self::Held, Self::Counted, Self::Stranded, Self::Stranger];

    /// Its name, as scenario files write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Herder => "herder",
            Self::Held => "held",
            Self::Counted => "counted",
            Self::Stranded => "stranded",
            Self::Stranger => "stranger",
        }
    }

    /// What it means.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Herder => "in contact with the herder",
            Self::Held => "held by the sinkhole",
            Self::Counted => "seen by the sinkhole, but gone on",
            Self::Stranded => "reached nobody",
            Self::Stranger => "in contact with a stranger",
        }
    }

    /// Bots that are so at an hour.
    pub(super) fn bots(self, hour: &Hour) -> u64 {
        match self {
            Self::Herder => hour.herder,
            Self::Held => hour.held,
            Self::Counted => hour.counted,
            Self::Stranded => hour.stranded,
            Self::Stranger => hour.stranger,
        }
    }

    /// Their share of the bots that are online and have finished a call-back; `None` when there are no such bots.
    pub(super) fn share(self, hour: &Hour) -> Option<f64> {
        let settled = hour.online.saturating_sub(hour.waiting);
        (settled > 0).then(|| self.bots(hour) as f64 / settled as f64)
    }

    /// The mean share over several hours; `None` when no bot was online in any of them.
    pub(super) fn mean(self, hours: &[Hour]) -> Option<f64> {
        let (sum, number) = hours
            .iter()
            .filter_map(|hour| self.share(hour))
            .fold((0.0, 0_u32), |(sum, number), share| (sum + share, number + 1));
        (number > 0).then(|| sum / f64::from(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bots_without_a_finished_call_back_are_not_counted() {
        let hour = Hour { online: 12, waiting: 2, herder: 4, held: 6, ..Hour::default() };
        assert_eq!(Standing::Herder.share(&hour), Some(0.4));
        assert_eq!(Standing::Held.share(&hour), Some(0.6));
        assert_eq!(Standing::Held.share(&Hour { online: 2, waiting: 2, ..Hour::default() }), None);
        assert_eq!(Standing::Herder.mean(&[hour, Hour::default()]), Some(0.4));
    }
}
