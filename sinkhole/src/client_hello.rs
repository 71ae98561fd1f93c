//! The first message of TLS, as far as it says which host is meant: ClientHello with its server name (RFC 8446 §4.1.2,
//! RFC 6066 §3). No I/O, and no octets that could make it panic; the structures are read by `tls-parser`.

use tls_parser::nom::Err as Failed;
use tls_parser::{
    SNIType, TlsExtension, TlsExtensionType, TlsRecordType, parse_tls_extension_sni_content,
    parse_tls_extension_unknown, parse_tls_handshake_client_hello, parse_tls_raw_record,
};

/// The first octet of a record with a handshake message (RFC 8446 §5.1).
pub const HANDSHAKE: u8 = 22;
/// The upper octet of every version that stands before a record (RFC 8446 §5.1).
const MAJOR: u8 = 3;
/// The type of the message (RFC 8446 §4).
const CLIENT_HELLO: u8 = 1;

/// What the first octets of a connection are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// They may be the beginning of a ClientHello: more are needed.
    Partial,
    /// A whole ClientHello, with its server name as sent; nothing if it has none.
    ClientHello(Option<Vec<u8>>),
    /// Something else.
    Other,
}

/// Tells what the first octets of a connection are. A message may be spread over several records.
pub fn read(octets: &[u8]) -> Opening {
    let mut message = Vec::new();
    let mut rest = octets;
    loop {
        if let [kind, beyond @ ..] = rest
            && (*kind != HANDSHAKE || beyond.first().is_some_and(|major| *major != MAJOR))
        {
            return Opening::Other;
        }
        let record = match parse_tls_raw_record(rest) {
            Ok((after, record)) => {
                rest = after;
                record
            }
            Err(Failed::Incomplete(_)) => return Opening::Partial,
            Err(_) => return Opening::Other,
        };
        // Records of handshakes are never empty (RFC 8446 §5.1).
        if record.hdr.record_type != TlsRecordType::Handshake || record.data.is_empty() {
            return Opening::Other;
        }
        message.extend_from_slice(record.data);
        if message[0] != CLIENT_HELLO {
            return Opening::Other;
        }
        // A message begins with its type and its length in three octets.
        if let [_, high, middle, low, body @ ..] = &message[..]
            && let Some(body) = body.get(..u32::from_be_bytes([0, *high, *middle, *low]) as usize)
        {
            return match parse_tls_handshake_client_hello(body) {
                Ok((_, hello)) => Opening::ClientHello(server_name(hello.ext.unwrap_or_default())),
                Err(_) => Opening::Other,
            };
        }
    }
}

/// The first host name in the extension `server_name` among `extensions`. The others are passed over unread, as bots
/// send any.
fn server_name(mut extensions: &[u8]) -> Option<Vec<u8>> {
    while let Ok((rest, TlsExtension::Unknown(kind, data))) = parse_tls_extension_unknown(extensions) {
        if kind == TlsExtensionType::ServerName {
            let Ok((_, TlsExtension::SNI(names))) = parse_tls_extension_sni_content(data) else { return None };
            return names.into_iter().find(|(kind, _)| *kind == SNIType::HostName).map(|(_, name)| name.to_vec());
        }
        extensions = rest;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A length in `N` octets and what it is the length of.
    fn sized<const N: usize>(octets: &[u8]) -> Vec<u8> {
        [&octets.len().to_be_bytes()[size_of::<usize>() - N..], octets].concat()
    }

    /// A ClientHello with these extensions, in records of at most `record` octets.
    fn hello(extensions: &[(u16, Vec<u8>)], record: usize) -> Vec<u8> {
        let extensions: Vec<u8> =
            extensions.iter().flat_map(|(kind, data)| [&kind.to_be_bytes()[..], &sized::<2>(data)].concat()).collect();
        let body = [
            &[3, 3][..],
            &[7; 32],
            &sized::<1>(&[9; 32]),
            &sized::<2>(&[0x13, 1, 0x13, 2]),
            &sized::<1>(&[0]),
            &sized::<2>(&extensions),
        ]
        .concat();
        let message = [&[CLIENT_HELLO][..], &sized::<3>(&body)].concat();
        message.chunks(record).flat_map(|part| [&[HANDSHAKE, 3, 1][..], &sized::<2>(part)].concat()).collect()
    }

    /// The extension with a host name.
    fn named(name: &[u8]) -> (u16, Vec<u8>) {
        (0, sized::<2>(&[&[0][..], &sized::<2>(name)].concat()))
    }

    #[test]
    fn a_server_name_is_found_however_it_is_cut() {
        // A key share that is none and an unknown extension stand before it.
        let extensions = [(51, vec![1]), (0xfafa, Vec::new()), named(b"Bot.held.test"), named(b"second.test")];
        for record in [5000, 40, 7, 1] {
            let octets = hello(&extensions, record);
            for end in 0..octets.len() {
                assert_eq!(read(&octets[..end]), Opening::Partial, "{end} of records of {record}");
            }
            let octets = [octets, b"more".to_vec()].concat();
            assert_eq!(read(&octets), Opening::ClientHello(Some(b"Bot.held.test".to_vec())));
        }
        assert_eq!(read(&hello(&[], 5000)), Opening::ClientHello(None));
        assert_eq!(read(&hello(&[(0, vec![0])], 5000)), Opening::ClientHello(None), "a list that is none");
    }

    #[test]
    fn what_is_no_hello_is_told_as_soon_as_it_can_be() {
        // HTTP, SSH, TLS 1.3 with an alert, an empty record, another message, a record that is too long.
        for octets in [
            &b"G"[..],
            b"SSH-2.0-",
            &[21, 3, 3, 0, 2, 1, 0],
            &[22, 3, 1, 0, 0],
            &[22, 3, 1, 0, 1, 2],
            &[22, 2],
            &[22, 3, 1, 0xff, 0xff],
            // A body that is shorter than its version and random.
            &[22, 3, 1, 0, 5, 1, 0, 0, 1, 3],
        ] {
            assert_eq!(read(octets), Opening::Other, "{octets:?}");
        }
        assert_eq!(read(&[]), Opening::Partial);
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic(mut octets in prop::collection::vec(any::<u8>(), 0..300), place in 0_usize..200) {
            let _ = read(&octets);
            let mut damaged = hello(&[named(b"held.test")], 50);
            let end = damaged.len().min(place + octets.len());
            let place = place.min(end);
            damaged.splice(place..end, octets.drain(..));
            let _ = read(&damaged);
        }
    }
}
