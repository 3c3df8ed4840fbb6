//! Mounts the app: state, driver, views. Nothing else decides here.

use leptos::prelude::document;
use switchboard::browser::storage::Setting;
use switchboard::browser::{address, clock, config, intl, language, page, text};
use switchboard::driver::Driver;
use switchboard::remembered::Remembered;
use switchboard::state::{App, ConnectDefaults, Services, Settings, Tickets};
use switchboard::strings::{self, Language};
use switchboard::ui::root;
use switchboard::view::{View, mount};
use switchboard_protocol::Profile;
use wasm_bindgen_futures::spawn_local;

fn main() {
    // The release build traps at once on a panic: there is no message to show.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    spawn_local(start());
}

/// The language's texts first: every view is made of them. English is there at once.
async fn start() {
    let settings = Settings::parse(&Setting::Settings.load().unwrap_or_default());
    let problem = match language::load(&settings.language).await {
        Ok(_) => None,
        Err(failed) => {
            let _english = language::load(Language::English.code()).await;
            Some(strings::common::language_failed(failed.own_name()))
        }
    };
    if let Some(body) = document().body() {
        mount(&body, move || page(settings, problem)).forget();
    }
    page::hide_shell();
}

/// The page, with what to tell the person from the start.
fn page(settings: Settings, problem: Option<String>) -> View {
    let services = Services {
        time: intl::time,
        instant: intl::instant,
        day: intl::day,
        local_day: intl::local_day,
        weekday: intl::weekday,
        date: intl::date,
        now: clock::now,
        mint: clock::message_id,
        fold: text::fold,
        midnight: intl::midnight,
        border: text::border,
        hands: page::hands,
    };
    #[cfg(debug_assertions)]
    if switchboard::browser::address::hash() == "#/gallery" {
        return switchboard::ui::gallery::gallery(services);
    }
    let app = App::new(
        ConnectDefaults {
            origin: page::origin(),
            ..ConnectDefaults::default()
        },
        services,
    );
    app.settings.set(settings);
    let driver = Driver::start(app);
    let session = Remembered::session();
    let request = session.and_then(|it| app.connect.with_untracked(|form| it.request(form)));
    if let Some(request) = request {
        driver.sign_in(request);
    } else if address::asks_for_demo() {
        app.open_demo();
    }
    spawn_local(async move {
        let before = app.connect.get_untracked();
        let (form, is_demo) = connect_form(app).await;
        let untouched = app.connect.with_untracked(|now| *now == before);
        app.connect
            .update(|now| *now = form.unless_changed(&before, now));
        if is_demo && untouched && app.account.with_untracked(Option::is_none) {
            app.open_demo();
        }
        if let Some(problem) = problem {
            app.tell(problem);
        }
    });
    root(app)
}

/// The connect form: what the site says, then what the person used last; and whether the site wants
/// its visitors to find the demo.
async fn connect_form(app: App) -> (ConnectDefaults, bool) {
    let mut form = app.connect.get_untracked();
    let (config, error) = config::fetch().await;
    form.url = config.url.unwrap_or_default();
    form.tickets = config.tickets.map(|at| Tickets {
        at,
        for_url: form.url.clone(),
    });
    form.query = config.query.join("\n");
    form.error = error.map(|error| strings::connect::config_unreadable(&error));
    if let Some(profile) = config.profile.as_deref().and_then(Profile::named) {
        form.profile = profile;
    }
    if let Some(last) = Remembered::last() {
        last.fill_but_query(&mut form);
    }
    (form, config.demo)
}
