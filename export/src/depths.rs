//! [`Depths`]: of how many labels names are, so that a reader that only compares whole texts can be told to cut what it
//! compares to as many. That is how one entry stands for a name and for everything below it.

/// The most labels that a name of 253 bytes has.
const MOST: usize = 127;

/// Of how many labels the names are that were seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Depths(u128);

impl Depths {
    /// Sees a (legal) host name.
    pub(crate) fn add(&mut self, name: &str) {
        let labels = name.bytes().filter(|byte| *byte == b'.').count() + 1;
        self.0 |= 1 << labels.min(MOST);
    }

    /// The numbers of labels, each once, the smallest first.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        (1..=MOST).filter(move |labels| self.0 & (1 << labels) != 0)
    }
}

/// A regular expression, understood alike by PCRE, RE2, Java and Python, for so many labels with the dots between them.
pub(crate) fn labels(number: usize) -> String {
    format!(r"(?:[^.]+\.){{{}}}[^.]+", number.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::{Depths, MOST, labels};

    #[test]
    fn each_number_once() {
        let mut depths = Depths::default();
        for name in ["a.test", "b.co.uk", "c.test", &["x"; MOST].join(".")] {
            depths.add(name);
        }
        assert_eq!(depths.iter().collect::<Vec<_>>(), [2, 3, MOST]);
    }

    #[test]
    fn an_expression_for_labels() {
        assert_eq!(labels(3), r"(?:[^.]+\.){2}[^.]+");
    }
}
