//! [`JsonArray`]: an array of JSON that is written element by element, one a line.

use std::io::{self, Write};

use serde::Serialize;

/// An array that has begun.
#[derive(Debug)]
pub(crate) struct JsonArray {
    is_empty: bool,
}

impl JsonArray {
    /// Begins an array.
    pub(crate) fn begin(file: &mut dyn Write) -> io::Result<Self> {
        file.write_all(b"[")?;
        Ok(Self { is_empty: true })
    }

    /// Writes the next element.
    pub(crate) fn add(&mut self, file: &mut dyn Write, element: &impl Serialize) -> io::Result<()> {
        file.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
        self.is_empty = false;
        Ok(serde_json::to_writer(file, element)?)
    }

    /// Ends it.
    pub(crate) fn finish(self, file: &mut dyn Write) -> io::Result<()> {
        file.write_all(if self.is_empty { b"]" } else { b"\n]" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_any_length() {
        for length in 0..4 {
            let expected: Vec<u8> = (0..length).collect();
            let mut text = Vec::new();
            let mut array = JsonArray::begin(&mut text).expect("in memory");
            for element in &expected {
                array.add(&mut text, element).expect("in memory");
            }
            array.finish(&mut text).expect("in memory");
            assert_eq!(serde_json::from_slice::<Vec<u8>>(&text).expect("an array"), expected);
        }
    }
}
