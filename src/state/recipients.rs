//! From what a person typed or ticked to a conversation.

use switchboard_protocol::id::IdError;
use switchboard_protocol::limits::MAX_PARTICIPANTS;
use switchboard_protocol::{ConversationId, UserId};

/// What parts ids, as one types or pastes: commas of several scripts, semicolons, line breaks, tabs.
pub const SEPARATORS: [char; 8] = [',', ';', '\n', '\r', '\t', '、', '，', '،'];

/// The texts among which ids stand.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(SEPARATORS);
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// Whether a text that is pasted is a list of ids rather than part of one.
#[must_use]
pub fn is_list(text: &str) -> bool {
    parts(text).nth(1).is_some() || text.split_whitespace().nth(1).is_some()
}

/// The ids a person typed: an id may have blanks in it.
#[must_use]
pub fn typed(text: &str) -> Vec<String> {
    parts(text).map(str::to_owned).collect()
}

/// The ids a person pasted: blanks part them too, but in one that is `known`.
#[must_use]
pub fn pasted(text: &str, known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut ids = Vec::new();
    for part in parts(text) {
        if known(part) {
            ids.push(part.to_owned());
        } else {
            ids.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    ids
}

/// Why an id was not chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is none.
    Bad(IdError),
    /// It is chosen already.
    Twice,
}

/// What became of ids that were added to a choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// The choice now, in order.
    pub chosen: Vec<UserId>,
    /// What was not taken and why, one by one.
    pub problems: Vec<(String, Why)>,
}

impl Added {
    /// What was not taken and is not chosen either: it stays in the field.
    #[must_use]
    pub fn left(&self) -> Vec<&str> {
        let left = self.problems.iter();
        left.filter(|(_, why)| *why != Why::Twice)
            .map(|(text, _)| text.as_str())
            .collect()
    }
}

/// Adds `texts` to what is `chosen`; with `single`, the last one alone is kept.
#[must_use]
pub fn add(chosen: Vec<UserId>, texts: Vec<String>, single: bool) -> Added {
    let mut added = Added {
        chosen,
        ..Added::default()
    };
    for text in texts {
        let why = match UserId::try_from(text.as_str()) {
            Err(error) => Why::Bad(error),
            Ok(id) if single => {
                added.chosen = vec![id];
                continue;
            }
            Ok(id) if added.chosen.contains(&id) => Why::Twice,
            // The person here takes part too.
            Ok(_) if added.chosen.len() + 1 >= MAX_PARTICIPANTS => {
                Why::Bad(IdError::TooManyParticipants)
            }
            Ok(id) => {
                added.chosen.push(id);
                continue;
            }
        };
        added.problems.push((text, why));
    }
    added
}

/// The conversation of the person here and `others`.
///
/// # Errors
/// As [`ConversationId::of`]; [`IdError::Empty`] without others.
pub fn conversation(me: &UserId, others: &[UserId]) -> Result<ConversationId, IdError> {
    if others.is_empty() {
        return Err(IdError::Empty);
    }
    ConversationId::of(others.iter().chain([me]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn several_ids_can_be_typed_or_pasted_at_once() {
        assert_eq!(
            typed(" ana, bo;cy\n\n di da ,Дана، أمل、安娜"),
            ids(&["ana", "bo", "cy", "di da", "Дана", "أمل", "安娜"])
        );
        assert_eq!(typed(" ,;\n\t "), ids(&[]));
        let known = |id: &str| id == "di da";
        assert_eq!(
            pasted("ana  bo\r\ncy\tdi da, e f\n", known),
            ids(&["ana", "bo", "cy", "di da", "e", "f"])
        );
        for (text, list) in [
            ("ana", false),
            (" ana\n", false),
            ("ana bo", true),
            ("ana;bo", true),
            ("ana\nbo", true),
            ("", false),
        ] {
            assert_eq!(is_list(text), list, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_taken_is_told_one_by_one_and_kept() {
        let long = "x".repeat(65);
        let texts = ids(&["ana", &long, "bo", "ana", "a\u{202e}b"]);
        let added = add(Vec::new(), texts, false);
        let chosen: Vec<&str> = added.chosen.iter().map(UserId::as_str).collect();
        assert_eq!(chosen, ["ana", "bo"]);
        assert_eq!(
            added.problems,
            [
                (long.clone(), Why::Bad(IdError::TooLong { limit: 64 })),
                ("ana".to_owned(), Why::Twice),
                ("a\u{202e}b".to_owned(), Why::Bad(IdError::BadCharacter)),
            ]
        );
        assert_eq!(added.left(), [long.as_str(), "a\u{202e}b"]);
    }

    #[test]
    fn fifty_people_fit_and_the_others_are_kept() {
        let crowd: Vec<String> = (0..60).map(|n| format!("p{n}")).collect();
        let added = add(Vec::new(), crowd, false);
        assert_eq!(added.chosen.len(), MAX_PARTICIPANTS - 1);
        assert_eq!(added.left().len(), 60 - (MAX_PARTICIPANTS - 1));
        let me = UserId::try_from("me").unwrap();
        assert!(conversation(&me, &added.chosen).is_ok());
    }

    #[test]
    fn where_one_alone_can_be_chosen_it_is_the_last() {
        let added = add(Vec::new(), ids(&["one", "two"]), true);
        assert_eq!(added.chosen, [UserId::try_from("two").unwrap()]);
        assert_eq!(added.problems, []);
    }

    #[test]
    fn the_person_here_takes_part() {
        let id = |text: &str| UserId::try_from(text).unwrap();
        let me = id("me");
        assert_eq!(conversation(&me, &[id("bo")]).unwrap().as_str(), "c:bo,me");
        assert_eq!(conversation(&me, &[]), Err(IdError::Empty));
    }
}
