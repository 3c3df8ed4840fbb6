//! From what a person typed or ticked to a conversation.

use switchboard_protocol::id::IdError;
use switchboard_protocol::{ConversationId, UserId};

/// What became of the ids a person typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Ids, in order, without repeats.
    pub ids: Vec<UserId>,
    /// The first text that is not an id, and why.
    pub bad: Option<(String, IdError)>,
}

/// Reads ids separated by commas, semicolons or line breaks.
#[must_use]
pub fn read(typed: &str) -> Typed {
    let mut read = Typed::default();
    for text in typed.split([',', ';', '\n', '\r', '\t']).map(str::trim) {
        if text.is_empty() {
            continue;
        }
        match UserId::try_from(text) {
            Ok(id) if !read.ids.contains(&id) => read.ids.push(id),
            Ok(_) => {}
            Err(error) if read.bad.is_none() => read.bad = Some((text.to_owned(), error)),
            Err(_) => {}
        }
    }
    read
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

    #[test]
    fn several_ids_can_be_pasted_at_once() {
        let typed = read(" ana, bo;cy\n\n ana ,Дана");
        let ids: Vec<&str> = typed.ids.iter().map(UserId::as_str).collect();
        assert_eq!(ids, ["ana", "bo", "cy", "Дана"]);
        assert_eq!(typed.bad, None);
    }

    #[test]
    fn the_first_bad_id_is_named() {
        let long = "x".repeat(65);
        let typed = read(&format!("ana,{long},a\u{202e}b"));
        assert_eq!(typed.ids.len(), 1);
        assert_eq!(typed.bad, Some((long, IdError::TooLong { limit: 64 })));
        assert_eq!(read("").ids, []);
    }

    #[test]
    fn the_person_here_takes_part() {
        let id = |text: &str| UserId::try_from(text).unwrap();
        let me = id("me");
        assert_eq!(conversation(&me, &[id("bo")]).unwrap().as_str(), "c:bo,me");
        assert_eq!(conversation(&me, &[]), Err(IdError::Empty));
    }
}
