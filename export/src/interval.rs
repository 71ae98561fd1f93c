//! [`Interval`]: the two ends of a validity as text. Neighbouring names mostly share them, and to write a date takes
//! longer than to make a name.

use dga::Period;
use name_files::written;

/// The ends of the last interval that was written.
#[derive(Default)]
pub(crate) struct Interval(Option<(Period, [Option<String>; 2])>);

impl Interval {
    /// Beginning and end in RFC 3339, UTC; nothing where the interval is open.
    pub(crate) fn of(&mut self, period: Period) -> [Option<&str>; 2] {
        if self.0.as_ref().is_none_or(|(last, _)| *last != period) {
            self.0 = Some((period, [period.from.map(written), period.until.map(written)]));
        }
        let [from, until] = self.0.as_ref().map_or(&[None, None], |(_, texts)| texts);
        [from.as_deref(), until.as_deref()]
    }
}
