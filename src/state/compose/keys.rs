//! What a key press in the message field means.
//!
//! Nothing at all while an input method composes: Enter, Escape, Tab and the arrows are its own
//! then. `isComposing` alone does not tell: Safari ends the composition before the key press that
//! ended it, which then arrives with `isComposing` false and key code 229 (WebKit 165004). The
//! order tables of the browsers stand in `tests/ime`.

/// A `keydown`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Press<'a> {
    /// `key`
    pub key: &'a str,
    /// `code`, for shortcuts on keyboards without Latin letters.
    pub code: &'a str,
    /// `shiftKey`
    pub shift: bool,
    /// `altKey`
    pub alt: bool,
    /// `ctrlKey`
    pub ctrl: bool,
    /// `metaKey`
    pub meta: bool,
    /// `isComposing`
    pub composing: bool,
    /// `keyCode`; 229 is a key the input method has taken.
    pub key_code: u32,
}

impl Press<'_> {
    /// Whether the key belongs to the input method.
    #[must_use]
    pub fn is_composing(&self) -> bool {
        self.composing || self.key_code == 229
    }
}

/// What decides besides the key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each named where it is given"
)]
pub struct Field {
    /// The setting: Enter sends.
    pub enter_sends: bool,
    /// There is no keyboard but the one on the screen, which has no Shift+Enter.
    pub touch: bool,
    /// The keyboard is a Mac's: shortcuts go with ⌘, and Ctrl moves the caret.
    pub mac: bool,
    /// The caret stands in an open fence.
    pub in_fence: bool,
    /// Nothing stands in the field.
    pub is_empty: bool,
    /// A reply or an edit is being written.
    pub has_bar: bool,
    /// Suggestions are shown.
    pub suggests: bool,
    /// Enter takes the chosen suggestion; otherwise only Tab does.
    pub chosen: bool,
}

/// What to do instead of what the browser does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Send.
    Send,
    /// Take the chosen suggestion.
    Pick,
    /// Choose the next suggestion.
    Next,
    /// Choose the suggestion before.
    Previous,
    /// Put the suggestions away.
    Dismiss,
    /// Give up the reply or the edit.
    Cancel,
    /// Edit the last own message.
    EditLast,
    /// Put this before and after what is selected.
    Wrap(&'static str),
}

/// What a press means; `None` leaves it to the browser.
#[must_use]
pub fn act(press: &Press<'_>, field: &Field) -> Option<Act> {
    if press.is_composing() {
        return None;
    }
    let plain = !(press.shift || press.alt || press.ctrl || press.meta);
    if field.suggests && plain {
        match press.key {
            "ArrowDown" => return Some(Act::Next),
            "ArrowUp" => return Some(Act::Previous),
            "Tab" => return Some(Act::Pick),
            "Enter" if field.chosen => return Some(Act::Pick),
            "Escape" => return Some(Act::Dismiss),
            _ => {}
        }
    }
    match press.key {
        "Enter" if press.shift || press.alt => None,
        "Enter" if press.ctrl || press.meta => Some(Act::Send),
        "Enter" => {
            let sends = field.enter_sends && !field.touch && !field.in_fence;
            sends.then_some(Act::Send)
        }
        "Escape" if plain && field.has_bar => Some(Act::Cancel),
        "ArrowUp" if plain && field.is_empty && !field.has_bar => Some(Act::EditLast),
        _ => shortcut(press, field),
    }
}

fn shortcut(press: &Press<'_>, field: &Field) -> Option<Act> {
    let (command, other) = if field.mac {
        (press.meta, press.ctrl)
    } else {
        (press.ctrl, press.meta)
    };
    if !command || other || press.alt || press.shift {
        return None;
    }
    // The letter on the key; where the keyboard has other letters, the key's place.
    let is = |letter: &str| {
        press.key.eq_ignore_ascii_case(letter)
            || !press.key.is_ascii() && press.code.strip_prefix("Key") == Some(letter)
    };
    match () {
        () if is("B") => Some(Act::Wrap("**")),
        () if is("I") => Some(Act::Wrap("*")),
        () if is("E") => Some(Act::Wrap("`")),
        () => None,
    }
}

#[cfg(test)]
#[path = "../../../tests/ime/mod.rs"]
mod ime;

#[cfg(test)]
mod tests {
    use super::ime::{TABLES, What};
    use super::*;

    const ENTER: Press<'static> = Press {
        key: "Enter",
        code: "Enter",
        shift: false,
        alt: false,
        ctrl: false,
        meta: false,
        composing: false,
        key_code: 13,
    };

    const FIELD: Field = Field {
        enter_sends: true,
        touch: false,
        mac: false,
        in_fence: false,
        is_empty: false,
        has_bar: false,
        suggests: false,
        chosen: false,
    };

    fn key(key: &str) -> Press<'_> {
        Press {
            key,
            ..Press::default()
        }
    }

    /// Every situation a key can meet.
    fn situations() -> impl Iterator<Item = Field> {
        (0..256_u32).map(|bits| {
            let on = |bit: u32| bits & (1 << bit) != 0;
            Field {
                enter_sends: on(0),
                touch: on(1),
                mac: on(2),
                in_fence: on(3),
                is_empty: on(4),
                has_bar: on(5),
                suggests: on(6),
                chosen: on(7),
            }
        })
    }

    #[test]
    fn no_key_of_a_composition_does_anything_in_any_browser() {
        for table in TABLES {
            let mut sent = 0;
            for event in table.events {
                let What::KeyDown(key, key_code, composing) = event.what else {
                    continue;
                };
                let press = Press {
                    key,
                    composing,
                    key_code,
                    ..Press::default()
                };
                if event.ours {
                    sent += usize::from(act(&press, &FIELD) == Some(Act::Send));
                    continue;
                }
                for field in situations() {
                    assert_eq!(act(&press, &field), None, "{}: {press:?}", table.name);
                }
            }
            assert_eq!(sent, table.sends, "{}", table.name);
        }
    }

    #[test]
    fn enter_sends_unless_something_else_is_meant() {
        assert_eq!(act(&ENTER, &FIELD), Some(Act::Send));
        let shift = Press {
            shift: true,
            ..ENTER
        };
        for field in situations() {
            assert_eq!(act(&shift, &field), None);
        }
        for field in [
            Field {
                enter_sends: false,
                ..FIELD
            },
            Field {
                touch: true,
                ..FIELD
            },
            Field {
                in_fence: true,
                ..FIELD
            },
        ] {
            assert_eq!(act(&ENTER, &field), None);
        }
    }

    #[test]
    fn with_control_or_command_enter_always_sends() {
        for press in [
            Press {
                ctrl: true,
                ..ENTER
            },
            Press {
                meta: true,
                ..ENTER
            },
        ] {
            for field in situations() {
                assert_eq!(act(&press, &field), Some(Act::Send));
            }
        }
    }

    #[test]
    fn suggestions_take_their_keys_first() {
        let shown = Field {
            suggests: true,
            has_bar: true,
            is_empty: true,
            ..FIELD
        };
        assert_eq!(act(&key("ArrowDown"), &shown), Some(Act::Next));
        assert_eq!(act(&key("ArrowUp"), &shown), Some(Act::Previous));
        assert_eq!(act(&key("Tab"), &shown), Some(Act::Pick));
        assert_eq!(act(&key("Escape"), &shown), Some(Act::Dismiss));
        assert_eq!(act(&ENTER, &shown), Some(Act::Send));
        let chosen = Field {
            chosen: true,
            ..shown
        };
        assert_eq!(act(&ENTER, &chosen), Some(Act::Pick));
        let backwards = Press {
            shift: true,
            ..key("Tab")
        };
        assert_eq!(act(&backwards, &chosen), None);
    }

    #[test]
    fn escape_gives_up_and_up_edits_only_where_there_is_something_to() {
        let barred = Field {
            has_bar: true,
            ..FIELD
        };
        assert_eq!(act(&key("Escape"), &barred), Some(Act::Cancel));
        assert_eq!(act(&key("Escape"), &FIELD), None);
        assert_eq!(act(&key("ArrowUp"), &FIELD), None);
        let empty = Field {
            is_empty: true,
            ..FIELD
        };
        assert_eq!(act(&key("ArrowUp"), &empty), Some(Act::EditLast));
        let both = Field {
            has_bar: true,
            ..empty
        };
        assert_eq!(act(&key("ArrowUp"), &both), None);
        assert_eq!(act(&key("Tab"), &empty), None);
    }

    #[test]
    fn shortcuts_are_the_systems_and_leave_alt_gr_alone() {
        let control = |key| Press {
            key,
            ctrl: true,
            ..Press::default()
        };
        let command = |key| Press {
            key,
            meta: true,
            ..Press::default()
        };
        let mac = Field { mac: true, ..FIELD };
        assert_eq!(act(&control("b"), &FIELD), Some(Act::Wrap("**")));
        assert_eq!(act(&control("I"), &FIELD), Some(Act::Wrap("*")));
        assert_eq!(act(&control("e"), &mac), None, "the end of the line");
        assert_eq!(act(&command("e"), &mac), Some(Act::Wrap("`")));
        assert_eq!(act(&command("e"), &FIELD), None);
        let alt_gr = Press {
            alt: true,
            ..control("e")
        };
        assert_eq!(act(&alt_gr, &FIELD), None, "AltGr+E is €");
        let cyrillic = Press {
            code: "KeyB",
            ..control("и")
        };
        assert_eq!(act(&cyrillic, &FIELD), Some(Act::Wrap("**")));
        let dvorak = Press {
            code: "KeyB",
            ..control("x")
        };
        assert_eq!(act(&dvorak, &FIELD), None, "the letter counts");
    }
}
