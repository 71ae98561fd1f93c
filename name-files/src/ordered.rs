//! Work on several threads whose results are taken in the order of the pieces, within bounded memory.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// How many results of one piece may wait to be taken.
const WAITING: usize = 8;

/// Works on `pieces` on so many `threads` (at least one), and hands every result to `take` in the order in which one
/// thread would have made it. `work` sends its results one by one and ends early when nobody takes them any more.
///
/// # Errors
///
/// The first error of `take`; the work stops soon after it.
pub(crate) fn ordered<P: Sync, R: Send, E>(
    threads: usize,
    pieces: &[P],
    work: impl Fn(&P, &SyncSender<R>) + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.clamp(1, pieces.len().max(1));
    // A piece's results wait in a channel of their own; the channels wait in the order of the pieces.
    let (queue, results) = sync_channel::<Receiver<R>>(threads);
    let next = Mutex::new(pieces.iter());
    thread::scope(|scope| {
        for _ in 0..threads {
            let (queue, next, work) = (queue.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let Ok(mut next) = next.lock() else { return };
                    let Some(piece) = next.next() else { return };
                    let (sender, receiver) = sync_channel(WAITING);
                    // Still under the lock: the queue has the order of the pieces.
                    if queue.send(receiver).is_err() {
                        return;
                    }
                    drop(next);
                    work(piece, &sender);
                }
            });
        }
        // The queue ends with the last thread that could add to it, also if that panics.
        drop(queue);
        let taken = pieces.iter().try_for_each(|_| {
            let Ok(piece) = results.recv() else { return Ok(()) };
            piece.into_iter().try_for_each(&mut take)
        });
        // Whoever waits to send finds nobody there.
        drop(results);
        taken
    })
}

#[cfg(test)]
mod tests {
    use super::ordered;

    #[test]
    fn in_order_with_any_number_of_threads() {
        let pieces: Vec<u32> = (0..40).collect();
        let expected: Vec<u32> =
            pieces.iter().flat_map(|piece| (0..piece % 30).map(move |n| piece * 100 + n)).collect();
        for threads in [0, 1, 2, 7, 100] {
            let mut taken = Vec::new();
            let done: Result<(), ()> = ordered(
                threads,
                &pieces,
                |piece, results| (0..piece % 30).for_each(|n| results.send(piece * 100 + n).expect("taken")),
                |result| {
                    taken.push(result);
                    Ok(())
                },
            );
            assert_eq!((done, &taken), (Ok(()), &expected), "{threads} threads");
        }
    }

    #[test]
    fn ends_when_the_taker_fails() {
        let pieces: Vec<u32> = (0..1_000).collect();
        let work = |piece: &u32, results: &std::sync::mpsc::SyncSender<u32>| {
            let _ = (0..100).try_for_each(|_| results.send(*piece));
        };
        let failed = ordered(3, &pieces, work, |piece| if piece < 5 { Ok(()) } else { Err(piece) });
        assert_eq!(failed, Err(5));
        assert_eq!(ordered(3, &[], work, |_| Err("nothing is taken")), Ok(()));
    }
}
