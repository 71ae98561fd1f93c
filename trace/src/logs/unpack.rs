//! Streams packed with gzip or zstd, told by their first octets.

use std::fmt;
use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;

/// RFC 1952 section 2.3.1.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// RFC 8878 section 3.1.1, in the octets' order on disk.
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// RFC 8878 section 3.1.2: 0x184D2A50 to 0x184D2A5F; the first octet varies.
const SKIPPABLE: &[u8] = &[0x2a, 0x4d, 0x18];

/// How a stream is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// It is not.
    Plain,
    /// gzip (RFC 1952), of one member or of several one after the other.
    Gzip,
    /// zstd (RFC 8878), of one frame or of several, skippable ones among them.
    Zstd,
}

impl Packing {
    /// How a stream that begins so is packed.
    fn of(magic: &[u8]) -> Self {
        if magic.starts_with(GZIP) {
            Self::Gzip
        } else if magic.starts_with(ZSTD)
            || magic.first().is_some_and(|first| first & 0xf0 == 0x50 && magic[1..].starts_with(SKIPPABLE))
        {
            Self::Zstd
        } else {
            Self::Plain
        }
    }
}

/// Looks at the first octets of a stream and returns what is packed in it.
///
/// # Errors
///
/// The source fails.
pub(super) fn unpack<'r>(source: impl Read + Send + 'r) -> io::Result<(Packing, Box<dyn Read + Send + 'r>)> {
    let mut source = Source(source);
    let mut magic = Vec::new();
    Read::by_ref(&mut source).take(ZSTD.len() as u64).read_to_end(&mut magic).map_err(own)?;
    let packing = Packing::of(&magic);
    let whole = Cursor::new(magic).chain(source);
    let unpacked: Box<dyn Read + Send + 'r> = match packing {
        Packing::Plain => Box::new(whole),
        Packing::Gzip => Box::new(Unpacked(MultiGzDecoder::new(whole))),
        Packing::Zstd => Box::new(Unpacked(zstd::Decoder::new(whole)?)),
    };
    Ok((packing, unpacked))
}

/// A source whose failures can be told from those of a decoder above it.
struct Source<R>(R);

/// A failure of the source.
#[derive(Debug)]
struct SourceFailed(io::Error);

/// What a decoder says of octets that are no packed stream.
#[derive(Debug)]
struct Undecodable(io::Error);

/// A decoder whose own failures are marked.
struct Unpacked<R>(R);

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, SourceFailed(error)),
        })
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| match error.get_ref() {
            Some(inner) if inner.is::<SourceFailed>() => error,
            _ if error.kind() == io::ErrorKind::Interrupted => error,
            _ => io::Error::new(io::ErrorKind::InvalidData, Undecodable(error)),
        })
    }
}

/// The source's own failure, without the mark.
pub(super) fn own(error: io::Error) -> io::Error {
    match error.downcast::<SourceFailed>() {
        Ok(SourceFailed(error)) => error,
        Err(error) => error,
    }
}

/// What a decoder complained about; the error itself if it was not a decoder.
pub(super) fn complaint(error: io::Error) -> Result<String, io::Error> {
    error.downcast::<Undecodable>().map(|Undecodable(error)| error.to_string())
}

impl fmt::Display for SourceFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for SourceFailed {}

impl std::error::Error for Undecodable {}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(octets: &[u8]) -> (Packing, Vec<u8>, Option<String>) {
        let (packing, mut stream) = unpack(octets).unwrap();
        let mut text = Vec::new();
        let failure = stream.read_to_end(&mut text).err();
        (packing, text, failure.map(|error| complaint(error).unwrap()))
    }

    #[test]
    fn all_members_and_frames_are_unpacked() {
        assert_eq!(unpacked(&[gzip(b"one\n"), gzip(b"two\n")].concat()), (Packing::Gzip, b"one\ntwo\n".into(), None));
        let frame = |text: &[u8]| zstd::encode_all(text, 1).unwrap();
        let skippable = [&[0x5c, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        let frames = [skippable.clone(), frame(b"one\n"), skippable, frame(b"two\n")].concat();
        assert_eq!(unpacked(&frames), (Packing::Zstd, b"one\ntwo\n".into(), None));
        for text in [&b""[..], b"\x1f", b"plain text"] {
            assert_eq!(unpacked(text), (Packing::Plain, text.into(), None));
        }
    }

    #[test]
    fn a_torn_stream_gives_what_was_whole() {
        let octets = gzip("some text that repeats, some text that repeats\n".repeat(50).as_bytes());
        let (packing, text, complaint) = unpacked(&octets[..octets.len() - 9]);
        assert_eq!((packing, text.starts_with(b"some text")), (Packing::Gzip, true));
        assert!(complaint.is_some());
    }

    #[test]
    fn a_failing_source_is_not_a_damaged_stream() {
        struct Gone;
        impl Read for Gone {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let octets = gzip(b"text");
        let (_, mut stream) = unpack(octets[..10].chain(Gone)).unwrap();
        let error = stream.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(own(complaint(error).unwrap_err()).to_string(), "gone");
        assert_eq!(unpack(Gone).err().unwrap().to_string(), "gone");
    }
}
