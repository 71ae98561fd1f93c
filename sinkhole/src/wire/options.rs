//! The options of an OPT record that mean something here; any other is passed over (RFC 6891 §6.1.2).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::event::ClientSubnet;
use crate::wire::{Edns, Malformed};

/// Option codes (IANA, "DNS EDNS0 Option Codes").
pub(super) mod code {
    /// RFC 5001.
    pub(crate) const NSID: u16 = 3;
    /// RFC 7871.
    pub(crate) const CLIENT_SUBNET: u16 = 8;
    /// RFC 7873.
    pub(crate) const COOKIE: u16 = 10;
    /// RFC 7828.
    pub(crate) const KEEPALIVE: u16 = 11;
}

/// A COOKIE option as it was asked (RFC 7873 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AskedCookie<'a> {
    /// The client's part.
    pub(crate) client: [u8; 8],
    /// What the client was given before: 8 to 32 octets, or none.
    pub(crate) server: &'a [u8],
}

/// Reads the options of an OPT record; of several of the same kind the first.
///
/// # Errors
///
/// An option is cut off, or one that is known is not well formed.
pub(super) fn read_options<'a>(mut options: &'a [u8], into: &mut Edns<'a>) -> Result<(), Malformed> {
    let mut has_subnet = false;
    while !options.is_empty() {
        let ([code_high, code_low, high, low], rest) = options.split_first_chunk().ok_or(Malformed)?;
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (data, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
        match u16::from_be_bytes([*code_high, *code_low]) {
            code::CLIENT_SUBNET if !has_subnet => {
                into.client_subnet = subnet(data)?;
                has_subnet = true;
            }
            code::COOKIE if into.cookie.is_none() => into.cookie = Some(cookie(data)?),
            code::NSID => into.nsid = true,
            code::KEEPALIVE => into.keepalive = true,
            _ => {}
        }
        options = rest;
    }
    Ok(())
}

/// A cookie: the client's part alone, or the server's 8 to 32 octets behind it. Other lengths are malformed
/// (RFC 7873 §5.2.2).
fn cookie(data: &[u8]) -> Result<AskedCookie<'_>, Malformed> {
    let (client, server) = data.split_first_chunk().ok_or(Malformed)?;
    match server.len() {
        0 | 8..=32 => Ok(AskedCookie { client: *client, server }),
        _ => Err(Malformed),
    }
}

/// A client subnet (RFC 7871 §6). Family 0 with no prefix asks not to be told about: it is no subnet.
fn subnet(data: &[u8]) -> Result<Option<ClientSubnet>, Malformed> {
    let ([high, low, prefix, _scope], address) = data.split_first_chunk().ok_or(Malformed)?;
    let family = u16::from_be_bytes([*high, *low]);
    if address.len() != usize::from(prefix.div_ceil(8)) {
        return Err(Malformed);
    }
    let limit = match family {
        0 if *prefix == 0 => return Ok(None),
        1 => 32,
        2 => 128,
        _ => return Err(Malformed),
    };
    if *prefix > limit {
        return Err(Malformed);
    }
    let mut whole = [0; 16];
    whole[..address.len()].copy_from_slice(address);
    let beyond = 8 - (prefix % 8);
    if beyond < 8 && whole[address.len() - 1] & ((1 << beyond) - 1) != 0 {
        return Err(Malformed);
    }
    let address = if family == 1 {
        IpAddr::from(Ipv4Addr::new(whole[0], whole[1], whole[2], whole[3]))
    } else {
        IpAddr::from(Ipv6Addr::from(whole))
    };
    Ok(Some(ClientSubnet { address, prefix: *prefix }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_has_eight_octets_or_sixteen_to_forty() {
        for length in 0..48 {
            let data: Vec<u8> = (0..length).collect();
            match cookie(&data) {
                Ok(cookie) => {
                    assert!(length == 8 || (16..=40).contains(&length), "{length}");
                    assert_eq!((&cookie.client[..], cookie.server), data.split_at(8));
                }
                Err(Malformed) => assert!(length != 8 && !(16..=40).contains(&length), "{length}"),
            }
        }
    }
}
