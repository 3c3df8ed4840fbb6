//! In which order browsers tell of an input method, written down once: the key decision is held
//! against it natively, the composer in the browser.
//!
//! The orders: UI Events §4.3 (`isComposing`) and §7.3.1 (key code 229), and where the engines part
//! from it: Chrome and Firefox report the key that ends a composition before `compositionend`,
//! Safari after it (WebKit 165004). The Enter after a Hangul syllable ends it and is an Enter all the
//! same: Chrome and, on Windows, Firefox report it a second time, as a key of its own; on a Mac Firefox
//! reports no second `keydown` (w3c/uievents 202), so that all the page sees of it is the line break.
//! Each table writes `ni`, converts it and ends with Enter, unless its name says otherwise; a last,
//! ordinary Enter is the person's own.

/// A browser's order.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) events: &'static [Event],
    /// How many messages are sent in all.
    pub(crate) sends: usize,
}

/// One event.
pub(crate) struct Event {
    pub(crate) what: What,
    /// Whether the key is the person's own and not the input method's.
    pub(crate) ours: bool,
}

/// What happens.
#[derive(Clone, Copy)]
pub(crate) enum What {
    /// `keydown`: key, key code, `isComposing`.
    KeyDown(&'static str, u32, bool),
    /// `keyup`: key, key code, `isComposing`.
    #[allow(dead_code, reason = "only the test in the browser tells keyup")]
    KeyUp(&'static str, u32, bool),
    /// `compositionstart`
    Start,
    /// `compositionupdate`, and the composed part of the field's value afterwards.
    #[allow(dead_code, reason = "only the test in the browser has a field")]
    Update(&'static str),
    /// `compositionend`, and what it leaves in the field.
    #[allow(dead_code, reason = "only the test in the browser has a field")]
    End(&'static str),
    /// `beforeinput`: input type, `isComposing`.
    #[allow(dead_code, reason = "only the test in the browser tells it")]
    Before(&'static str, bool),
    /// `input`: input type, `isComposing`.
    #[allow(dead_code, reason = "only the test in the browser tells it")]
    Input(&'static str, bool),
}

const fn its(what: What) -> Event {
    Event { what, ours: false }
}

const fn own(what: What) -> Event {
    Event { what, ours: true }
}

use What::{Before, End, Input, KeyDown, KeyUp, Start, Update};

pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "Chrome on Windows and Linux, Japanese",
        events: &[
            its(KeyDown("Process", 229, false)),
            its(Start),
            its(Before("insertCompositionText", true)),
            its(Update("n")),
            its(Input("insertCompositionText", true)),
            its(KeyUp("n", 78, true)),
            its(KeyDown("Process", 229, true)),
            its(Before("insertCompositionText", true)),
            its(Update("に")),
            its(Input("insertCompositionText", true)),
            its(KeyUp("i", 73, true)),
            // Conversion, then Enter takes the candidate.
            its(KeyDown("Process", 229, true)),
            its(Before("insertCompositionText", true)),
            its(Update("二")),
            its(Input("insertCompositionText", true)),
            its(KeyUp(" ", 32, true)),
            its(KeyDown("Process", 229, true)),
            its(Before("insertCompositionText", true)),
            its(Update("二")),
            its(Input("insertCompositionText", true)),
            its(End("二")),
            its(KeyUp("Enter", 13, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Chrome on a Mac, Japanese",
        events: &[
            its(KeyDown("n", 229, false)),
            its(Start),
            its(Before("insertCompositionText", true)),
            its(Update("n")),
            its(Input("insertCompositionText", true)),
            its(KeyUp("n", 78, true)),
            its(KeyDown("i", 229, true)),
            its(Before("insertCompositionText", true)),
            its(Update("に")),
            its(Input("insertCompositionText", true)),
            its(KeyUp("i", 73, true)),
            its(KeyDown("Enter", 229, true)),
            its(Before("insertCompositionText", true)),
            its(Update("に")),
            its(Input("insertCompositionText", true)),
            its(End("に")),
            its(KeyUp("Enter", 13, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Chrome on a Mac, Korean: Enter ends the syllable and is then told as itself",
        events: &[
            its(KeyDown("ㅎ", 229, false)),
            its(Start),
            its(Before("insertCompositionText", true)),
            its(Update("ㅎ")),
            its(Input("insertCompositionText", true)),
            its(KeyDown("Enter", 229, true)),
            its(Before("insertCompositionText", true)),
            its(Update("ㅎ")),
            its(Input("insertCompositionText", true)),
            its(End("ㅎ")),
            own(KeyDown("Enter", 13, false)),
            its(KeyUp("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Firefox, Japanese",
        events: &[
            its(KeyDown("Process", 229, false)),
            its(Start),
            its(Update("n")),
            its(Before("insertCompositionText", true)),
            its(Input("insertCompositionText", true)),
            its(KeyUp("n", 78, true)),
            its(KeyDown("Process", 229, true)),
            its(Update("に")),
            its(Before("insertCompositionText", true)),
            its(Input("insertCompositionText", true)),
            its(KeyUp("i", 73, true)),
            its(KeyDown("Process", 229, true)),
            its(Update("に")),
            its(Before("insertCompositionText", true)),
            its(End("に")),
            // After the end, and not composing: Firefox's own order.
            its(Input("insertCompositionText", false)),
            its(KeyUp("Enter", 13, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Firefox on Windows, Korean: Enter ends the syllable and is then told as itself",
        events: &[
            its(KeyDown("Process", 229, false)),
            its(Start),
            its(Update("ㅎ")),
            its(Before("insertCompositionText", true)),
            its(Input("insertCompositionText", true)),
            its(KeyUp("ㅎ", 71, true)),
            its(KeyDown("Process", 229, true)),
            its(Before("insertCompositionText", true)),
            its(End("ㅎ")),
            its(Input("insertCompositionText", false)),
            own(KeyDown("Enter", 13, false)),
            its(KeyUp("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Firefox on a Mac, Korean: Enter ends the syllable and then breaks the line, of which only input tells",
        events: &[
            its(KeyDown("Process", 229, false)),
            its(Start),
            its(Update("ㅎ")),
            its(Before("insertCompositionText", true)),
            its(Input("insertCompositionText", true)),
            its(KeyUp("ㅎ", 71, true)),
            its(KeyDown("Process", 229, true)),
            its(Before("insertCompositionText", true)),
            its(End("ㅎ")),
            its(Input("insertCompositionText", false)),
            its(Before("insertLineBreak", false)),
            its(Input("insertLineBreak", false)),
            its(KeyUp("Enter", 13, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Firefox before 65: key and code are told as themselves",
        events: &[
            its(Start),
            its(Update("に")),
            its(Input("insertCompositionText", true)),
            its(KeyDown("Enter", 13, true)),
            its(End("に")),
            its(Input("insertCompositionText", false)),
            its(KeyUp("Enter", 13, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Safari, Japanese: the key comes after the end it caused",
        events: &[
            its(Start),
            its(Update("n")),
            its(Before("insertCompositionText", true)),
            its(Input("insertCompositionText", true)),
            its(KeyDown("n", 229, true)),
            its(KeyUp("n", 78, true)),
            its(Update("に")),
            its(Before("insertCompositionText", true)),
            its(Input("insertCompositionText", true)),
            its(KeyDown("i", 229, true)),
            its(KeyUp("i", 73, true)),
            its(Before("deleteCompositionText", true)),
            its(Input("deleteCompositionText", true)),
            its(Before("insertFromComposition", true)),
            its(Input("insertFromComposition", true)),
            its(End("に")),
            its(KeyDown("Enter", 229, false)),
            its(KeyUp("Enter", 13, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Safari, Korean, where a syllable is composed: the key comes after the end it caused",
        events: &[
            its(Start),
            its(Update("ㅎ")),
            its(Before("insertCompositionText", true)),
            its(Input("insertCompositionText", true)),
            its(KeyDown("ㅎ", 229, true)),
            its(KeyUp("ㅎ", 71, true)),
            its(Before("deleteCompositionText", true)),
            its(Input("deleteCompositionText", true)),
            its(Before("insertFromComposition", true)),
            its(Input("insertFromComposition", true)),
            its(End("ㅎ")),
            its(KeyDown("Enter", 229, false)),
            its(Before("insertLineBreak", false)),
            its(Input("insertLineBreak", false)),
            its(KeyUp("Enter", 13, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Safari, Korean, where each letter takes the place of the syllable before: no composition in sight",
        events: &[
            its(KeyDown("ㅎ", 229, false)),
            its(Before("insertText", false)),
            its(Input("insertText", false)),
            its(KeyUp("ㅎ", 71, false)),
            its(KeyDown("ㅏ", 229, false)),
            its(Before("insertReplacementText", false)),
            its(Input("insertReplacementText", false)),
            its(KeyUp("ㅏ", 75, false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Safari: arrows, Tab and Escape among the candidates",
        events: &[
            its(Start),
            its(Update("に")),
            its(Input("insertCompositionText", true)),
            its(KeyDown("ArrowDown", 229, true)),
            its(KeyDown("ArrowUp", 229, true)),
            its(KeyDown("Tab", 229, true)),
            its(Update("")),
            its(Input("deleteCompositionText", true)),
            its(End("")),
            its(KeyDown("Escape", 229, false)),
        ],
        sends: 0,
    },
    Table {
        name: "Chrome: arrows, Tab and Escape among the candidates",
        events: &[
            its(KeyDown("Process", 229, false)),
            its(Start),
            its(Update("に")),
            its(Input("insertCompositionText", true)),
            its(KeyDown("ArrowDown", 229, true)),
            its(KeyDown("ArrowUp", 229, true)),
            its(KeyDown("Tab", 229, true)),
            its(KeyDown("Escape", 229, true)),
            its(Update("")),
            its(Input("insertCompositionText", true)),
            its(End("")),
        ],
        sends: 0,
    },
    Table {
        name: "a dead key on a Mac: ´ and e make é, then Enter sends",
        events: &[
            its(KeyDown("Dead", 229, false)),
            its(Start),
            its(Update("´")),
            its(Input("insertCompositionText", true)),
            its(KeyDown("é", 229, true)),
            its(Update("é")),
            its(Input("insertCompositionText", true)),
            its(End("é")),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
    Table {
        name: "Android: every key is 229 and unnamed, no composition in sight",
        events: &[
            its(KeyDown("Unidentified", 229, false)),
            its(Before("insertText", false)),
            its(Input("insertText", false)),
            its(KeyUp("Unidentified", 229, false)),
        ],
        sends: 0,
    },
    Table {
        name: "dictation on an iPhone: nothing but input",
        events: &[
            its(Before("insertText", false)),
            its(Input("insertText", false)),
            its(Before("insertReplacementText", false)),
            its(Input("insertReplacementText", false)),
            own(KeyDown("Enter", 13, false)),
        ],
        sends: 1,
    },
];
