//! A YAML file as a tree of which every key and value knows its place.
//!
//! This parse comes before all others: it refuses what a scenario has no use for (anchors, tags, several documents,
//! deep nesting) and finds duplicate keys in every mapping.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::problem::Problem;

/// How deep lists and mappings may be nested; a scenario needs eight levels.
const DEEPEST: usize = 32;

/// So many mappings that are written twice are merged; in a file with more of them it helps nobody.
const MERGED: usize = 100;

/// A value of the file.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its place, in bytes.
    pub(super) span: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Text; a plain one may stand for a number, a truth value or nothing.
    Scalar { text: String, plain: bool },
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping, in the file's order, without duplicates.
    Mapping(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Its text.
    pub(super) text: String,
    /// Its place, in bytes.
    pub(super) span: Range<usize>,
}

impl Node {
    /// The value under `key`, with the key.
    pub(super) fn entry(&self, key: &str) -> Option<&(Key, Self)> {
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().find(|(written, _)| written.text == key),
            Kind::Scalar { .. } | Kind::Sequence(_) => None,
        }
    }
}

/// Reads `text` into a tree. Duplicate keys are added to `problems` and left out of the tree.
///
/// # Errors
///
/// The text is not YAML, or uses what a scenario may not use; there is no tree then.
pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Result<Node, Problem> {
    let places = Places::new(text);
    let mut reader = Reader { places, open: Vec::new(), root: None, problems, references: None };
    let mut parser = Parser::new_from_str(text);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| reader.not_yaml(text, &error))?;
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    let place = reader.places.range(span);
                    return Err(Problem::at(place, "a second document begins here")
                        .hint("keep one scenario in a file, and remove the line `---`"));
                }
            }
            Event::Alias(_) => {
                reader.reference(span);
                reader.value(Node { span: reader.places.range(span), kind: nothing() });
            }
            Event::Scalar(text, style, anchor, tag) => {
                reader.decoration(span, anchor, tag.is_some())?;
                let plain = style == ScalarStyle::Plain;
                let kind = Kind::Scalar { text: text.into_owned(), plain };
                reader.value(Node { span: reader.places.range(span), kind });
            }
            Event::SequenceStart(anchor, tag) => {
                reader.decoration(span, anchor, tag.is_some())?;
                reader.enter(span, Open::Sequence(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                reader.decoration(span, anchor, tag.is_some())?;
                reader.enter(span, Open::Mapping { entries: Vec::new(), seen: HashMap::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => reader.leave(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
    if let Some((place, count)) = reader.references.take() {
        let more = if count > 1 { format!(" ({count} in this file)") } else { String::new() };
        return Err(reference(place, &more));
    }
    reader.root.ok_or_else(|| {
        let message = if text.trim().is_empty() { "the file is empty" } else { "the file holds only comments" };
        Problem::at(0..0, message)
            .hint("a scenario begins with `version: 1`; `hydrabane schema` prints what it may hold")
    })
}

/// A list or mapping whose end has not come yet.
enum Open {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<(Key, Node)>, seen: HashMap<String, (Range<usize>, usize)>, key: Option<PendingKey> },
}

/// A key whose value comes next.
enum PendingKey {
    /// Seen for the first time.
    New(Key),
    /// Seen before, at this index of the mapping. What a second mapping adds to the first is read on, so that
    /// nothing seems to be missing.
    Again(usize),
    /// No text: its value is left out.
    LeftOut,
}

struct Reader<'p> {
    places: Places,
    open: Vec<(Range<usize>, Open)>,
    root: Option<Node>,
    problems: &'p mut Vec<Problem>,
    /// Where the first anchor or alias stands, and how many there are.
    references: Option<(Range<usize>, usize)>,
}

impl Reader<'_> {
    fn enter(&mut self, span: Span, open: Open) -> Result<(), Problem> {
        if self.open.len() >= DEEPEST {
            return Err(too_deep(self.places.range(span)));
        }
        self.open.push((self.places.range(span), open));
        Ok(())
    }

    fn leave(&mut self, span: Span) {
        let Some((start, open)) = self.open.pop() else { return };
        let kind = match open {
            Open::Sequence(items) => Kind::Sequence(items),
            Open::Mapping { entries, .. } => Kind::Mapping(entries),
        };
        let end = self.places.range(span).end.max(start.end);
        self.value(Node { span: start.start..end, kind });
    }

    /// A whole value has been read: it is a key, belongs to a key or a list, or is the root.
    fn value(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((_, Open::Sequence(items))) => items.push(node),
            Some((_, Open::Mapping { entries, seen, key })) => match key.take() {
                Some(PendingKey::New(written)) => entries.push((written, node)),
                Some(PendingKey::Again(first)) if self.problems.len() < MERGED => merge(&mut entries[first].1, node),
                Some(PendingKey::Again(_)) => {}
                Some(PendingKey::LeftOut) => {}
                None => *key = Some(pending(node, seen, entries.len(), self.problems)),
            },
        }
    }

    /// Notes an anchor; refuses a tag.
    fn decoration(&mut self, span: Span, anchor: usize, tagged: bool) -> Result<(), Problem> {
        if anchor != 0 {
            self.reference(span);
        }
        if tagged {
            return Err(Problem::at(self.places.range(span), "tags (`!…`) are not used in a scenario")
                .hint("remove the tag; kinds of layers and acts are written as keys, such as `dga: { … }`"));
        }
        Ok(())
    }

    fn reference(&mut self, span: Span) {
        let place = self.places.range(span);
        self.references.get_or_insert((place, 0)).1 += 1;
    }

    /// A mistake of syntax, in the parser's words, with what most often leads to it.
    fn not_yaml(&self, text: &str, error: &ScanError) -> Problem {
        let start = self.places.byte(error.marker().index());
        let char = text[start..].chars().next().filter(|char| !char.is_whitespace());
        let place = start..start + char.map_or(0, char::len_utf8);
        let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let indentation = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
        if let Some(tab) = text[line..line + indentation].find('\t') {
            return Problem::at(line + tab..line + tab + 1, "a tab in the indentation").hint("indent with blanks");
        }
        if error.info().contains("recursion limit") {
            return too_deep(place);
        }
        if char == Some('*') {
            return reference(place, "");
        }
        let problem = Problem::at(place, format!("not YAML: {}", error.info()));
        if let Some((place, _)) = &self.references {
            return problem.also(place.clone(), "an anchor or alias stands here; a scenario may not use them");
        }
        if matches!(char, Some('@' | '`' | '%')) {
            return problem.hint("a value that begins with this character needs quotation marks");
        }
        if error.info().contains("mapping values are not allowed") {
            return problem
                .hint("indent the keys of one mapping alike, and put a value that holds `: ` in quotation marks");
        }
        problem.hint("look at the indentation and for an open bracket or quotation mark, here or just above")
    }
}

fn too_deep(place: Range<usize>) -> Problem {
    Problem::at(place, format!("nested deeper than {DEEPEST} levels"))
        .hint("a scenario needs eight levels at most; is a bracket left open above?")
}

fn reference(place: Range<usize>, more: &str) -> Problem {
    Problem::at(place, format!("anchors and aliases are not allowed{more}"))
        .hint("write the value out where it is used")
}

/// What a key that has just been read stands for.
fn pending(
    node: Node,
    seen: &mut HashMap<String, (Range<usize>, usize)>,
    count: usize,
    problems: &mut Vec<Problem>,
) -> PendingKey {
    let Kind::Scalar { text, .. } = node.kind else {
        problems.push(
            Problem::at(node.span, "a key must be a word, not a list or mapping").hint("put quotation marks around it"),
        );
        return PendingKey::LeftOut;
    };
    if let Some((first, index)) = seen.get(&text) {
        let message = format!("duplicate key `{text}`");
        problems.push(
            Problem::at(node.span, message)
                .also(first.clone(), "first written here")
                .hint("keep one of the two; a mapping has each key once"),
        );
        return PendingKey::Again(*index);
    }
    seen.insert(text.clone(), (node.span.clone(), count));
    PendingKey::New(Key { text, span: node.span })
}

/// Adds to `first` what `again` has more, where both are mappings.
fn merge(first: &mut Node, again: Node) {
    if let (Kind::Mapping(first), Kind::Mapping(again)) = (&mut first.kind, again.kind) {
        let known: HashSet<String> = first.iter().map(|(key, _)| key.text.clone()).collect();
        first.extend(again.into_iter().filter(|(key, _)| !known.contains(&key.text)));
    }
}

fn nothing() -> Kind {
    Kind::Scalar { text: String::new(), plain: true }
}

/// From the parser's positions, which count characters, to bytes.
struct Places {
    /// First byte of every character and the end; empty when every character is one byte.
    starts: Vec<usize>,
    len: usize,
}

impl Places {
    fn new(text: &str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(start, _)| start).chain([text.len()]).collect()
        };
        Self { starts, len: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.starts.is_empty() {
            character.min(self.len)
        } else {
            self.starts.get(character).copied().unwrap_or(self.len)
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }
}
