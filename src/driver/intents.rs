//! What a person asks for.

use switchboard_client::Input;
use switchboard_protocol::ConversationId;
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::storage::Setting;
use crate::browser::{address, page};
use crate::later;
use crate::remembered::Remembered;
use crate::state::{Intent, Route, Settings};
use crate::strings::frames;

impl Driver {
    /// Carries out what a person asked for.
    pub(super) fn intent(&self, intent: Intent) {
        match intent {
            Intent::Connect(request) => {
                Remembered::of(&request).save();
                self.sign_in(*request);
            }
            Intent::SignOut(unsent) => self.sign_out(unsent),
            Intent::Open(conversation) => {
                self.feed(Input::Open(conversation));
                self.show_now();
            }
            Intent::Send {
                conversation,
                id,
                kind,
                content,
                re,
            } => {
                if !self.asked_to_keep.replace(true) {
                    page::ask_to_keep();
                }
                // First: whatever becomes of the page, the draft says that this is on its way.
                self.keep_drafts();
                self.feed(Input::Send {
                    conversation,
                    id,
                    kind,
                    content,
                    re,
                });
            }
            Intent::Typing(conversation) => self.typing(conversation),
            Intent::Retry(id) => self.feed(Input::Retry(id)),
            Intent::Discard(id) => self.feed(Input::Discard(id)),
            Intent::Look => self.app.look(&self.client.borrow()),
            Intent::Read(conversation, through) => self.feed(Input::Read {
                conversation,
                through,
                tell: self
                    .app
                    .settings
                    .with_untracked(|settings| settings.tell_read),
            }),
            Intent::Unread(conversation, from) => self.feed(Input::Unread { conversation, from }),
            Intent::LoadEarlier(conversation) => self.load_earlier(conversation),
            Intent::TryNow => self.feed(Input::TryNow),
            Intent::Copy(text) => {
                self.copy(text);
            }
            Intent::CopyLink(conversation, message) => {
                self.copy(address::with(
                    &Route::Conversation(conversation, message).hash(),
                ));
            }
            Intent::ReadAll(conversation) => self.read_all(conversation),
            Intent::Mark(conversation, mark) => self.keep_mark(&conversation, mark),
            Intent::Search(query, within) => {
                if let Some(later) = later::here() {
                    (later.search)(self, *query, within);
                }
            }
            Intent::Export(conversation, format) => {
                if let Some(later) = later::here() {
                    (later.export)(self, conversation, format);
                }
            }
            Intent::LoadEmoji => {
                if let Some(later) = later::here() {
                    (later.load_emoji)(self);
                }
            }
            Intent::KeepEmoji => Setting::Emoji.save(&self.app.emoji.to_stored()),
            Intent::Notify => self.ask_to_notify(),
            Intent::ExportTrace => {
                if let Some(later) = later::here() {
                    (later.export_trace)(self);
                }
            }
            Intent::Storage(act) => {
                if let Some(later) = later::here() {
                    (later.storage)(self, act);
                }
            }
            Intent::Save => {
                let settings = self.app.settings;
                Setting::Settings.save(&settings.with_untracked(Settings::to_json));
                self.follow_language();
            }
            Intent::Reload => self.reload(),
        }
    }

    /// The person says that everything in a conversation is read.
    fn read_all(&self, conversation: ConversationId) {
        let newest = self.client.borrow().items(&conversation, 1).pop();
        if let Some(newest) = newest {
            let tell = |settings: &Settings| settings.tell_read;
            self.feed(Input::Read {
                conversation,
                through: newest.id,
                tell: self.app.settings.with_untracked(tell),
            });
        }
    }

    fn copy(&self, text: String) {
        let app = self.app;
        spawn_local(async move {
            let copied = page::copy(&text).await;
            app.notice(if copied {
                frames::copied()
            } else {
                frames::not_copied()
            });
        });
    }
}
