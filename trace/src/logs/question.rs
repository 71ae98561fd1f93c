//! What a DNS message asks for, or answers: its header and its question (RFC 1035 section 4.1), without an allocation a
//! message.

use super::entry::Part;

/// RFC 1035 section 4.1.1.
const HEADER: usize = 12;
/// RFC 1035 section 3.1: with the octets of the lengths and of the root.
const LONGEST_NAME: usize = 255;

/// Reads messages; made once, so that names are written into the same buffer.
#[derive(Debug, Default)]
pub struct Questions {
    name: Vec<u8>,
}

/// What a message asks for or answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'n> {
    /// The name, in presentation form: octets that are no visible ASCII characters are written as `\DDD`, dots and
    /// backslashes inside of labels with a backslash before them (RFC 1035 section 5.1, RFC 4343 section 2.1).
    pub name: &'n str,
    /// Whether the message is a query or a response.
    pub part: Part,
    /// The code of a response.
    pub rcode: Option<u16>,
}

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// It ends before its question does.
    #[error("it ends before its question does")]
    Short,
    /// A label of a type that RFC 6891 section 5 and RFC 1035 section 4.1.4 do not know.
    #[error("a label has the unknown type {0:#04x}")]
    Label(u8),
    /// A compression pointer that does not point backwards (RFC 1035 section 4.1.4: to a prior occurrence).
    #[error("a compression pointer points forwards")]
    Pointer,
    /// A name longer than RFC 1035 section 3.1 allows.
    #[error("the name is longer than 255 octets")]
    Long,
}

impl Questions {
    /// The first question of a message; nothing if the message has none, or is no query (RFC 1035 section 4.1.1:
    /// opcode 0) but a notification or an update.
    ///
    /// # Errors
    ///
    /// The message cannot be read.
    pub fn read(&mut self, message: &[u8]) -> Result<Option<Question<'_>>, Unreadable> {
        let header = message.get(..HEADER).ok_or(Unreadable::Short)?;
        let (flags, count) = (u16::from_be_bytes([header[2], header[3]]), u16::from_be_bytes([header[4], header[5]]));
        if flags >> 11 & 0xf != 0 || count == 0 {
            return Ok(None);
        }
        let end = self.name(message)?;
        // Type and class.
        if message.len() < end + 4 {
            return Err(Unreadable::Short);
        }
        let name = std::str::from_utf8(&self.name).unwrap_or_default();
        let response = flags >> 15 == 1;
        Ok(Some(Question {
            name,
            part: if response { Part::Answer } else { Part::Question },
            rcode: response.then_some(flags & 0xf),
        }))
    }

    /// Writes the name after the header into the buffer, in ASCII. Returns where it ends in the message.
    fn name(&mut self, message: &[u8]) -> Result<usize, Unreadable> {
        self.name.clear();
        let (mut at, mut end, mut length) = (HEADER, None, 1);
        // Pointers must point before the place where the labels that they end began, so that each makes this smaller.
        let mut began = HEADER;
        loop {
            let octet = *message.get(at).ok_or(Unreadable::Short)?;
            match octet {
                0 => {
                    if self.name.is_empty() {
                        self.name.push(b'.');
                    }
                    return Ok(end.unwrap_or(at + 1));
                }
                1..=63 => {
                    let next = at + 1 + usize::from(octet);
                    let label = message.get(at + 1..next).ok_or(Unreadable::Short)?;
                    length += 1 + label.len();
                    if length > LONGEST_NAME {
                        return Err(Unreadable::Long);
                    }
                    self.label(label);
                    at = next;
                }
                0xc0.. => {
                    let low = *message.get(at + 1).ok_or(Unreadable::Short)?;
                    let target = usize::from(octet & 0x3f) << 8 | usize::from(low);
                    if target >= began {
                        return Err(Unreadable::Pointer);
                    }
                    end = end.or(Some(at + 2));
                    (at, began) = (target, target);
                }
                _ => return Err(Unreadable::Label(octet)),
            }
        }
    }

    /// Appends a label in presentation form.
    fn label(&mut self, label: &[u8]) {
        if !self.name.is_empty() {
            self.name.push(b'.');
        }
        if label.iter().all(|octet| PLAIN[usize::from(*octet)]) {
            self.name.extend_from_slice(label);
            return;
        }
        for octet in label {
            match octet {
                b'.' | b'\\' => self.name.extend([b'\\', *octet]),
                0x21..=0x7e => self.name.push(*octet),
                _ => {
                    let digits = [octet / 100, octet / 10 % 10, octet % 10];
                    self.name.push(b'\\');
                    self.name.extend(digits.map(|digit| b'0' + digit));
                }
            }
        }
    }
}

/// Which octets stand for themselves.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut octet = 0x21;
    while octet <= 0x7e {
        plain[octet] = octet != b'.' as usize && octet != b'\\' as usize;
        octet += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with a header of these flags and this behind it.
    fn message(flags: u16, question: &[u8]) -> Vec<u8> {
        let flags = flags.to_be_bytes();
        [&[0, 7, flags[0], flags[1], 0, 1, 0, 0, 0, 0, 0, 0], question].concat()
    }

    #[test]
    fn queries_and_responses() {
        let mut questions = Questions::default();
        let mut read = |flags, question: &[u8]| {
            let read = questions.read(&message(flags, question));
            read.map(|found| found.map(|found| (found.name.to_owned(), found.part, found.rcode)))
        };
        let name = b"\x01A\x04teST\0\0\x01\0\x01";
        assert_eq!(read(0x0100, name), Ok(Some(("A.teST".into(), Part::Question, None))));
        assert_eq!(read(0x8583, name), Ok(Some(("A.teST".into(), Part::Answer, Some(3)))));
        assert_eq!(read(0, b"\0\0\x02\0\x01"), Ok(Some((".".into(), Part::Question, None))));
        assert_eq!(read(0, b"\x05a.\\\x1b\xff\0\0\x01\0\x01").unwrap().unwrap().0, r"a\.\\\027\255");
        // An update (RFC 2136) and a notification.
        assert_eq!([read(0x2800, name), read(0x2400, name)], [Ok(None), Ok(None)]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let mut questions = Questions::default();
        let mut why = |question: &[u8]| questions.read(&message(0, question)).unwrap_err();
        assert_eq!(why(b"\x05abc"), Unreadable::Short);
        assert_eq!(why(b"\x01a\0\0\x01\0"), Unreadable::Short);
        assert_eq!(why(b"\x01a\x40"), Unreadable::Label(0x40));
        assert_eq!(why(b"\xc0\x0c\0\x01\0\x01"), Unreadable::Pointer);
        assert_eq!(why(b"\x01a\xc0\x0e\0\x01\0\x01"), Unreadable::Pointer);
        assert_eq!(why(&[b"\x3f".to_vec(), vec![b'a'; 63]].concat().repeat(4)), Unreadable::Long);
        assert_eq!(questions.read(&[0; 11]), Err(Unreadable::Short));
    }

    #[test]
    fn a_question_may_point_into_the_header() {
        // The identifier is the root's octet and more: legal, and nobody does it.
        let octets = message(0, b"\x01a\xc0\x00\0\x01\0\x01");
        assert_eq!(Questions::default().read(&octets).unwrap().unwrap().name, "a");
    }

    #[test]
    fn the_longest_name_is_read() {
        let labels = [vec![63; 1], vec![b'a'; 63]].concat();
        let name = [labels.repeat(3), vec![61], vec![b'a'; 61], vec![0, 0, 1, 0, 1]].concat();
        assert_eq!(Questions::default().read(&message(0, &name)).unwrap().unwrap().name.len(), 253);
    }
}
