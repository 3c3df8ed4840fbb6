//! A newer build of the page: it is offered, and nothing is lost when it is taken.

use super::Driver;
use crate::browser::update;
use crate::state::App;
use crate::strings::update as text;

/// Shows the offer once there is one.
pub(super) fn watch(app: App) {
    update::watch(move || app.update.set(true));
}

impl Driver {
    /// What is written lies in storage before the page goes; what could not be stored stays.
    pub(super) fn reload(&self) {
        self.keep_drafts();
        let is_demo = self
            .app
            .account
            .with_untracked(|account| account.as_ref().is_some_and(|it| it.is_demo()));
        let is_kept = !self.app.volatile.get_untracked() && self.app.drafts.are_kept();
        if !is_kept && !is_demo {
            self.app.tell(text::not_yet().to_owned());
        } else {
            update::reload();
        }
    }
}
