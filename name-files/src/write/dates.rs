//! The two ends of an interval as text. Neighbouring rows mostly share them, and to write a date takes longer than to
//! make a name.

use dga::Period;

use crate::span::written;

/// The ends of the last interval that was written.
#[derive(Default)]
pub(super) struct Dates {
    last: Option<(Period, [Option<String>; 2])>,
}

impl Dates {
    /// Beginning and end in RFC 3339, UTC; nothing where the interval is open.
    pub(super) fn of(&mut self, period: Period) -> [Option<&str>; 2] {
        if self.last.as_ref().is_none_or(|(last, _)| *last != period) {
            self.last = Some((period, [period.from.map(written), period.until.map(written)]));
        }
        let [from, until] = self.last.as_ref().map_or(&[None, None], |(_, texts)| texts);
        [from.as_deref(), until.as_deref()]
    }
}
