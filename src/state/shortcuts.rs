//! The keys of the page: one table that the handler obeys and the sheet of shortcuts shows, and one of
//! what else it shows.

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The quick switcher.
    Palette,
    /// Search over the messages.
    Search,
    /// Find in the open conversation.
    Find,
    /// The conversation above, of those with unread messages.
    PreviousUnread,
    /// The conversation below, of those with unread messages.
    NextUnread,
    /// The conversation above.
    Previous,
    /// The conversation below.
    Next,
    /// Everything is read.
    ReadAll,
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// The frame inspector.
    Inspector,
    /// The sheet of shortcuts.
    Sheet,
    /// The field that filters the lists.
    Filter,
    /// Back to the message field.
    Leave,
    /// Its own place acts on it: it is here for the sheet alone.
    ThereSendMessage,
    /// As above.
    ThereBreakLine,
    /// As above.
    ThereEditLast,
    /// As above.
    ThereMove,
    /// As above.
    ThereMenu,
    /// As above.
    ThereReply,
    /// As above.
    ThereEdit,
    /// As above.
    ThereCopy,
    /// As above.
    ThereReact,
    /// As above.
    ThereDelete,
}

/// Where a key works, and so where the sheet shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Page,
    /// In the lists and among the messages: a letter alone is a screen reader's or a field's
    /// elsewhere.
    Lists,
    /// In the message field.
    Composer,
}

/// A key with what is held down beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut {
    /// What it does.
    pub action: Action,
    /// As `KeyboardEvent.key`.
    pub key: &'static str,
    /// Ctrl, or ⌘ on Apple's.
    pub primary: bool,
    /// Shift.
    pub shift: bool,
    /// Alt, or ⌥ on Apple's.
    pub alt: bool,
    /// Where.
    pub scope: Scope,
}

const fn page(action: Action, key: &'static str) -> Shortcut {
    Shortcut {
        action,
        key,
        primary: false,
        shift: false,
        alt: false,
        scope: Scope::Page,
    }
}

const fn with(shortcut: Shortcut, primary: bool, shift: bool, alt: bool) -> Shortcut {
    Shortcut {
        primary,
        shift,
        alt,
        ..shortcut
    }
}

const fn within(scope: Scope, shortcut: Shortcut) -> Shortcut {
    Shortcut { scope, ..shortcut }
}

/// Those that the handler obeys, in the order of the sheet.
pub const TABLE: &[Shortcut] = &[
    with(page(Action::Palette, "k"), true, false, false),
    with(page(Action::Search, "f"), true, true, false),
    with(page(Action::Find, "f"), true, false, false),
    with(page(Action::Previous, "ArrowUp"), false, false, true),
    with(page(Action::Next, "ArrowDown"), false, false, true),
    with(page(Action::PreviousUnread, "ArrowUp"), false, true, true),
    with(page(Action::NextUnread, "ArrowDown"), false, true, true),
    with(page(Action::ReadAll, "Escape"), false, true, false),
    page(Action::NextPane, "F6"),
    with(page(Action::PreviousPane, "F6"), false, true, false),
    page(Action::Inspector, "F8"),
    with(page(Action::Sheet, "/"), true, false, false),
    within(Scope::Lists, page(Action::Sheet, "?")),
    within(Scope::Lists, page(Action::Filter, "/")),
    within(Scope::Lists, page(Action::Leave, "Escape")),
];

/// What its own place acts on: for the sheet alone, behind the others, and fetched with it.
pub const THERE: &[Shortcut] = &[
    within(Scope::Lists, page(Action::ThereMove, "ArrowDown")),
    within(
        Scope::Lists,
        with(page(Action::ThereMenu, "F10"), false, true, false),
    ),
    within(Scope::Lists, page(Action::ThereReply, "r")),
    within(Scope::Lists, page(Action::ThereEdit, "e")),
    within(Scope::Lists, page(Action::ThereCopy, "c")),
    within(Scope::Lists, page(Action::ThereReact, "+")),
    within(Scope::Lists, page(Action::ThereDelete, "Delete")),
    within(Scope::Composer, page(Action::ThereSendMessage, "Enter")),
    within(
        Scope::Composer,
        with(page(Action::ThereBreakLine, "Enter"), false, true, false),
    ),
    within(Scope::Composer, page(Action::ThereEditLast, "ArrowUp")),
];

/// A key press, as the browser tells it.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a keyboard has as many")]
pub struct Press<'a> {
    /// `key`.
    pub key: &'a str,
    /// `code`: the place on the keyboard.
    pub code: &'a str,
    /// Ctrl.
    pub ctrl: bool,
    /// ⌘, or the Windows key.
    pub meta: bool,
    /// Shift.
    pub shift: bool,
    /// Alt, or ⌥.
    pub alt: bool,
    /// Whether an input method composes (`isComposing`, or key code 229).
    pub composing: bool,
}

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// A field one writes in; whether nothing stands in it.
    Field {
        /// Nothing stands in it.
        empty: bool,
    },
    /// A list, or the messages.
    List,
    /// Anything else.
    Other,
}

/// What a key press asks for; `None` leaves it to the browser. `apple` has ⌘ for Ctrl.
#[must_use]
pub fn find(press: Press<'_>, focus: Focus, apple: bool) -> Option<Action> {
    if press.composing {
        return None;
    }
    let (primary, other) = if apple {
        (press.meta, press.ctrl)
    } else {
        (press.ctrl, press.meta)
    };
    let asked = |shortcut: &&Shortcut| {
        let lies_there = match shortcut.scope {
            Scope::Page => true,
            Scope::Lists => focus == Focus::List,
            Scope::Composer => false,
        };
        // Some keyboards have `?` without Shift, and `/` with it.
        let shift = matches!(shortcut.key, "?" | "/") || shortcut.shift == press.shift;
        lies_there
            && is(shortcut.key, press)
            && (shortcut.primary, shortcut.alt) == (primary, press.alt)
            && shift
            && !other
    };
    let action = TABLE.iter().find(asked)?.action;
    match action {
        // ⌥ with an arrow moves by paragraphs in a text on Apple's.
        Action::Previous | Action::Next | Action::PreviousUnread | Action::NextUnread
            if apple && focus == (Focus::Field { empty: false }) =>
        {
            None
        }
        action => Some(action),
    }
}

/// Whether this key was pressed; a letter by its place where the keyboard has no Latin ones.
fn is(key: &str, press: Press<'_>) -> bool {
    if press.key.is_ascii() {
        return key.eq_ignore_ascii_case(press.key);
    }
    key.len() == 1
        && press
            .code
            .strip_prefix("Key")
            .is_some_and(|letter| key.eq_ignore_ascii_case(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD: Focus = Focus::Field { empty: false };

    fn press(keys: &str) -> Press<'_> {
        let mut press = Press::default();
        for key in keys.split('+') {
            match key {
                "Ctrl" => press.ctrl = true,
                "Meta" => press.meta = true,
                "Shift" => press.shift = true,
                "Alt" => press.alt = true,
                key => press.key = key,
            }
        }
        press
    }

    #[test]
    fn keys_do_what_the_table_says() {
        for (keys, focus, apple, expected) in [
            ("Ctrl+k", FIELD, false, Some(Action::Palette)),
            ("Ctrl+K", Focus::Other, false, Some(Action::Palette)),
            ("Meta+k", FIELD, true, Some(Action::Palette)),
            // Kills the line on Apple's.
            ("Ctrl+k", FIELD, true, None),
            ("Meta+k", Focus::Other, false, None),
            ("Ctrl+Shift+k", Focus::Other, false, None),
            ("Ctrl+Alt+k", Focus::Other, false, None),
            ("Ctrl+Shift+F", FIELD, false, Some(Action::Search)),
            ("Ctrl+f", Focus::List, false, Some(Action::Find)),
            ("Meta+f", FIELD, true, Some(Action::Find)),
            // One character on, on Apple's.
            ("Ctrl+f", FIELD, true, None),
            ("Alt+ArrowDown", FIELD, false, Some(Action::Next)),
            (
                "Alt+Shift+ArrowUp",
                FIELD,
                false,
                Some(Action::PreviousUnread),
            ),
            ("Alt+ArrowDown", FIELD, true, None),
            (
                "Alt+ArrowDown",
                Focus::Field { empty: true },
                true,
                Some(Action::Next),
            ),
            ("ArrowDown", Focus::List, false, None),
            ("?", Focus::List, false, Some(Action::Sheet)),
            ("Shift+?", Focus::List, false, Some(Action::Sheet)),
            ("?", FIELD, false, None),
            ("?", Focus::Other, false, None),
            ("/", Focus::List, false, Some(Action::Filter)),
            ("/", FIELD, false, None),
            ("Ctrl+/", FIELD, false, Some(Action::Sheet)),
            ("Ctrl+Shift+/", FIELD, false, Some(Action::Sheet)),
            ("Escape", FIELD, false, None),
            ("Escape", Focus::List, false, Some(Action::Leave)),
            ("Shift+Escape", FIELD, false, Some(Action::ReadAll)),
            ("F6", FIELD, false, Some(Action::NextPane)),
            ("Shift+F6", FIELD, false, Some(Action::PreviousPane)),
            ("F8", Focus::Other, false, Some(Action::Inspector)),
            ("Enter", FIELD, false, None),
            ("Shift+F10", Focus::List, false, None),
            ("Dead", Focus::List, false, None),
        ] {
            assert_eq!(find(press(keys), focus, apple), expected, "{keys}");
        }
    }

    #[test]
    fn nothing_is_taken_from_an_input_method() {
        for shortcut in TABLE {
            let press = Press {
                key: shortcut.key,
                ctrl: shortcut.primary,
                shift: shortcut.shift,
                alt: shortcut.alt,
                composing: true,
                code: "",
                meta: false,
            };
            assert_eq!(find(press, FIELD, false), None, "{}", shortcut.key);
        }
    }

    #[test]
    fn a_keyboard_without_latin_letters_has_the_keys_at_their_place() {
        let mut arabic = press("Ctrl+ن");
        arabic.code = "KeyK";
        assert_eq!(find(arabic, FIELD, false), Some(Action::Palette));
        // Where the keyboard moves Latin letters, the letter counts.
        let mut dvorak = press("Ctrl+t");
        dvorak.code = "KeyK";
        assert_eq!(find(dvorak, FIELD, false), None);
    }

    #[test]
    fn no_key_means_two_things() {
        for (at, one) in TABLE.iter().enumerate() {
            for other in &TABLE[..at] {
                let same = (one.key, one.primary, one.shift, one.alt)
                    == (other.key, other.primary, other.shift, other.alt);
                assert!(!(same && one.scope == other.scope), "{}", one.key);
            }
        }
    }
}
