//! Lines of a stream, as many at once as have come.

use std::io::{ErrorKind, Read};

use crate::exit::Failure;

/// Bytes that are read at once. Many lines together are looked up faster than one by one.
const CHUNK: usize = 1 << 20;

/// Hands over the lines of `input` without their ends, as many at once as are there: lines that come slowly are not kept
/// waiting for others.
pub(super) fn batches(
    mut input: impl Read,
    mut take: impl FnMut(&[&[u8]]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut buffer = vec![0; CHUNK];
    let mut kept = 0;
    loop {
        let read = match input.read(&mut buffer[kept..]) {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failure::environment(format_args!("cannot read standard input: {error}"))),
        };
        let filled = kept + read;
        let whole = match memchr::memrchr(b'\n', &buffer[..filled]) {
            // At the end, and where a line is longer than any name, what is there is a line.
            _ if read == 0 => filled,
            None if filled == buffer.len() => filled,
            Some(end) => end + 1,
            None => 0,
        };
        let mut begin = 0;
        let ends = memchr::memchr_iter(b'\n', &buffer[..whole]).chain([whole]);
        let lines: Vec<&[u8]> = ends.map(|end| &buffer[std::mem::replace(&mut begin, end + 1).min(end)..end]).collect();
        take(&lines)?;
        if read == 0 {
            return Ok(());
        }
        buffer.copy_within(whole..filled, 0);
        kept = filled - whole;
    }
}
