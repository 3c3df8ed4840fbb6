//! What a failed test leaves behind. A panic in WebAssembly drops nothing: what stands in for the
//! browser's own is taken away where the panic is told, and a page when the next one is mounted
//! (`screen.rs`). So one failure is one failure.

use std::cell::RefCell;
use std::panic;
use std::sync::Once;

type Act = Box<dyn FnOnce()>;

thread_local! {
    static LEFT: RefCell<Vec<(u32, Act)>> = const { RefCell::new(Vec::new()) };
}

/// Undoes something when it is dropped, or when the test fails.
pub(crate) struct Undo(u32);

impl Undo {
    pub(crate) fn by(undo: impl FnOnce() + 'static) -> Self {
        static HOOK: Once = Once::new();
        // After a panic no hook can be set any more: in WebAssembly a thread goes on panicking.
        if !std::thread::panicking() {
            HOOK.call_once(|| {
                let tell = panic::take_hook();
                panic::set_hook(Box::new(move |panic| {
                    tell(panic);
                    // What an earlier test's page does too late is none of this one's business.
                    let is_own = |at: &panic::Location| at.file().starts_with("tests/");
                    if !panic.location().is_some_and(is_own) {
                        return;
                    }
                    for (_, undo) in LEFT.take().into_iter().rev() {
                        undo();
                    }
                }));
            });
        }
        LEFT.with_borrow_mut(|left| {
            let number = left.last().map_or(0, |(number, _)| number + 1);
            left.push((number, Box::new(undo)));
            Self(number)
        })
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        let undo = LEFT.with_borrow_mut(|left| {
            let at = left.iter().position(|(number, _)| *number == self.0)?;
            Some(left.remove(at).1)
        });
        if let Some(undo) = undo {
            undo();
        }
    }
}
