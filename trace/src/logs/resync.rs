//! Finding the next record of a container behind one whose length cannot be.

use std::io;

use super::input::Input;

/// What can be said of a place in the stream.
pub(super) enum Fit {
    /// A record begins here.
    Yes,
    /// None does.
    No,
    /// That takes more octets to say.
    More,
}

/// Uses octets until a record begins, or to the end of the stream. Returns how many.
///
/// `fits` is given what is in the window from a place on. It may ask for more only within a limit of its own; at the end
/// of the stream that means no.
///
/// # Errors
///
/// The source fails.
pub(super) fn search(input: &mut Input<'_>, mut fits: impl FnMut(&[u8]) -> Fit) -> io::Result<u64> {
    let began = input.offset();
    // What began here is no record.
    let mut from = 1.min(input.available().len());
    loop {
        let window = input.available();
        let mut wants_more = false;
        let mut place = from;
        while place < window.len() {
            match fits(&window[place..]) {
                Fit::Yes => {
                    input.consume(place);
                    return Ok(input.offset() - began);
                }
                Fit::No => place += 1,
                Fit::More => {
                    wants_more = true;
                    break;
                }
            }
        }
        input.consume(place);
        if input.more()? {
            from = 0;
        } else if wants_more {
            // Shorter records may lie in what is left.
            from = 1;
        } else {
            return Ok(input.offset() - began);
        }
    }
}
