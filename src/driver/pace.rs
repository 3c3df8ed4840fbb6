//! At most one projection a painted frame: what comes by itself is shown at once, what follows in
//! the same frame with the next one. A message that somebody reads comes before everything around
//! it (the sidebar, what is spoken), which is shown once the message is painted. Where showing makes
//! frames late, twice as much time goes by before more is shown: what arrives is heard meanwhile,
//! and so is the person.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::view::request_animation_frame;
use switchboard_client::Change;
use switchboard_protocol::ConversationId;

use crate::browser::clock;
use crate::browser::timer::Timer;

/// How long the next frame is waited for, ms: a page that is hidden or covered paints none.
const LATEST: u64 = 250;

/// A frame later than this is late, ms: two at 60 a second.
const LATE: u64 = 34;

/// Whether the composer waits for it.
pub(super) fn is_answer(change: &Change) -> bool {
    matches!(change, Change::Accepted { .. } | Change::Refused(..))
}

/// Changes not shown yet, and whether something was shown in the current frame.
pub(super) struct Pace {
    /// What is projected as a whole, each once.
    marks: RefCell<Vec<Change>>,
    /// What counts each time it happens.
    events: RefCell<Vec<Change>>,
    waits: Rc<Cell<bool>>,
    /// Whether all that has gathered is what stands around a message that is shown.
    is_rest: Rc<Cell<bool>>,
    /// Shows what has gathered, where no frame does or the frame was late.
    timer: Rc<RefCell<Timer>>,
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
            is_rest: Rc::default(),
            timer: Rc::new(RefCell::new(Timer::new(move || late()))),
            next,
        }
    }

    /// Gathers changes. Whether they are to be shown now.
    pub(super) fn add(&self, changes: Vec<Change>) -> bool {
        let mut now = !self.waits.get();
        // That it is read is known in the same task as the message.
        let is_around = |change: &Change| {
            matches!(
                change,
                Change::Conversations | Change::Received(..) | Change::Presence
            )
        };
        if !changes.iter().all(is_around) {
            self.is_rest.set(false);
        }
        let mut marks = self.marks.borrow_mut();
        for change in changes {
            match change {
                Change::Status
                | Change::Conversations
                | Change::Timeline(_)
                | Change::Appended(_)
                | Change::Presence => {
                    if !marks.contains(&change) {
                        marks.push(change);
                    }
                }
                Change::Received(..)
                | Change::Signal(..)
                | Change::Accepted { .. }
                | Change::Refused(..) => {
                    now |= is_answer(&change);
                    self.events.borrow_mut().push(change);
                }
            }
        }
        now
    }

    /// That texts came to the conversation on screen, if that is all that changed there and nobody
    /// waits for an answer.
    pub(super) fn take_appended(&self, open: &ConversationId) -> Option<Change> {
        let mut marks = self.marks.borrow_mut();
        let appended = |it: &Change| matches!(it, Change::Appended(place) if place == open);
        let whole = |it: &Change| matches!(it, Change::Timeline(place) if place == open);
        let at = marks.iter().position(appended)?;
        let has_answer = self.events.borrow().iter().any(is_answer);
        if self.waits.get() || has_answer || marks.iter().any(whole) {
            return None;
        }
        self.is_rest.set(true);
        Some(marks.remove(at))
    }

    /// What has gathered.
    pub(super) fn take(&self) -> Vec<Change> {
        self.is_rest.set(false);
        let mut changes = self.marks.take();
        changes.append(&mut self.events.borrow_mut());
        changes
    }

    /// Something was shown: the rest of this frame gathers.
    pub(super) fn shown(&self) {
        if !self.waits.replace(true) {
            let (next, timer) = (self.next.clone(), self.timer.clone());
            let is_rest = self.is_rest.clone();
            let since = clock::now().mono;
            request_animation_frame(move || {
                let took = clock::now().mono.saturating_sub(since);
                if took > LATE {
                    timer.borrow_mut().arm(Some((2 * took).min(LATEST)));
                } else if is_rest.get() {
                    timer.borrow_mut().arm(Some(0));
                } else {
                    next();
                }
            });
            self.timer.borrow_mut().arm(Some(LATEST));
        }
    }
}
