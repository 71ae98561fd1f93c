//! No family allocates memory for a name.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use dga::{FAMILIES, Selection};

/// Counts what the thread allocates.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all work is the system allocator's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract, and the system allocator has the same one.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn a_list_costs_a_few_allocations_however_long_it_is() {
    let words = support::word_lists();
    let at = "2021-03-05T13:00:00Z".parse().expect("a moment");
    for family in FAMILIES {
        let configurations = family
            .configurations(&Selection { preset: Some(dga::ALL.into()), ..Selection::default() }, &[])
            .expect("presets");
        for configuration in configurations {
            let generator = match family.bind_configuration(&configuration, &words) {
                Ok(generator) => generator,
                Err(error) => {
                    support::skip(&error.to_string());
                    continue;
                }
            };
            let mut names = Vec::with_capacity(2_000);
            let before = ALLOCATIONS.get();
            let made = generator.list(at).expect("a list").fill(2_000, &mut names);
            let allocations = ALLOCATIONS.get() - before;
            let allowed = 12.max(made / 50);
            assert!(allocations <= allowed, "{}: {allocations} allocations for {made} names", family.info().name);
        }
    }
}
