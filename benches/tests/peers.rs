//! A peer that computes something else is no peer.
#![forbid(unsafe_code)]
#![expect(clippy::disallowed_methods, reason = "the environment says whether a skipped test is a failure")]

use benches::{PEERS, PeerError};

#[test]
fn peers_make_the_names_that_we_make() {
    for peer in PEERS {
        match peer.check() {
            Ok(()) => {}
            Err(error @ PeerError::Start(_)) if std::env::var("HYDRABANE_REQUIRE").as_deref() != Ok("all") => {
                eprintln!("skipped: {error}");
                return;
            }
            Err(error) => panic!("{error}"),
        }
    }
}
