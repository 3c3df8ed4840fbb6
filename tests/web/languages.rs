//! The languages: plural rules as the browser's, numbers and dates as it writes them, and the page
//! made anew when the language changes.

use js_sys::{Array, Intl, Object};
use switchboard::browser::intl;
use switchboard::strings::{self, Language, common};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{busy, defaults, with};
use crate::screen::{Screen, focused, screen, set_value, settle, value};

/// Puts a language into use as `browser::language` does; the tests' server has no such file.
fn speak(language: Language) {
    let file = match language {
        Language::English => "",
        Language::German => include_str!(concat!(env!("OUT_DIR"), "/de.txt")),
        Language::Japanese => include_str!(concat!(env!("OUT_DIR"), "/ja.txt")),
        Language::Arabic => include_str!(concat!(env!("OUT_DIR"), "/ar.txt")),
    };
    assert!(strings::install(language, file.to_owned()));
}

/// Chooses a language in the select, and does what the driver does once the texts are there.
async fn choose(screen: &Screen, language: Language) {
    screen.choose(common::language(), language.code()).await;
    speak(language);
    screen.app.set_language(language);
    settle().await;
}

#[wasm_bindgen_test]
fn plural_rules_are_the_browsers() {
    for (language, forms) in [
        (Language::English, &["one", "other"][..]),
        (Language::German, &["one", "other"]),
        (Language::Japanese, &["other"]),
        (
            Language::Arabic,
            &["zero", "one", "two", "few", "many", "other"],
        ),
    ] {
        let tags = Array::of1(&JsValue::from(language.code()));
        let rules = Intl::PluralRules::new(&tags, &Object::new());
        for count in (0..=1_000).chain([1_000_000, 1_000_002, 1_000_011]) {
            #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
            let said = String::from(rules.select(count as f64));
            let ours = forms[language.plural(count)];
            assert_eq!(ours, said, "{} {count}", language.code());
        }
    }
}

#[wasm_bindgen_test]
fn numbers_and_dates_are_written_as_the_region_does() {
    // 3 November 2026, 09:00:05.250 UTC.
    const AT: u64 = 1_793_696_405_250;
    for (tag, number, day) in [
        ("en-GB", "32,768", "Tuesday"),
        ("de-DE", "32.768", "Dienstag, 3. November 2026"),
        ("ja-JP", "32,768", "2026年11月3日火曜日"),
        ("ar-EG", "٣٢٬٧٦٨", "الثلاثاء، ٣ نوفمبر ٢٠٢٦"),
    ] {
        intl::set_tag(tag);
        assert_eq!(intl::number(32_768), number, "{tag}");
        assert!(intl::day(AT).contains(day), "{tag}: {}", intl::day(AT));
        assert!(!intl::time(AT).is_empty());
    }
    intl::set_tag("en-GB");
    assert!(
        intl::instant(AT).ends_with(":05.250"),
        "{}",
        intl::instant(AT)
    );
    // Instants no calendar has are shown as its last, and throw nothing.
    assert!(!intl::day(u64::MAX).is_empty());
    intl::set_tag("");
}

#[wasm_bindgen_test]
async fn the_connect_form_changes_its_language_and_keeps_what_was_typed() {
    let screen = screen(|_| {}).await;
    set_value(&screen.role("textbox", "Your user id"), "ana-maría");
    choose(&screen, Language::Arabic).await;
    assert!(screen.says("كيف") || screen.says("معرّف المستخدم"));
    assert_eq!(value(&screen.role("textbox", "معرّف المستخدم")), "ana-maría");
    assert_eq!(
        value(&screen.role("textbox", "عنوان WebSocket")),
        defaults().url
    );
    // The keyboard stays where it was.
    assert_eq!(focused(), common::language());
    choose(&screen, Language::English).await;
    assert_eq!(value(&screen.role("textbox", "Your user id")), "ana-maría");
}

#[wasm_bindgen_test]
async fn the_chat_changes_its_language_and_keeps_conversation_and_draft() {
    let screen = screen(busy).await;
    set_value(&screen.role("textbox", "Message"), "half a sent");
    screen.app.at_bottom.set(false);
    speak(Language::Japanese);
    screen.app.set_language(Language::Japanese);
    settle().await;
    assert_eq!(value(&screen.role("textbox", "メッセージ")), "half a sent");
    assert_eq!(
        screen.app.open.get_untracked(),
        Some(with(&["bo", "chiara", "Дана"]))
    );
    assert!(screen.says("bo、chiara、Дана"));
    assert!(screen.says("未読メッセージ3件"));
    assert!(screen.app.at_bottom.get_untracked());
    speak(Language::English);
    screen.app.set_language(Language::English);
    settle().await;
    assert!(screen.says("3 unread messages"));
}
