//! Where each value of a YAML file stands, by its path: `listen.dns[0]`.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

/// Lines and columns, both from 1, of the values of one file.
#[derive(Debug, Default)]
pub(super) struct Positions(HashMap<String, (usize, usize)>);

/// A collection that is being read.
enum Open {
    /// A mapping, with its path and the key whose value comes next.
    Mapping(String, Option<String>),
    /// A sequence, with its path and the place of the element that comes next.
    Sequence(String, usize),
}

impl Positions {
    /// Reads the positions of a file. What cannot be parsed has none.
    pub(super) fn of(text: &str) -> Self {
        let mut positions = Self::default();
        let mut open: Vec<Open> = Vec::new();
        let mut parser = Parser::new_from_str(text);
        while let Some(Ok((event, span))) = parser.next_event() {
            let place = (span.start.line(), span.start.col() + 1);
            match event {
                Event::Scalar(value, ..) => {
                    if let Some(Open::Mapping(_, key @ None)) = open.last_mut() {
                        *key = Some(value.into_owned());
                    } else {
                        let path = next(&mut open);
                        positions.0.insert(path, place);
                    }
                }
                Event::Alias(_) => {
                    let path = next(&mut open);
                    positions.0.insert(path, place);
                }
                Event::MappingStart(..) => {
                    let path = next(&mut open);
                    positions.0.insert(path.clone(), place);
                    open.push(Open::Mapping(path, None));
                }
                Event::SequenceStart(..) => {
                    let path = next(&mut open);
                    positions.0.insert(path.clone(), place);
                    open.push(Open::Sequence(path, 0));
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    open.pop();
                }
                _ => {}
            }
        }
        positions
    }

    /// Where the value at `path` stands; else the value that holds it.
    pub(super) fn find(&self, path: &str) -> Option<(usize, usize)> {
        let mut path = path;
        loop {
            if let Some(place) = self.0.get(path) {
                return Some(*place);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }
}

/// The path of the value that begins now.
fn next(open: &mut [Open]) -> String {
    match open.last_mut() {
        None => String::new(),
        Some(Open::Mapping(path, key)) => {
            let key = key.take().unwrap_or_default();
            if path.is_empty() { key } else { format!("{path}.{key}") }
        }
        Some(Open::Sequence(path, index)) => {
            *index += 1;
            format!("{path}[{}]", *index - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_found_or_else_what_holds_it() {
        let positions = Positions::of("a:\n  b: [1, two]\n  c: { d: x }\n");
        assert_eq!(positions.find("a.b[1]"), Some((2, 10)));
        assert_eq!(positions.find("a.c.d"), Some((3, 11)));
        assert_eq!(positions.find("a.c.missing"), Some((3, 6)));
        assert_eq!(Positions::of("").find("a"), None);
    }
}
