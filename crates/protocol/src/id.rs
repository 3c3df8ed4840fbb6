//! Ids as types, parsed once at the edge and trusted afterwards.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::limits::{
    MAX_CONVERSATION_ID_BYTES, MAX_MESSAGE_ID_BYTES, MAX_PARTICIPANTS, MAX_SAFE_INTEGER,
    MAX_USER_ID_BYTES,
};

/// Why a string is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdError {
    /// Nothing but white space, or nothing at all.
    Empty,
    /// Longer than the limit, in bytes.
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// White space at an end, a control character, or one that changes text direction.
    BadCharacter,
    /// A conversation id that its participants do not produce.
    NotCanonical,
    /// More participants than [`MAX_PARTICIPANTS`].
    TooManyParticipants,
    /// Above 2⁵³ − 1.
    TooLarge,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the id is empty"),
            Self::TooLong { limit } => write!(f, "the id is longer than {limit} bytes"),
            Self::BadCharacter => f.write_str(
                "the id has white space at an end, a control character or a direction mark",
            ),
            Self::NotCanonical => {
                f.write_str("the conversation id is not the one its participants produce")
            }
            Self::TooManyParticipants => {
                write!(f, "more than {MAX_PARTICIPANTS} people in one conversation")
            }
            Self::TooLarge => f.write_str("the number is above 2^53 - 1"),
        }
    }
}

impl std::error::Error for IdError {}

// Shared rather than copied: a log of 100,000 entries names few people, and every view, frame and
// row clones ids.
macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::try_from(text.as_str())
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;
            fn try_from(text: &str) -> Result<Self, IdError> {
                Self::check(text)?;
                Ok(Self(text.into()))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

string_id! {
    /// Who someone is: 1 to 64 bytes, no control or direction characters, no white space at the ends.
    UserId
}

impl UserId {
    fn check(text: &str) -> Result<(), IdError> {
        if text.trim().is_empty() {
            return Err(IdError::Empty);
        }
        if text.len() > MAX_USER_ID_BYTES {
            return Err(IdError::TooLong {
                limit: MAX_USER_ID_BYTES,
            });
        }
        if text.trim() != text || text.chars().any(is_deceptive) {
            return Err(IdError::BadCharacter);
        }
        Ok(())
    }
}

/// Control characters, and marks that make one name look like another.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

string_id! {
    /// A connection as the gateway names it, e.g. `BFaT_fALIAMCKug=`. Opaque: 1 to 128 visible ASCII characters.
    ConnectionId
}

impl ConnectionId {
    fn check(text: &str) -> Result<(), IdError> {
        check_ascii(text, 128, |c| c.is_ascii_graphic())
    }
}

string_id! {
    /// The id a client mints when a person presses send: 1 to 64 of `A–Z a–z 0–9 _ -`. It never changes.
    MessageId
}

impl MessageId {
    fn check(text: &str) -> Result<(), IdError> {
        check_ascii(text, MAX_MESSAGE_ID_BYTES, |c| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
        })
    }

    /// An id from 128 random bits, as 32 hexadecimal digits.
    #[must_use]
    pub fn from_random(bits: u128) -> Self {
        Self(hex("", bits).into())
    }

    /// The same for what no person sends, such as how far somebody has read: marked by a `_` in
    /// front. Such an id says nothing about anybody, so reports may keep it.
    #[must_use]
    pub fn by_machine(bits: u128) -> Self {
        Self(hex("_", bits).into())
    }

    /// Whether `text` is one of those ids.
    #[must_use]
    pub fn is_by_machine(text: &str) -> bool {
        let digits = text.strip_prefix('_').unwrap_or_default();
        digits.len() == 32 && digits.bytes().all(|c| c.is_ascii_hexdigit())
    }
}

fn hex(prefix: &str, bits: u128) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digits = (0..32).rev().map(|place| {
        let digit = (bits >> (place * 4)) & 0xf;
        char::from(HEX[usize::try_from(digit).unwrap_or(0)])
    });
    prefix.chars().chain(digits).collect()
}

fn check_ascii(text: &str, limit: usize, allowed: impl Fn(char) -> bool) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > limit {
        return Err(IdError::TooLong { limit });
    }
    if text.chars().all(allowed) {
        Ok(())
    } else {
        Err(IdError::BadCharacter)
    }
}

string_id! {
    /// A set of participants, or the lobby. Both ends derive it, nobody is asked.
    ///
    /// `lobby` is the one everybody is in. Any other is `c:` and the participants' ids, sorted,
    /// without repeats, joined by commas, with `%` and `,` inside an id written `%25` and `%2C`.
    ConversationId
}

/// A user id as it stands in a conversation id; most stand as they are.
fn escaped(user: &str) -> Cow<'_, str> {
    if user.contains(['%', ',']) {
        Cow::Owned(user.replace('%', "%25").replace(',', "%2C"))
    } else {
        Cow::Borrowed(user)
    }
}

/// The other way round.
fn unescaped(name: &str) -> Cow<'_, str> {
    if name.contains('%') {
        Cow::Owned(name.replace("%2C", ",").replace("%25", "%"))
    } else {
        Cow::Borrowed(name)
    }
}

const LOBBY: &str = "lobby";
const PREFIX: &str = "c:";

impl ConversationId {
    /// The conversation everybody is in.
    #[must_use]
    pub fn lobby() -> Self {
        Self(LOBBY.into())
    }

    /// The conversation of exactly these people.
    ///
    /// # Errors
    /// [`IdError::Empty`] without people, [`IdError::TooManyParticipants`], or
    /// [`IdError::TooLong`] when their ids together pass 1,024 bytes.
    pub fn of<'a>(people: impl IntoIterator<Item = &'a UserId>) -> Result<Self, IdError> {
        // By insertion: a standard sort would cost the app 5 KB of wasm for a list this short.
        let mut sorted: Vec<&UserId> = Vec::new();
        for user in people {
            if let Err(at) = sorted.binary_search(&user) {
                sorted.insert(at, user);
            }
        }
        let people = sorted;
        if people.is_empty() {
            return Err(IdError::Empty);
        }
        if people.len() > MAX_PARTICIPANTS {
            return Err(IdError::TooManyParticipants);
        }
        let escaped: Vec<Cow<'_, str>> = people.iter().map(|user| escaped(user.as_str())).collect();
        let id = format!("{PREFIX}{}", escaped.join(","));
        if id.len() > MAX_CONVERSATION_ID_BYTES {
            return Err(IdError::TooLong {
                limit: MAX_CONVERSATION_ID_BYTES,
            });
        }
        Ok(Self(id.into()))
    }

    /// Whether this is the conversation everybody is in.
    #[must_use]
    pub fn is_lobby(&self) -> bool {
        *self.0 == *LOBBY
    }

    /// The participants in order; `None` for the lobby.
    #[must_use]
    pub fn participants(&self) -> Option<Vec<UserId>> {
        let list = self.0.strip_prefix(PREFIX)?;
        list.split(',')
            .map(|user| UserId::try_from(unescaped(user).into_owned()).ok())
            .collect()
    }

    /// Whether `user` takes part.
    #[must_use]
    pub fn includes(&self, user: &UserId) -> bool {
        // Asked of every frame: without an allocation where no name is escaped.
        self.0
            .strip_prefix(PREFIX)
            .is_none_or(|list| list.split(',').any(|name| unescaped(name) == user.as_str()))
    }

    fn check(text: &str) -> Result<(), IdError> {
        if text == LOBBY {
            return Ok(());
        }
        if text.len() > MAX_CONVERSATION_ID_BYTES {
            return Err(IdError::TooLong {
                limit: MAX_CONVERSATION_ID_BYTES,
            });
        }
        let people = Self(text.into())
            .participants()
            .ok_or(IdError::NotCanonical)?;
        if *Self::of(&people)?.0 == *text {
            Ok(())
        } else {
            Err(IdError::NotCanonical)
        }
    }
}

/// A message's place in its conversation's log: 1, 2, 3 …; 0 is "before the first".
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "u64", into = "u64")]
pub struct Seq(u64);

impl Seq {
    /// Before the first message.
    pub const ZERO: Self = Self(0);
    /// Behind every message.
    pub const MAX: Self = Self(MAX_SAFE_INTEGER);

    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// The next place.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The place before; zero stays zero.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl TryFrom<u64> for Seq {
    type Error = IdError;
    fn try_from(number: u64) -> Result<Self, IdError> {
        if number > MAX_SAFE_INTEGER {
            Err(IdError::TooLarge)
        } else {
            Ok(Self(number))
        }
    }
}

impl From<Seq> for u64 {
    fn from(seq: Seq) -> u64 {
        seq.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str) -> UserId {
        UserId::try_from(id).unwrap()
    }

    #[test]
    fn the_order_and_repeats_of_participants_do_not_matter() {
        let (ana, bo) = (user("ana"), user("bo"));
        let id = ConversationId::of([&bo, &ana, &bo]).unwrap();
        assert_eq!(id.as_str(), "c:ana,bo");
        assert_eq!(id.participants().unwrap(), [ana, bo]);
    }

    #[test]
    fn hostile_ids_cannot_collide() {
        let one = ConversationId::of([&user("a,b")]).unwrap();
        let two = ConversationId::of([&user("a"), &user("b")]).unwrap();
        let three = ConversationId::of([&user("a%2Cb")]).unwrap();
        assert_eq!(one.as_str(), "c:a%2Cb");
        assert_eq!(three.as_str(), "c:a%252Cb");
        assert_ne!(one, two);
        assert_ne!(one, three);
        for id in [one, two, three] {
            assert_eq!(ConversationId::of(&id.participants().unwrap()).unwrap(), id);
        }
        assert_ne!(
            ConversationId::of([&user("lobby")]).unwrap(),
            ConversationId::lobby()
        );
    }

    #[test]
    fn only_canonical_conversation_ids_parse() {
        for bad in [
            "",
            "c:",
            "c:bo,ana",
            "c:ana,ana",
            "c:a%2",
            "ana",
            "c:ana,",
            "lobby2",
        ] {
            let parsed = ConversationId::try_from(bad);
            assert!(parsed.is_err(), "{bad:?} parsed as {parsed:?}");
        }
        let long = format!("c:{}", "x".repeat(2000));
        assert!(ConversationId::try_from(long).is_err());
    }

    #[test]
    fn user_ids_refuse_what_would_deceive_a_reader() {
        for bad in [
            "",
            " ",
            " ana",
            "ana\n",
            "a\u{202E}b",
            "a\u{0}b",
            "a\u{200B}b",
            &"x".repeat(65),
        ] {
            assert!(UserId::try_from(bad).is_err(), "{bad:?}");
        }
        for good in ["ana", "Ana Bo", "安娜", "#=%,", "user@example.org", "😀"] {
            assert!(UserId::try_from(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn seq_refuses_what_json_readers_would_round() {
        assert!(serde_json::from_str::<Seq>("9007199254740991").is_ok());
        for bad in ["9007199254740992", "-1", "1.5", "\"1\"", "null", "1e3"] {
            assert!(serde_json::from_str::<Seq>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_minted_message_id_is_32_hex_digits() {
        assert_eq!(
            MessageId::from_random(0xabc).as_str(),
            format!("{:032x}", 0xabc)
        );
        assert_eq!(MessageId::from_random(u128::MAX).as_str(), "f".repeat(32));
        let by_machine = MessageId::by_machine(0xabc);
        assert_eq!(by_machine.as_str(), format!("_{:032x}", 0xabc));
        assert!(MessageId::is_by_machine(by_machine.as_str()));
        assert!(!MessageId::is_by_machine(
            MessageId::from_random(0).as_str()
        ));
        assert!(!MessageId::is_by_machine("_secret"));
        assert!(MessageId::try_from(by_machine.as_str()).is_ok());
    }
}
