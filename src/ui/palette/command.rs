//! What can be done by name in the quick switcher.

use switchboard_client::{Phase, Stop};

use super::super::sidebar::{act_on, can_start, mute_label, next_theme, pin_label};
use super::super::sign_out::sign_out;
use crate::state::dialog::Dialog;
use crate::state::marks::Mark;
use crate::state::shortcuts::Action;
use crate::state::{App, Intent};
use crate::strings::{chat, shell as text, status};

/// Something one can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Command {
    New,
    Search,
    ReadAll,
    Pin,
    Mute,
    Export,
    CopyLink,
    Settings,
    Theme,
    Inspector,
    Sheet,
    CopyConnection,
    TryNow,
    SignOut,
}

impl Command {
    /// All of them, in the order they are offered.
    pub(super) const ALL: [Self; 14] = [
        Self::New,
        Self::Search,
        Self::ReadAll,
        Self::Pin,
        Self::Mute,
        Self::Export,
        Self::CopyLink,
        Self::Settings,
        Self::Theme,
        Self::Inspector,
        Self::Sheet,
        Self::CopyConnection,
        Self::TryNow,
        Self::SignOut,
    ];

    /// Its name and its icon.
    pub(super) fn name(self, app: App) -> (&'static str, &'static str) {
        let mark = || {
            let open = app.open.get_untracked();
            open.map_or(Mark::default(), |open| {
                app.shell.marks.with_untracked(|marks| marks.of(&open))
            })
        };
        match self {
            Self::New => (chat::new(), "compose"),
            Self::Search => (text::do_search(), "search"),
            Self::ReadAll => (text::do_read_all(), "checks"),
            Self::Pin => (pin_label(mark()), "pin"),
            Self::Mute => (mute_label(mark()), "mute"),
            Self::Export => (text::export(), "download"),
            Self::CopyLink => (text::copy_link(), "link"),
            Self::Settings => (text::settings(), "settings"),
            Self::Theme => (text::change_theme(), "theme"),
            Self::Inspector => (text::do_inspector(), "frames"),
            Self::Sheet => (text::shortcuts(), "keyboard"),
            Self::CopyConnection => (text::copy_connection(), "copy"),
            Self::TryNow => (status::try_now(), "plug"),
            Self::SignOut => (chat::sign_out(), "leave"),
        }
    }

    /// Whether it can be done now.
    pub(super) fn is_possible(self, app: App) -> bool {
        match self {
            Self::New => can_start(app),
            Self::Pin | Self::Mute | Self::Export | Self::CopyLink => {
                app.open.with_untracked(Option::is_some)
            }
            Self::CopyConnection => app
                .status
                .with_untracked(|status| status.connection.is_some()),
            Self::TryNow => app.status.with_untracked(|status| {
                matches!(
                    status.phase,
                    Phase::Waiting { .. }
                        | Phase::Stopped(Stop::Replaced | Stop::Forbidden | Stop::Protocol)
                )
            }),
            Self::Search
            | Self::ReadAll
            | Self::Settings
            | Self::Theme
            | Self::Inspector
            | Self::Sheet
            | Self::SignOut => true,
        }
    }

    /// The key that does it too.
    pub(super) fn key(self) -> Option<Action> {
        match self {
            Self::Search => Some(Action::Search),
            Self::ReadAll => Some(Action::ReadAll),
            Self::Inspector => Some(Action::Inspector),
            Self::Sheet => Some(Action::Sheet),
            _ => None,
        }
    }

    /// Does it. The quick switcher is closed by then, unless a dialog takes its place.
    pub(super) fn run(self, app: App) {
        let here = |act: &str| {
            if let Some(open) = app.open.get_untracked() {
                act_on(app, act, open);
            }
        };
        match self {
            Self::New => app.show_dialog(Dialog::NewMessage),
            Self::Search => app.search_for(String::new()),
            Self::ReadAll => app.read_all(),
            Self::Pin => here("pin"),
            Self::Mute => here("mute"),
            Self::Export => here("export"),
            Self::CopyLink => here("link"),
            Self::Settings => app.show_dialog(Dialog::Settings),
            Self::Theme => next_theme(app),
            Self::Inspector => app.frames.toggle(),
            Self::Sheet => app.show_dialog(Dialog::Shortcuts),
            Self::CopyConnection => {
                let id = app
                    .status
                    .with_untracked(|status| status.connection.clone());
                app.ask(Intent::Copy(id.unwrap_or_default()));
            }
            Self::TryNow => app.ask(Intent::TryNow),
            Self::SignOut => sign_out(app),
        }
    }
}
