//! An index of names: which generator may have made a name, and for which period.
