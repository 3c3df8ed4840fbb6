//! What is answered when no topic is recognised, and to the words one can try.

use crate::cast::Who;

/// Mira, to whoever comes.
pub(crate) const WELCOME: &str = "\
Welcome @{you}! 👋 Write something, we answer. \
Or write `help`: you can even cut your own connection.";

/// Kenji, to them alone.
pub(crate) const ASIDE: &[&str] = &[
    "psst {you}, try `burst` in here. theo loves it 🐙",
    "hi {you} 👋 the crow says hello",
];

/// Mira's answer to `help`.
pub(crate) const HELP: &str = "\
Everything here is real except us. Write me one of these:

- `drop` – Theo cuts your connection. Keep writing: nothing is lost
- `slow` – a bad mobile network, `fast` ends it
- `burst` – twenty messages at once
- `edit` or `unsend` – somebody changes their mind
- `react` – emoji on your message
- `code` – a code block
- `group` – we open a group with you
- `away` – somebody leaves and comes back

Or just talk. **F8** shows every frame on the wire.";

/// The same to somebody who has seen it.
pub(crate) const HELP_AGAIN: &str = "\
`drop`, `slow`, `fast`, `burst`, `edit`, `unsend`, `react`, `code`, `group`, `away`. \
And under my name: a person who reads what you write. More or less.";

/// Theo, before he cuts the line.
pub(crate) const DROP: &[&str] = &[
    "Pulling the plug in 3 … 2 … Keep writing, and watch the status.",
    "Scissors are out. Write something while you are offline, it waits for you.",
    "Cutting the line now. Your messages stay in the outbox until I find the other end.",
];

/// Said into the conversation while the visitor is away.
pub(crate) const WHILE_AWAY: &[&str] = &[
    "Is {you} gone? The dot went grey.",
    "They will catch up. That is the point of the exercise.",
    "And all of this arrives in order, in one go.",
];

/// Theo, once they are back.
pub(crate) const BACK: &[&str] = &[
    "Welcome back. Count them if you like: nothing missing, nothing twice.",
    "And there you are. I trust nobody had to press anything.",
    "Back online. What you wrote meanwhile went out with the same ids, once each.",
];

/// Theo makes it slow.
pub(crate) const SLOW: &str = "\
You are on a train now, somewhere between two tunnels: **3 seconds** each way. \
Watch the marks on your messages. `fast` gets you home, or wait a minute.";

/// And quick again.
pub(crate) const FAST: &str = "Back on fibre. You may unclench.";

/// Nothing was slow.
pub(crate) const FAST_ALREADY: &str =
    "It is as fast as it gets: we live in a worker inside your tab.";

/// Before the burst.
pub(crate) const BURST: &str =
    "Hold on to something. Scroll up while they come, the page will not jump.";

/// Two of the burst's lines; the number comes in between.
pub(crate) const BURST_LINE: (&str, &str) = ("Message ", " of 20, straight from the press.");

/// After the burst.
pub(crate) const BURST_END: &str = "Twenty. I did not even sweat.";

/// Edited a moment later.
pub(crate) const EDIT: (&str, &str) = (
    "Look, I never make mistkaes.",
    "Look, I never make mistakes. (There is a history behind *edited*.)",
);

/// Taken back a moment later.
pub(crate) const UNSEND: &str = "The password of the coffee machine is … oh no.";

/// And commented.
pub(crate) const UNSENT: &str = "You saw nothing.";

/// With the reactions.
pub(crate) const REACT: &str = "There. Take one back or add your own.";

/// A code block.
pub(crate) const CODE: &str = "\
This is the loop you are talking through, more or less:

```rust
while let Some(input) = self.next_input() {
    client.handle(now, input);
    while let Some(output) = client.poll_output() {
        self.carry_out(output);
    }
}
```

The same `client` runs in the simulation, for thousands of virtual hours.";

/// The group opens.
pub(crate) const GROUP: &str =
    "@{you} here we are. A conversation is its people: no invitation, no admin.";

/// … and Kenji is glad.
pub(crate) const GROUP_SECOND: &str = "🎉 three is a crowd, finally";

/// It was there before.
pub(crate) const GROUP_AGAIN: &str = "We still have ours, @{you}. Let us use it.";

/// Somebody leaves …
pub(crate) const AWAY: &str = "Watch the list: I am off for a moment.";

/// … and is back.
pub(crate) const AWAY_BACK: &str = "Back. Did you see me go?";

/// To emoji alone.
pub(crate) const EMOJI: &[&str] = &["😄", "🙌", "✨", "🫶", "😎", "🐙"];

/// To a link.
pub(crate) const LINK: &[&str] = &[
    "I would click, but there is no network where I live.",
    "Saved for the train. The long one, without reception.",
    "A link! From outside the tab! We do not get many of those.",
];

/// To code.
pub(crate) const THEIR_CODE: &[&str] = &[
    "Compiles in my head. Ship it.",
    "I have notes. They are: 👏",
    "Nice. I would have forgotten a semicolon and blamed the linker.",
];

/// To something long.
pub(crate) const LONG: &[&str] = &[
    "I read all of it. Twice. The middle is the best part.",
    "That is a letter, not a message. I like letters.",
    "Give me a second, I am still at the third line … yes. Yes, I agree.",
];

/// To something shouted.
pub(crate) const LOUD: &[&str] = &[
    "I HEAR YOU.",
    "Caps lock is a lifestyle.",
    "Loud and clear 📣",
];

/// To a question of no known topic.
pub(crate) const QUESTION: &[&str] = &[
    "Good question. I would say yes, but ask me again tomorrow.",
    "Honestly? It depends on the coffee.",
    "I have been wondering about that myself. What is your guess?",
    "Short answer: probably. Long answer: probably, with footnotes.",
    "If I knew, I would be a server.",
    "Let us ask the others in **Everyone**, somebody always has an opinion.",
];

/// To `why`.
pub(crate) const WHY: &[&str] = &[
    "Because somebody had a deadline, I suspect.",
    "Why not?",
    "There is a comment about it in the code. It gives the reason. I am told that is the rule here.",
];

/// To a feeling or a plan; the rest follows: “What makes you …”.
pub(crate) const MIRROR: &[(&str, &str)] = &[
    ("Since when are you ", "?"),
    ("What is it like, being ", "?"),
    ("You are ", "? Tell me more."),
];

/// Whoever answers, and nothing better to say.
pub(crate) const fn small_talk(who: Who) -> &'static [&'static str] {
    match who {
        Who::Mira => &[
            "Tell me more, I have tea.",
            "I like how you put that.",
            "Hm! And what did you do then?",
            "That sounds like a story. Is it?",
            "Noted, with a little star ⭐",
            "You should say that in **Everyone**. They would love it.",
            "Oh, I know exactly what you mean.",
        ],
        Who::Theo => &[
            "Acknowledged. With a sequence number and everything.",
            "I would argue, but it is already committed.",
            "Fair.",
            "That is the most sensible thing in this log.",
            "Interesting. Have you tried `drop`?",
            "I will think about it as soon as this builds.",
            "Delivered to 1 of 1, understood by 1 of 1.",
        ],
        Who::Kenji => &[
            "ha, true",
            "same here",
            "👀 go on",
            "love it",
            "wait, really?",
            "ok that is going on a sticker",
            "🙌",
        ],
        Who::Noor => &[
            "I was just thinking the same.",
            "My grandmother would have a proverb for that.",
            "Beautifully said. Shall I translate it?",
            "Go on, I am listening.",
            "That made my day.",
        ],
        Who::Ines => &[
            "Reading this between two trains, and agreeing.",
            "Ha! Keep that thought until the next station.",
            "Tunnel in one minute, quick: and then?",
            "You always write when I am about to lose signal.",
            "Yes. Platform 9 agrees too.",
        ],
    }
}

/// To the first words of somebody new.
pub(crate) const fn hello(who: Who) -> &'static [&'static str] {
    match who {
        Who::Mira => &[
            "Hi {you}! Good to see you here 👋 Try `help` if you want to break something.",
            "Hello {you}! Make yourself at home.",
        ],
        Who::Theo => &["Hello, {you}.", "Hi. Connection looks good from here."],
        Who::Kenji => &["hey {you}! 👋", "おはよう {you} 🌅", "yo ✨"],
        Who::Noor => &[
            "Hello {you}, and مرحبا بك!",
            "Hi {you}, lovely to meet you.",
        ],
        Who::Ines => &[
            "Hi {you}! I have about one station of signal.",
            "Hey! Still on the train.",
        ],
    }
}
