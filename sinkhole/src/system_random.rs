//! The machine's random numbers: the one place of this crate that asks for them.

use std::io;

use rustix::rand::{GetRandomFlags, getrandom};

/// Sixteen octets that nobody can foresee.
///
/// # Errors
///
/// The machine has no such numbers.
pub(crate) fn sixteen_octets() -> io::Result<[u8; 16]> {
    let mut octets = [0; 16];
    // Requests of up to 256 octets are not interrupted (getrandom(2)); a short one would be a broken machine.
    match getrandom(&mut octets, GetRandomFlags::empty())? {
        16 => Ok(octets),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
