//! A way through the tree of a file: from a value's path to its place.

use std::ops::Range;

use super::marks::{Key, Kind, Node};

/// A value of the file, reached from the root by keys and indices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    node: &'a Node,
    key: Option<&'a Key>,
}

impl<'a> Place<'a> {
    /// The whole file.
    pub(super) fn root(node: &'a Node) -> Self {
        Self { node, key: None }
    }

    /// The value under `key`; this value itself where the file leaves the key out.
    #[must_use]
    pub(super) fn key(self, key: &str) -> Self {
        self.node.entry(key).map_or(self, |(key, node)| Self { node, key: Some(key) })
    }

    /// The values of a mapping, in the file's order.
    pub(super) fn entries(self) -> impl Iterator<Item = Self> {
        let entries = match &self.node.kind {
            Kind::Mapping(entries) => entries.as_slice(),
            Kind::Scalar { .. } | Kind::Sequence(_) => &[],
        };
        entries.iter().map(|(key, node)| Self { node, key: Some(key) })
    }

    /// Whether the file has `key` here.
    pub(super) fn has(self, key: &str) -> bool {
        self.node.entry(key).is_some()
    }

    /// The item at `index` of a list.
    #[must_use]
    pub(super) fn index(self, index: usize) -> Self {
        match &self.node.kind {
            Kind::Sequence(items) => items.get(index).map_or(self, |node| Self { node, key: None }),
            Kind::Scalar { .. } | Kind::Mapping(_) => self,
        }
    }

    /// What to put the caret under: a scalar, or the key that leads to a list or mapping.
    pub(super) fn caret(self) -> Range<usize> {
        caret(self.node, self.key)
    }

    /// The key that leads here, or else the value.
    pub(super) fn key_caret(self) -> Range<usize> {
        self.key.map_or_else(|| self.caret(), |key| key.span.clone())
    }
}

/// What to put the caret under for `node`, which stands under `key`.
pub(super) fn caret(node: &Node, key: Option<&Key>) -> Range<usize> {
    match (&node.kind, key) {
        (Kind::Scalar { .. }, _) if !node.span.is_empty() => node.span.clone(),
        (_, Some(key)) => key.span.clone(),
        (Kind::Mapping(entries), None) => entries.first().map_or(node.span.clone(), |(key, _)| key.span.clone()),
        (Kind::Sequence(items), None) => items.first().map_or(node.span.clone(), |item| caret(item, None)),
        (Kind::Scalar { .. }, None) => node.span.clone(),
    }
}
