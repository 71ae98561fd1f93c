//! From a query's octets to header, question and OPT record.

use crate::name::{LABEL_LIMIT, Name};
use crate::wire::options::read_options;
use crate::wire::{Edns, HEADER, Header, Malformed, Question, qtype};

/// The two upper bits of a label's length in a compression pointer (RFC 1035 §4.1.4).
const POINTER: u8 = 0b1100_0000;

/// Reads the header; `None` for fewer octets than one has.
pub(crate) fn read_header(octets: &[u8]) -> Option<Header> {
    let (header, _) = octets.split_first_chunk::<HEADER>()?;
    let number = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    Some(Header {
        id: number(0),
        is_response: header[2] & 0x80 != 0,
        opcode: header[2] >> 3 & 0xf,
        recursion_desired: header[2] & 1 != 0,
        questions: number(4),
        before: u32::from(number(6)) + u32::from(number(8)),
        additionals: number(10),
    })
}

/// Reads the only question of a message.
///
/// # Errors
///
/// There is another number of questions than one, the question is cut off, or its name has a compression pointer: there
/// is nothing before it that it could point to.
pub(crate) fn read_question(octets: &[u8]) -> Result<Question, Malformed> {
    match read_header(octets) {
        Some(Header { questions: 1, .. }) => question(&mut Rest::behind_header(octets)),
        _ => Err(Malformed),
    }
}

fn question(rest: &mut Rest<'_>) -> Result<Question, Malformed> {
    // This refuses a pointer at its end, and names that are too long.
    let name = Name::from_wire(rest.name()?).map_err(|_| Malformed)?;
    Ok(Question { name, qtype: rest.u16()?, qclass: rest.u16()? })
}

/// Walks over the records behind the question, if there is one, and reads the OPT record among the additional ones.
/// Octets behind the last record mean nothing, as they do to BIND and NSD.
///
/// # Errors
///
/// The question is as in [`read_question`], a record is cut off, there are two OPT records or one with an owner
/// (RFC 6891 §6.1.1), or an option that is known is not well formed.
pub(crate) fn read_edns(octets: &[u8]) -> Result<Option<Edns<'_>>, Malformed> {
    let header = read_header(octets).ok_or(Malformed)?;
    let mut rest = Rest::behind_header(octets);
    match header.questions {
        0 => {}
        1 => drop(question(&mut rest)?),
        _ => return Err(Malformed),
    }
    let mut edns = None;
    for index in 0..header.before + u32::from(header.additionals) {
        let owner = rest.name()?;
        let (kind, class, ttl) = (rest.u16()?, rest.u16()?, rest.u32()?);
        let length = rest.u16()?;
        let data = rest.take(usize::from(length))?;
        if kind == qtype::OPT {
            if index < header.before || edns.is_some() || owner != [0] {
                return Err(Malformed);
            }
            let mut record = Edns {
                version: (ttl >> 16) as u8,
                udp_size: class,
                dnssec_ok: ttl & 0x8000 != 0,
                client_subnet: None,
                cookie: None,
                nsid: false,
                keepalive: false,
            };
            // What another version's options mean is not known.
            if record.version == 0 {
                read_options(data, &mut record)?;
            }
            edns = Some(record);
        }
    }
    Ok(edns)
}

/// The octets of a message that are still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn behind_header(octets: &'a [u8]) -> Self {
        Self(octets.get(HEADER..).unwrap_or_default())
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn u16(&mut self) -> Result<u16, Malformed> {
        let (octets, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(u16::from_be_bytes(*octets))
    }

    fn u32(&mut self) -> Result<u32, Malformed> {
        let (octets, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*octets))
    }

    /// Takes a name, which may end in a compression pointer. Where that leads does not matter: nobody looks at the owners
    /// of records, but whether an OPT record's is the root.
    fn name(&mut self) -> Result<&'a [u8], Malformed> {
        let end = labels_end(self.0).ok_or(Malformed)?;
        self.take(end)
    }
}

/// Where a name ends that begins with `octets`: behind its root label or its pointer. `None` if it is cut off or has a
/// label of another kind (RFC 6891 §5: there is no other).
fn labels_end(octets: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let length = *octets.get(at)?;
        match usize::from(length) {
            0 => return Some(at + 1),
            label @ 1..=LABEL_LIMIT => at += 1 + label,
            _ if length & POINTER == POINTER => return (at + 2 <= octets.len()).then_some(at + 2),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with one question for `name` and `additionals` records.
    fn message(name: &[u8], additionals: u8, records: &[u8]) -> Vec<u8> {
        let mut octets = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, additionals];
        octets.extend(name);
        octets.extend([0, 1, 0, 1]);
        octets.extend(records);
        octets
    }

    const OPT: &[u8] = &[0, 0, 41, 4, 0xd0, 0, 0, 0x80, 0, 0, 0];

    #[test]
    fn a_question_has_no_pointer() {
        assert_eq!(read_question(&message(b"\x01a\x00", 0, &[])).unwrap().name.to_string(), "a");
        for name in [
            &b"\xc0\x0c"[..], // to itself
            b"\xc0\x00",      // into the header
            b"\xc0\x20",      // forward
            b"\x01a\xc0\x0c", // back to its beginning
            b"\x01a\xc0\x0e", // to the pointer
            b"\xff\xff",      // far out
            b"\xc0",          // half of one; the octet behind it is the other half
            b"\x01a\xc0",     // the same
            b"\x41a\x00",     // an extended label (RFC 6891 §5)
            b"\x81a\x00",     // a kind that never was
            b"\x05a",         // longer than the message
        ] {
            assert_eq!(read_question(&message(name, 0, &[])), Err(Malformed), "{name:?}");
            assert_eq!(read_edns(&message(name, 0, &[])), Err(Malformed), "{name:?}");
        }
        // A pointer's second octet that looks like a root is none.
        assert_eq!(read_question(&message(b"\x01a\xc0\x00", 0, &[])), Err(Malformed));
        let long: Vec<u8> = b"\x01a".repeat(127);
        assert!(read_question(&message(&[&long[..], &[0]].concat(), 0, &[])).is_ok());
        assert_eq!(read_question(&message(&[&long[..], b"\x01a\x00"].concat(), 0, &[])), Err(Malformed));
    }

    #[test]
    fn an_opt_record_has_no_owner_and_stands_once_among_the_additional_ones() {
        // Without options nothing of it borrows from the message.
        let read = |additionals, records: &[u8]| match read_edns(&message(b"\x01a\x00", additionals, records)) {
            Ok(Some(Edns { cookie: None, version, udp_size, dnssec_ok, client_subnet, nsid, keepalive })) => {
                Ok(Edns { cookie: None, version, udp_size, dnssec_ok, client_subnet, nsid, keepalive })
            }
            other => Err(other.err().unwrap()),
        };
        let edns = read(1, OPT).unwrap();
        assert_eq!((edns.udp_size, edns.dnssec_ok, edns.version), (1232, true, 0));
        for owner in [&b"\xc0\x0c"[..], b"\xc0\x0e", b"\x01a\x00"] {
            assert_eq!(read(1, &[owner, &OPT[1..]].concat()), Err(Malformed), "{owner:?}");
        }
        assert_eq!(read(2, &[OPT, OPT].concat()), Err(Malformed));
        let mut before = message(b"\x01a\x00", 0, OPT);
        before[7] = 1;
        assert_eq!(read_edns(&before), Err(Malformed));
        // Records of other types are walked over, whatever their owners are.
        let other = b"\xc0\x0c\xff\xfa\0\x01\0\0\0\0\0\x02xx";
        assert_eq!(read(2, &[&other[..], OPT].concat()).unwrap(), edns);
        assert_eq!(read_edns(&message(b"\x01a\x00", 1, other)), Ok(None));
        for cut in 0..OPT.len() {
            assert_eq!(read(1, &OPT[..cut]), Err(Malformed));
        }
        assert_eq!(read(1, &[OPT, &[0]].concat()), Ok(edns), "what nobody announced means nothing");
        assert_eq!(read_edns(&message(b"\x01a\x00", 0, OPT)), Ok(None));
    }
}
