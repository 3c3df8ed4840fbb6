//! Which dialog is open, if any: one at a time, shown by `ui/dialogs.rs`.

use switchboard_protocol::{ConversationId, MessageId};

use super::App;

/// A dialog over the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    /// To whom is the new message?
    NewMessage,
    /// Some messages are not sent: what becomes of them on signing out?
    SignOut,
    /// The quick switcher and everything one can do by name.
    Palette,
    /// The sheet of keyboard shortcuts.
    Shortcuts,
    /// Settings.
    Settings,
    /// Search over what this browser has.
    Search,
    /// Save a conversation as a file.
    Export(ConversationId),
    /// Who has got and read a message, and how it read before.
    Details(MessageId),
    /// Really delete this message?
    Delete(MessageId),
}

impl App {
    /// Opens a dialog in place of the one that is open.
    pub fn show_dialog(self, dialog: Dialog) {
        // The region in the dialog would say once more what was said.
        self.voice.spoken.set(String::new());
        self.dialog.set(Some(dialog));
    }

    /// Closes what could not be opened, as it could not be fetched. Whether there was anything.
    pub fn close_what_is_missing(self) -> bool {
        let open = self.dialog.with_untracked(Option::is_some)
            || self.frames.open.get_untracked()
            || self.find.open.get_untracked()
            || self.shell.menu.with_untracked(Option::is_some)
            || self.emoji.picking.with_untracked(Option::is_some);
        self.close_dialog();
        self.frames.open.set(false);
        self.find.open.set(false);
        self.shell.menu.set(None);
        self.emoji.picking.set(None);
        open
    }

    /// Closes whatever dialog is open; the focus goes back to where it was.
    pub fn close_dialog(self) {
        if self.dialog.with_untracked(Option::is_some) {
            self.dialog.set(None);
        }
    }
}
