//! The catalogue as a whole: finding a family, and the catalogue's version.

use sha2::{Digest, Sha256};

use crate::error::{Error, Unknown};
use crate::families::FAMILIES;
use crate::family::Family;
use crate::prim::hex;

/// The family with this name or alias, in any letter case.
///
/// # Errors
///
/// [`Error::Unknown`], with all names and the one that was probably meant.
pub fn find(name: &str) -> Result<&'static Family, Error> {
    FAMILIES.iter().find(|family| family.is_called(name)).ok_or_else(|| {
        let names: Vec<_> = FAMILIES.iter().map(|family| family.info().name).collect();
        let aliases = FAMILIES.iter().flat_map(|family| family.info().aliases);
        let all = names.iter().chain(aliases).copied();
        let mut unknown = Unknown::new("family", name, None, all);
        unknown.valid = names.into_iter().map(str::to_owned).collect();
        unknown.into()
    })
}

/// The version of the catalogue: how many families it has, and a digest of their files and presets. It changes with
/// every preset that is added.
pub fn version() -> String {
    let mut digest = Sha256::new();
    for text in FAMILIES.iter().flat_map(Family::text) {
        digest.update(text);
    }
    format!("{}-{}", FAMILIES.len(), hex::text(&digest.finalize()[..6]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_in_any_case() {
        for name in ["conficker", "Conficker", "KIDO", "Downadup"] {
            assert_eq!(find(name).expect("known").info().name, "conficker");
        }
        let Err(Error::Unknown(unknown)) = find("confiker") else { panic!("found") };
        assert_eq!(unknown.suggestion.as_deref(), Some("conficker"));
        assert_eq!(unknown.valid.len(), FAMILIES.len());
    }
}
