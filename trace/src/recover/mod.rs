//! Unknown seeds, found from names that were captured.
