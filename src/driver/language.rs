//! Changing the language while the page runs.

use switchboard_client::Change;
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::language;
use crate::browser::storage::Setting;
use crate::state::Settings;
use crate::strings;

impl Driver {
    /// Shows the page in the language that is set, once its texts are there; without them all
    /// stays as it is and the person is told.
    pub(super) fn follow_language(&self) {
        let app = self.app;
        let set = move || {
            app.settings
                .with_untracked(|settings| settings.language.clone())
        };
        let Some(driver) = self.me.upgrade() else {
            return;
        };
        if language::choose(&set()).0 == app.language.get_untracked() {
            return;
        }
        spawn_local(async move {
            // Whoever changes their mind meanwhile gets the last choice, whichever comes first.
            let loaded = loop {
                let asked = set();
                let loaded = language::load(&asked).await;
                if set() == asked {
                    break loaded;
                }
            };
            match loaded {
                Ok(language) if language == app.language.get_untracked() => {}
                Ok(language) => {
                    app.set_language(language);
                    // Days are named in the state.
                    let open = app.open.get_untracked();
                    driver.show(open.map(Change::Timeline).into_iter().collect());
                }
                Err(failed) => {
                    let current = app.language.get_untracked().code();
                    app.settings
                        .update(|settings| current.clone_into(&mut settings.language));
                    Setting::Settings.save(&app.settings.with_untracked(Settings::to_json));
                    app.tell(strings::common::language_failed(failed.own_name()));
                }
            }
        });
    }
}
