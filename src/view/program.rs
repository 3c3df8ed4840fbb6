//! The static string that `view!` makes of a view's elements.
//!
//! It is a row of signs, each a control character with a text behind it (`crates/view`). What is
//! the same for every view of a program is made once, in `document.js`, and cloned from then on;
//! here is only asked what stands in no other element.

use std::cell::RefCell;
use std::rc::Rc;

use switchboard_protocol::sorted::SortedMap;

use super::document;

const OPEN: u8 = 1;
const CLOSE: u8 = 2;
const TEXT: u8 = 5;
const CHILD: u8 = 14;

/// The program of a view that shows nothing: one empty text.
pub(super) const NOTHING: &str = "\u{5}";

/// The program of one place.
pub(super) const PLACE: &str = "\u{e}";

/// A program that `document.js` has learned.
pub(super) struct Program {
    text: &'static str,
    /// What `document.js` calls it.
    pub(super) number: u32,
    /// What stands in no other element: the place it is, if it is one.
    pub(super) roots: Vec<Option<usize>>,
}

thread_local! {
    /// Those in use, by their texts' addresses.
    static LEARNED: RefCell<SortedMap<usize, Rc<Program>>> = RefCell::default();
}

impl Program {
    pub(super) fn of(text: &'static str) -> Rc<Self> {
        LEARNED.with_borrow_mut(|learned| {
            let address = text.as_ptr().addr();
            if let Some(program) = learned.get(&address) {
                return program.clone();
            }
            let program = Rc::new(Self {
                text,
                number: document::learn(text),
                roots: roots(text),
            });
            learned.insert(address, program.clone());
            program
        })
    }

    pub(super) fn is(&self, text: &'static str) -> bool {
        std::ptr::eq(self.text, text)
    }
}

fn roots(text: &str) -> Vec<Option<usize>> {
    let (mut roots, mut depth, mut places) = (Vec::new(), 0, 0);
    for byte in text.bytes() {
        match byte {
            OPEN | TEXT | CHILD => {
                if depth == 0 {
                    roots.push((byte == CHILD).then_some(places));
                }
                depth += u32::from(byte == OPEN);
                places += usize::from(byte == CHILD);
            }
            CLOSE => depth -= 1,
            // Attributes and their values are no places.
            3 | 4 | b'\n' | b' '.. => {}
            _ => places += 1,
        }
    }
    roots
}
