//! Which generators made names, as people and logs write these.

use dga::{Error, WordLists};

use crate::asked::Asked;
use crate::index::{Fingerprint, Index};
use crate::makers::{Makers, Proof};

/// Answers for many names at once.
pub struct Identifier<'a> {
    makers: Makers<'a>,
    fingerprints: Vec<Fingerprint>,
    /// For each fingerprint the asked name, and where in it the looked-up name begins.
    places: Vec<(u32, u32)>,
}

/// A name that somebody makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The asked name's place.
    pub asked: usize,
    /// Where in it the made name begins: behind the labels of a sub-domain.
    pub begin: usize,
    /// Who makes it.
    pub makers: Proof,
}

impl<'a> Identifier<'a> {
    /// Answers from `index`; generators that need word lists take them from `words`.
    pub fn new(index: &'a Index, words: &'a WordLists) -> Self {
        Self { makers: Makers::new(index, words), fingerprints: Vec::new(), places: Vec::new() }
    }

    /// Who makes the names, or names above them: in order, the longest name first. A name above counts only if it can be
    /// registered: who asks for `example.com.vn` does not ask for `com.vn`.
    ///
    /// # Errors
    ///
    /// A generator of the index cannot be bound, for example because a word list is missing.
    pub fn identify(&mut self, names: &[Asked<'_>]) -> Result<Vec<Found>, Error> {
        let parents = &self.makers.index().about().parents;
        self.fingerprints.clear();
        self.places.clear();
        for (asked, name) in names.iter().enumerate() {
            let whole = name.as_str().as_bytes();
            for (begin, _) in name.tails().filter(|(_, parent)| parents.contains(&whole[*parent..])) {
                self.fingerprints.push(Fingerprint::of(&whole[begin..]));
                self.places.push((asked as u32, begin as u32));
            }
        }
        let places = &self.places;
        let proofs = self.makers.of(
            |place| {
                let (asked, begin) = places[place];
                &names[asked as usize].as_str()[begin as usize..]
            },
            &self.fingerprints,
        )?;
        let found = proofs.into_iter().map(|(place, makers)| {
            let (asked, begin) = places[place];
            Found { asked: asked as usize, begin: begin as usize, makers }
        });
        // Generators also make names such as `com.vn`, below which others have theirs.
        let of_others =
            |found: &Found| found.begin > 0 && psl::domain_str(&names[found.asked].as_str()[found.begin..]).is_none();
        Ok(found.filter(|found| !of_others(found)).collect())
    }

    /// The index.
    pub fn index(&self) -> &'a Index {
        self.makers.index()
    }

    /// What proves the names.
    pub fn makers(&mut self) -> &mut Makers<'a> {
        &mut self.makers
    }
}
