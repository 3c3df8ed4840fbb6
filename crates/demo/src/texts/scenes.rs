//! What the people say among themselves while nobody else speaks.

use crate::cast::Who::{self, Ines, Kenji, Mira, Noor, Theo};

/// Lines of a small scene in the lobby; a line of one emoji is a reaction to the line above it.
pub(crate) type Scene = &'static [(Who, &'static str)];

/// In this order, each once.
pub(crate) const SCENES: &[Scene] = &[
    &[
        (Kenji, "who took the good chair"),
        (Theo, "Define good."),
        (Kenji, "the one that does not squeak"),
        (Theo, "Then nobody. There is none."),
        (Mira, "😂"),
    ],
    &[
        (
            Mira,
            "The new colours are in. Look at the **dark** ones before you say anything.",
        ),
        (Kenji, "ok wow"),
        (Kenji, "😍"),
        (
            Theo,
            "I cannot see a difference, which I am told is a compliment.",
        ),
    ],
    &[
        (
            Theo,
            "The simulation is through, thousands of virtual hours. Nothing lost, nothing twice.",
        ),
        (Mira, "🎉"),
        (Kenji, "and in the real one?"),
        (Theo, "There I lost my keys."),
    ],
    &[
        (Noor, "صباح الخير من بيروت ☀️"),
        (Kenji, "❤️"),
        (
            Mira,
            "Good morning! Right to left and still in the right place.",
        ),
    ],
    &[
        (
            Mira,
            "Lunch? The place with the green door has pumpkin soup again.",
        ),
        (Kenji, "🙋"),
        (Theo, "`lunch.await`"),
        (Mira, "👍"),
    ],
    &[
        (
            Ines,
            "Tunnel in two minutes. If I stop in the middle of a sen",
        ),
        (Kenji, "every. single. time."),
        (Ines, "tence, that was it. Outbox works, by the way."),
        (Theo, "🙌"),
    ],
    &[
        (Kenji, "今日のおやつは大福です 🍡"),
        (Noor, "😋"),
        (Mira, "Save me one!"),
    ],
    &[
        (Theo, "Reminder: `goaway` is not an insult, it is a frame."),
        (Mira, "You say that to everybody."),
    ],
];
