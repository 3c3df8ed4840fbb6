//! What had been said before the visitor came: two days in the lobby, and two small conversations.

use crate::cast::Who::{self, Ines, Kenji, Mira, Noor, Theo};

/// What an entry of the past is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry {
    /// Said.
    Said(&'static str),
    /// A reply to the entry at this place.
    Reply(usize, &'static str),
    /// A reaction to the entry at this place.
    Reaction(usize, &'static str),
    /// The entry at this place, said better.
    Edit(usize, &'static str),
}
use Entry::{Edit, Reaction, Reply, Said};

/// Minutes before the visitor came, who, what.
pub(crate) type Past = &'static [(u64, Who, Entry)];

/// In the lobby.
pub(crate) const LOBBY: Past = &[
    // The day before yesterday.
    (
        2_890,
        Mira,
        Said("Good morning everybody! First day in the new room. Who has the nicest view?"),
    ),
    (2_884, Kenji, Said("osaka, 14th floor, one crow 🐦‍⬛")),
    (2_881, Theo, Said("A wall. A very honest wall.")),
    (2_880, Mira, Reaction(2, "😂")),
    (2_879, Kenji, Reaction(2, "🧱")),
    (2_874, Noor, Said("البحر، والقهوة، وأنتم 🌊")),
    (2_873, Mira, Reaction(5, "❤️")),
    (2_872, Kenji, Reaction(5, "❤️")),
    (
        2_860,
        Ines,
        Said("A platform in Basel. The view is delayed by ten minutes."),
    ),
    (2_859, Theo, Reaction(8, "🚆")),
    // Yesterday.
    (
        1_462,
        Theo,
        Said(
            "For the minutes, since somebody asked how a message survives a broken line:\n\n1. it gets its **id** when you press send\n2. it is on your disk before the composer clears\n3. it is sent with the same id until the server says *yes*\n4. the server knows ids it has seen",
        ),
    ),
    (
        1_458,
        Mira,
        Reply(10, "So pressing send on the train is fine?"),
    ),
    (
        1_455,
        Theo,
        Reply(11, "Pressing send on the train is the _test suite_."),
    ),
    (1_454, Ines, Reaction(12, "😂")),
    (1_454, Kenji, Reaction(12, "💯")),
    (1_453, Mira, Reaction(12, "😂")),
    (
        1_431,
        Kenji,
        Said(
            "the whole thing in one picture:\n\n```\nyou ──▶ outbox ──▶ socket ──▶ log\n            ▲                  │\n            └────── ack ◀──────┘\n```",
        ),
    ),
    (1_430, Theo, Reaction(16, "👏")),
    (1_429, Mira, Reaction(16, "🤩")),
    (
        1_402,
        Noor,
        Said("> The line is down.\n\nMy grandmother used to say: then write a longer letter."),
    ),
    (1_401, Mira, Reaction(19, "❤️")),
    // Today.
    (52, Mira, Said("Soup or curry today?")),
    (51, Kenji, Said("curry")),
    (49, Theo, Said("Soup. Curry was yesturday.")),
    (48, Theo, Edit(23, "Soup. Curry was yesterday.")),
    (47, Kenji, Reaction(23, "🍜")),
    (
        12,
        Mira,
        Said("Visitors today! Be nice, and somebody hide the wall."),
    ),
    (11, Kenji, Reaction(26, "🫡")),
    (11, Theo, Reaction(26, "🧱")),
];

/// The group with the visitor.
pub(crate) const GROUP: Past = &[
    (
        96,
        Mira,
        Said("Small group for the tour, so that **Everyone** stays readable."),
    ),
    (95, Kenji, Said("nice 🙌")),
    (
        94,
        Theo,
        Said("Agenda: one, say hello. Two, break the connection. Three, find nothing broken."),
    ),
    (93, Kenji, Reaction(2, "📋")),
    (
        21,
        Mira,
        Said("@{you} whenever you like: write `help` here and I show you around."),
    ),
];

/// Kenji and the visitor alone.
pub(crate) const KENJI: Past = &[
    (34, Kenji, Said("hey {you}, I sit next to the wall")),
    (33, Kenji, Said("ping me if you are bored 🐦‍⬛")),
];
