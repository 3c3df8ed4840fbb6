//! Texts of the sidebar, the quick switcher, the keys and the choice of recipients.

use switchboard_protocol::UserId;

use super::join;
use crate::state::recipients::Why;
use crate::state::shortcuts::{Action, Shortcut};

pub use super::texts::shell::*;

/// What a key does.
#[must_use]
pub fn does(action: Action) -> &'static str {
    match action {
        Action::Palette => palette(),
        Action::Search => do_search(),
        Action::Find => super::search::find(),
        Action::Previous => do_previous(),
        Action::Next => do_next(),
        Action::PreviousUnread => do_previous_unread(),
        Action::NextUnread => do_next_unread(),
        Action::ReadAll => do_read_all(),
        Action::NextPane => do_next_pane(),
        Action::PreviousPane => do_previous_pane(),
        Action::Inspector => do_inspector(),
        Action::Sheet => do_sheet(),
        Action::Filter => do_filter(),
        Action::Leave => do_leave(),
        Action::ThereSendMessage => do_send(),
        Action::ThereBreakLine => do_break_line(),
        Action::ThereEditLast => do_edit_last(),
        Action::ThereMove => do_move(),
        Action::ThereMenu => do_menu(),
        Action::ThereReply => super::timeline::reply(),
        Action::ThereEdit => super::timeline::edit(),
        Action::ThereCopy => super::chat::copy(),
        Action::ThereReact => super::timeline::react(),
        Action::ThereDelete => super::timeline::delete(),
    }
}

/// A shortcut's keys, in the order they are held down; `apple` names Apple's.
#[must_use]
pub fn keys(shortcut: &Shortcut, apple: bool) -> Vec<String> {
    let held = [
        (shortcut.primary, "⌘", key_ctrl()),
        (shortcut.alt, "⌥", "Alt"),
        (shortcut.shift, "⇧", key_shift()),
    ];
    let mut keys: Vec<String> = held
        .into_iter()
        .filter(|(held, ..)| *held)
        .map(|(_, sign, name)| if apple { sign } else { name }.to_owned())
        .collect();
    keys.push(match shortcut.key {
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "Escape" => "Esc".to_owned(),
        key if key.len() == 1 => key.to_ascii_uppercase(),
        key => key.to_owned(),
    });
    keys
}

/// Who is typing.
#[must_use]
pub fn typing(people: &[UserId]) -> String {
    match people {
        [] => String::new(),
        [one] => typing_one(one.as_str()),
        [one, other] => typing_two(one.as_str(), other.as_str()),
        many => typing_many(many.len()),
    }
}

/// What was not chosen and why, a line each; no line twice.
#[must_use]
pub fn problems(problems: &[(String, Why)]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (what, why) in problems {
        let line = match why {
            Why::Twice => twice(what),
            Why::Bad(error) => super::chat::recipients_error(Some(what), *error),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// A draft's line in the list.
#[must_use]
pub fn draft_line(draft: &str) -> String {
    join(&[draft_mark(), " ", &crate::format::plain(draft)])
}
