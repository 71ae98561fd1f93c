//! The page's content security policy.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

/// A policy that allows the given scripts and styles by their digests, and nothing else.
pub(super) fn naming(scripts: &[&str], styles: &[&str]) -> String {
    let sources = |assets: &[&str]| {
        let digests = assets.iter().map(|asset| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(asset))));
        digests.collect::<Vec<_>>().join(" ")
    };
    format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        sources(scripts),
        sources(styles)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_that_browsers_compute() {
        // The example of the specification's section on inline scripts.
        assert_eq!(
            naming(&["alert('Hello, world.');"], &[""]),
            "default-src 'none'; script-src 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; \
             style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; base-uri 'none'; form-action 'none'"
        );
    }
}
