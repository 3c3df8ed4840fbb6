//! The way to the site's own login, where it has one.

use switchboard_protocol::json::Object;
use wasm_bindgen_futures::spawn_local;

use crate::browser::{address, file, page, timer};
use crate::state::dialog::Dialog;
use crate::state::{App, Intent, Unsent};

/// How long the configuration may take, ms.
const PATIENCE: u32 = 5_000;
/// How often it is looked whether signing out has taken the address away, at most.
const LOOKS: u32 = 40;
/// Between two looks, ms.
const PAUSE: i32 = 50;

/// Leaves for the login that `config.json` names, or shows the connect form where it names none.
///
/// Whoever comes back is still signed in here, and what was not sent yet is sent then.
pub(crate) fn sign_in(app: App) {
    spawn_local(async move {
        let config = file::text("config.json", PATIENCE).await;
        match config.as_deref().and_then(login) {
            // What no storage has would be gone with the page.
            Some(_) if app.volatile.get_untracked() && app.unsent() > 0 => {
                app.show_dialog(Dialog::SignOut);
            }
            Some(address) => page::leave_for(&address),
            None => {
                let place = address::hash();
                app.ask(Intent::SignOut(Unsent::Keep));
                go_on_at(app, &place).await;
            }
        }
    });
}

/// Whoever signs in again goes on where they were: signing out takes the address away, in a moment.
async fn go_on_at(app: App, place: &str) {
    for _ in 0..LOOKS {
        if address::hash() != place {
            break;
        }
        timer::after(PAUSE).await;
    }
    if app.account.with_untracked(Option::is_none) {
        address::put(place);
    }
}

/// Its address: a path of this site, or one by HTTPS. Nothing else is gone to; a script least of all.
fn login(config: &str) -> Option<String> {
    let address = Object::parse(config)?.text("login")?;
    let mut path = address.bytes();
    // Browsers take `//` and `/\` for another host, and leave out what cannot be seen.
    let is_path =
        path.next() == Some(b'/') && path.next().is_none_or(|next| next.is_ascii_alphanumeric());
    (is_path || address.starts_with("https://")).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::login;

    #[test]
    fn only_a_path_or_https_is_a_login() {
        let of = |address: &str| login(&format!(r#"{{"url":"/dev","login":{address}}}"#));
        for address in ["/", "/auth/", "/auth/?next=/", "https://id.example/login"] {
            assert_eq!(of(&format!("\"{address}\"")).as_deref(), Some(address));
        }
        for address in [
            r#""javascript:alert(1)""#,
            r#""http://id.example""#,
            r#""//id.example""#,
            r#""/\\id.example""#,
            r#""/\t/id.example""#,
            r#""auth""#,
            r#""""#,
            "7",
            "null",
        ] {
            assert_eq!(of(address), None, "{address}");
        }
        for config in ["", "{}", "[]", "<html>", r#"{"login":"/auth/""#] {
            assert_eq!(login(config), None, "{config}");
        }
    }
}
