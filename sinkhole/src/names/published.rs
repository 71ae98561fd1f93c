//! The table of the moment. Whoever answers takes it once for a whole batch, so that a new one costs no question its
//! answer and no lock is held while one is looked up.

use std::sync::{Arc, PoisonError, RwLock};

use crate::names::Names;

/// Where the table of the moment is found.
#[derive(Debug)]
pub(crate) struct Published(RwLock<Arc<Names>>);

impl Published {
    /// Publishes a first table.
    pub(crate) fn new(names: Names) -> Self {
        Self(RwLock::new(Arc::new(names)))
    }

    /// The table of the moment.
    pub(crate) fn now(&self) -> Arc<Names> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another table in its place, and gives back the one before, which others may still be looking into.
    pub(crate) fn publish(&self, names: Names) -> Arc<Names> {
        let mut now = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut now, Arc::new(names))
    }

    /// Changes the table. Questions that are being answered meanwhile see the one before.
    pub(crate) fn change<Value>(&self, change: impl FnOnce(&mut Names) -> Value) -> Value {
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut names))
    }
}
