//! How many files and connections this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that are needed beside connections: events, listeners, threads, and what the program around holds.
const OTHERS: u64 = 128;

/// Raises the limit to what the system allows this process, and returns how many connections each of `listeners` may have.
pub(crate) fn raise(listeners: usize) -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // Whoever set it lower for old programs (those that use select) did not mean this one.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok();
    let files = if raised { maximum } else { current };
    files.map_or(usize::MAX, |files| share(files, listeners))
}

/// The connections of each of `listeners` among `files`.
fn share(files: u64, listeners: usize) -> usize {
    let connections = usize::try_from(files.saturating_sub(OTHERS)).unwrap_or(usize::MAX);
    (connections / listeners.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_share_what_is_left() {
        assert_eq!((share(1024, 2), share(1024, 0), share(100, 3)), (448, 896, 1));
    }

    #[test]
    fn the_limit_is_as_high_as_it_may_be() {
        let before = getrlimit(Resource::Nofile);
        let connections = raise(1);
        let after = getrlimit(Resource::Nofile);
        assert_eq!(after.current, before.maximum);
        assert!(connections >= 1);
    }
}
