//! What the browser hints at: none of it is believed, all of it is a reason to look.

use switchboard_protocol::client::ClientFrame;

use super::Client;
use super::link::no_close;
use crate::connection::State;
use crate::io::{Change, Lifecycle, Now, Output};

/// A page that was hidden and did not come back by `pageshow` tries again after this long, ms.
const AFTER_PAGEHIDE: u64 = 30_000;

impl Client {
    pub(super) fn lifecycle(&mut self, now: Now, event: Lifecycle) {
        match event {
            Lifecycle::Online => self.online_again(now),
            // `navigator.onLine` lies both ways: ask the server instead of believing it.
            Lifecycle::Offline => self.ping(now, true),
            Lifecycle::Visible | Lifecycle::PageShow => {
                self.set_visible(true);
                self.woken(now);
            }
            Lifecycle::Hidden => self.set_visible(false),
            Lifecycle::Resume => self.woken(now),
            // Timers stop and frames queue up; `Resume` or a late timer tells afterwards.
            Lifecycle::Freeze => {}
            Lifecycle::PageHide => self.page_hide(now),
        }
    }

    fn set_visible(&mut self, visible: bool) {
        self.visible = visible;
        if let Some(session) = &mut self.session {
            session.connection.set_visible(visible);
        }
    }

    fn online_again(&mut self, now: Now) {
        let wait = self.rng.up_to(1_000);
        let Some(session) = &mut self.session else {
            return;
        };
        if let State::Waiting { at, not_before } = &mut session.connection.state {
            *at = (now.mono + wait).max(*not_before);
            session.connection.attempt = 0;
            self.changed(Change::Status);
        } else {
            self.ping(now, true);
        }
    }

    /// Somebody looks, or the page may have missed some time: come back, or make sure.
    pub(super) fn woken(&mut self, now: Now) {
        let Some(session) = &mut self.session else {
            return;
        };
        if let State::Waiting { at, not_before } = &mut session.connection.state {
            *at = now.mono.max(*not_before);
            self.changed(Change::Status);
        } else {
            self.ping(now, true);
        }
    }

    /// Notices that the machine slept: one clock stood still while the other went on.
    pub(super) fn watch_clocks(&mut self, now: Now) {
        let Some(before) = self.last.replace(now) else {
            return;
        };
        let mono = now.mono.saturating_sub(before.mono);
        let wall = now.wall.saturating_sub(before.wall);
        let slept = wall.saturating_sub(mono);
        let Some(session) = &self.session else { return };
        if !session.account.profile.is_own() {
            // Nobody answers pings here, and the platform ends what was idle for so long: what was
            // handed to a dead socket would be lost.
            if wall.max(mono) > self.config.idle
                && let Some(socket) = session.connection.up().map(|up| up.socket)
            {
                self.outputs.push_back(Output::Disconnect(socket));
                self.lost(now, no_close());
                self.woken(now);
            }
        } else if slept > self.config.sleep {
            if let Some(up) = self.up_mut() {
                up.slept(slept);
            }
            self.woken(now);
        }
    }

    fn page_hide(&mut self, now: Now) {
        let Some(session) = &mut self.session else {
            return;
        };
        if matches!(
            session.connection.state,
            State::Idle | State::Stopped(_) | State::Waiting { .. }
        ) {
            return;
        }
        if let Some(socket) = session.connection.up().map(|up| up.socket)
            && session.account.profile.is_own()
        {
            self.transmit(socket, &ClientFrame::Bye);
        }
        // An open socket would keep the page out of the back/forward cache.
        self.disconnect_all();
        self.let_go();
        if let Some(session) = &mut self.session {
            session.connection.state = State::Waiting {
                at: now.mono + AFTER_PAGEHIDE,
                not_before: 0,
            };
        }
    }
}
