//! The caches of the hosts' recursive resolvers, in virtual time.

use resolver_chain::{Answer, Moment, NameId, Span};
use rustc_hash::FxHashMap;

#[derive(Clone, Copy, Debug)]
struct Entry {
    answer: Answer,
    expires: Moment,
}

/// What resolvers remember. Positive and negative answers live for their time to live (RFC 1035, RFC 2308).
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    entries: FxHashMap<(u32, NameId), Entry>,
    sweep_at: usize,
    swept_at: Option<Moment>,
}

/// Entries up to which a cache is never swept of expired ones.
const SMALL: usize = 256;

impl Cache {
    /// What `resolver` still knows of `name`, with the time to live that is left in whole seconds, rounded up.
    pub(crate) fn look_up(&self, resolver: u32, name: NameId, now: Moment) -> Option<Answer> {
        let (answer, expires) = self.held(resolver, name, now)?;
        Some(match answer {
            Answer::Addresses { addresses, .. } => {
                let left = (expires - now).0;
                Answer::Addresses { addresses, ttl: ((left + 999) / 1_000) as u32 }
            }
            other => other,
        })
    }

    /// What `resolver` still knows of `name`, as it heard it, and until when.
    pub(super) fn held(&self, resolver: u32, name: NameId, now: Moment) -> Option<(Answer, Moment)> {
        let entry = self.entries.get(&(resolver, name)).filter(|entry| now < entry.expires)?;
        Some((entry.answer, entry.expires))
    }

    /// The moment for which expired answers were last thrown out.
    pub(super) fn swept_at(&self) -> Moment {
        self.swept_at.unwrap_or(Moment(i64::MIN))
    }

    /// Keeps `answer` for `ttl` seconds; returns until when.
    pub(crate) fn keep(&mut self, resolver: u32, name: NameId, answer: Answer, ttl: u32, now: Moment) -> Moment {
        if self.entries.len() >= self.sweep_at.max(SMALL) {
            self.entries.retain(|_, entry| now < entry.expires);
            self.sweep_at = self.entries.len() * 2;
            self.swept_at = self.swept_at.max(Some(now));
        }
        let expires = now + Span::seconds(ttl.into());
        self.entries.insert((resolver, name), Entry { answer, expires });
        expires
    }
}
