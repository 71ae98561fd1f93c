//! Where generated names meet others: real domains, and names of other families.

use dga::Error;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::asked::Asked;
use crate::identify::{Found, Identifier};
use crate::index::{Fingerprint, List, Partial};
use crate::makers::Proof;

/// How many names are looked up at once. Each list is made once for all of them, and most lists are made for few names.
const TOGETHER: usize = 1 << 22;

/// A generated name that is also a real domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Real {
    /// The name.
    pub name: String,
    /// Its rank in the list of real domains.
    pub rank: u64,
    /// Who makes it.
    pub makers: Proof,
}

/// A name that several families make.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The name.
    pub name: String,
    /// Who makes it.
    pub makers: Proof,
}

/// The ranked real domains that a generator makes. What stands above a ranked name does not count.
///
/// # Errors
///
/// A generator of the index cannot be bound, for example because a word list is missing.
pub fn real<'n>(
    identifier: &mut Identifier<'_>,
    ranked: impl IntoIterator<Item = (u64, &'n str)>,
) -> Result<Vec<Real>, Error> {
    let mut real = Vec::new();
    let mut ranked = ranked.into_iter();
    loop {
        let names: Vec<(u64, &str)> = ranked.by_ref().take(TOGETHER).collect();
        if names.is_empty() {
            return Ok(real);
        }
        let asked: Vec<Asked<'_>> = names.iter().map(|(_, name)| Asked::read(name).unwrap_or_default()).collect();
        let found = identifier.identify(&asked)?;
        real.extend(found.into_iter().filter(|found| found.begin == 0).map(
            |Found { asked: place, makers, .. }| Real {
                name: asked[place].as_str().to_owned(),
                rank: names[place].0,
                makers,
            },
        ));
    }
}

/// The names that several families make, in order of the names.
///
/// # Errors
///
/// As [`real`].
pub fn shared(identifier: &mut Identifier<'_>) -> Result<Vec<Shared>, Error> {
    let index = identifier.makers().index();
    let family = |list: &List| index.about().sources[index.list(*list).0].family.as_str();
    // The index knows names by their fingerprints: the lists of those that may be shared are made again to find out.
    let mut suspects: FxHashMap<List, FxHashSet<Partial>> = FxHashMap::default();
    index.groups(|partial, lists| {
        let first = family(&lists[0]);
        if lists.iter().any(|list| family(list) != first) {
            suspects.entry(lists[0]).or_default().insert(partial);
        }
    });
    let mut lists: Vec<(List, FxHashSet<Partial>)> = suspects.into_iter().collect();
    lists.sort_unstable_by_key(|(list, _)| *list);
    let mut names: Vec<String> = Vec::new();
    for (list, partials) in lists {
        let makers = identifier.makers();
        let generator = makers.generator(index.list(list).0)?;
        for name in generator.names(makers.moment_of(list))? {
            let lower = name.as_str().to_ascii_lowercase();
            let fingerprint = Fingerprint::of(lower.as_bytes());
            if partials.contains(&index.partial(fingerprint)) {
                names.push(lower);
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    let mut shared = Vec::new();
    for names in names.chunks(TOGETHER) {
        let fingerprints: Vec<Fingerprint> = names.iter().map(|name| Fingerprint::of(name.as_bytes())).collect();
        for (place, makers) in identifier.makers().of(|place| &names[place], &fingerprints)? {
            let family = |source: usize| index.about().sources[source].family.as_str();
            let first = family(makers[0].source);
            if makers.iter().any(|maker| family(maker.source) != first) {
                shared.push(Shared { name: names[place].clone(), makers });
            }
        }
    }
    Ok(shared)
}
