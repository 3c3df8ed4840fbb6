//! At most one projection a painted frame: what comes by itself is shown at once, what follows in
//! the same frame with the next one. Where more comes in a frame than anybody can read, fewer: ten
//! thousand messages at once are some ten projections.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::view::request_animation_frame;
use switchboard_client::Change;

use crate::browser::timer::Timer;

/// How long the next frame is waited for, ms: a page that is hidden or covered paints none.
const LATEST: u64 = 100;

/// So many messages at once fill more than a screen: nobody reads them before the next ones.
const FLOOD: usize = 100;
/// How long the next projection waits in a flood, ms.
const FLOODED: u64 = 200;

/// Changes not shown yet, and whether something was shown in the current frame.
pub(super) struct Pace {
    /// What is projected as a whole, each once.
    marks: RefCell<Vec<Change>>,
    /// What counts each time it happens.
    events: RefCell<Vec<Change>>,
    waits: Rc<Cell<bool>>,
    /// Fires where no frame does.
    timer: RefCell<Timer>,
    /// Shows what has gathered; called once a frame.
    next: Rc<dyn Fn()>,
}

impl Pace {
    /// `show` takes what has gathered ([`Pace::take`]) and shows it.
    pub(super) fn new(show: impl Fn() + 'static) -> Self {
        let waits = Rc::<Cell<bool>>::default();
        let waited = waits.clone();
        let next: Rc<dyn Fn()> = Rc::new(move || {
            if waited.replace(false) {
                show();
            }
        });
        let late = next.clone();
        Self {
            marks: RefCell::default(),
            events: RefCell::default(),
            waits,
            timer: RefCell::new(Timer::new(move || late())),
            next,
        }
    }

    /// Gathers changes. Whether they are to be shown now.
    pub(super) fn add(&self, changes: Vec<Change>) -> bool {
        let mut now = !self.waits.get();
        let mut marks = self.marks.borrow_mut();
        for change in changes {
            match change {
                Change::Status | Change::Conversations | Change::Timeline(_) | Change::Presence => {
                    if !marks.contains(&change) {
                        marks.push(change);
                    }
                }
                Change::Received(..) | Change::Signal(..) => self.events.borrow_mut().push(change),
                // The composer waits for these.
                Change::Accepted { .. } | Change::Refused(..) => {
                    now = true;
                    self.events.borrow_mut().push(change);
                }
            }
        }
        now
    }

    /// What has gathered.
    pub(super) fn take(&self) -> Vec<Change> {
        let mut changes = self.marks.take();
        changes.append(&mut self.events.borrow_mut());
        changes
    }

    /// These changes were shown: the rest of this frame gathers.
    pub(super) fn shown(&self, changes: &[Change]) {
        if changes.is_empty() || self.waits.replace(true) {
            return;
        }
        let is_message = |change: &&Change| matches!(change, Change::Received(..));
        let mut timer = self.timer.borrow_mut();
        if changes.iter().filter(is_message).count() < FLOOD {
            let next = self.next.clone();
            request_animation_frame(move || next());
            timer.arm(Some(LATEST));
        } else {
            timer.arm(Some(FLOODED));
        }
    }
}
