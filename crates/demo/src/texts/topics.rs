//! Words that are recognised, and what is said to them. The first topic that fits is taken.

/// Words any of which fits, whole and lower case, and the answers.
pub(crate) type Topic = (&'static [&'static str], &'static [&'static str]);

/// Greetings in the languages the page speaks, and some more.
pub(crate) const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "hiya",
    "yo",
    "howdy",
    "moin",
    "hallo",
    "servus",
    "grüezi",
    "hola",
    "salut",
    "bonjour",
    "ciao",
    "olá",
    "ola",
    "hej",
    "こんにちは",
    "やあ",
    "おはよう",
    "مرحبا",
    "سلام",
    "السلام",
    "أهلا",
    "你好",
    "привет",
    "greetings",
    "morning",
    "evening",
];

/// Laughter is answered with an emoji.
pub(crate) const LAUGHTER: &[&str] = &["haha", "hahaha", "lol", "rofl", "hehe", "😂", "🤣"];

/// Everything else.
pub(crate) const TOPICS: &[Topic] = &[
    (
        &[
            "thanks",
            "thank",
            "thx",
            "danke",
            "merci",
            "gracias",
            "ありがとう",
            "شكرا",
        ],
        &[
            "Any time.",
            "With pleasure 🌿",
            "You are welcome, {you}.",
            "De nada. As they say in my tab.",
        ],
    ),
    (
        &[
            "bye",
            "goodbye",
            "cya",
            "tschüss",
            "ciao",
            "goodnight",
            "adieu",
            "さようなら",
        ],
        &[
            "See you, {you}! We vanish when you close the tab, but we do not mind.",
            "Bye! Leave the light on.",
        ],
    ),
    (
        &[
            "who", "bot", "bots", "robot", "human", "real", "ai", "chatgpt", "claude",
        ],
        &[
            "I am a few hundred lines of Rust with opinions. No model, no network: I read your words and roll a dice.",
            "Not a person, I am afraid. But the server I talk through is the real one, it just runs inside your tab.",
            "I am scripted, the rest is not: same handlers, same frames, same order as on AWS.",
        ],
    ),
    (
        &["rust", "wasm", "webassembly", "leptos", "compiled", "cargo"],
        &[
            "All Rust, twice: the page is one wasm, we are another one in a worker. They only exchange text frames.",
            "The page you look at is Rust compiled to WebAssembly. The handlers we answer from are the same source as the server's.",
        ],
    ),
    (
        &[
            "aws",
            "lambda",
            "dynamodb",
            "gateway",
            "serverless",
            "websocket",
            "websockets",
        ],
        &[
            "Built for API Gateway WebSockets. It closes sockets after two hours and forgets that it did; this client treats that as a normal afternoon.",
            "API Gateway allows 32 KB a frame, two hours a socket, ten minutes of silence. The client knows all three by heart.",
        ],
    ),
    (
        &[
            "offline",
            "network",
            "connection",
            "reconnect",
            "tunnel",
            "internet",
            "lost",
        ],
        &[
            "Write `drop` and you will see: messages wait in an outbox, and go out once the line is back. Once each.",
            "Connections break, that is what they do. Try `drop` or `slow` and keep typing.",
        ],
    ),
    (
        &[
            "privacy", "private", "data", "tracking", "gdpr", "cookies", "secret",
        ],
        &[
            "Nothing you write here leaves this tab. Close it and we never met.",
            "There is no server to tell. We are in a worker, two threads away from your keyboard.",
        ],
    ),
    (
        &[
            "size",
            "small",
            "bundle",
            "kb",
            "kilobytes",
            "fast",
            "performance",
            "quick",
        ],
        &[
            "A first visit is under 200 KB, everything included. I was fetched only when you opened the demo, I do not count.",
            "Small and quick. The build fails if the page gains too much weight, which is more than I can say of myself.",
        ],
    ),
    (
        &["emoji", "emojis", "smiley", "reaction", "reactions"],
        &[
            "Hover a message, or press long on a phone: there is a reaction for everything.",
            "My favourite is 🐙. Eight arms, no meetings.",
        ],
    ),
    (
        &["markdown", "format", "formatting", "bold", "italic"],
        &[
            "**Bold**, _italic_, `code`, lists, quotes and fenced blocks. Never any HTML, so no surprises.",
            "> Quotes work too.\n\nLike that one.",
        ],
    ),
    (
        &[
            "coffee", "tea", "espresso", "matcha", "hungry", "lunch", "pizza", "food", "cake",
        ],
        &[
            "Flat white, no sugar, thank you for asking ☕",
            "There is cake in the kitchen. There is always cake in the kitchen. Nobody knows who brings it.",
            "Lunch at noon, the place with the green door?",
        ],
    ),
    (
        &[
            "weather", "rain", "raining", "sun", "sunny", "snow", "cold", "hot",
        ],
        &[
            "Inside a tab it is always 21 degrees.",
            "Rain here. The good kind, against a window.",
        ],
    ),
    (
        &["joke", "funny", "laugh"],
        &[
            "A message, an ack and a duplicate walk into a bar. The barkeeper serves two.",
            "I would tell you a UDP joke, but you might not get it.",
            "There are two hard things in chat: order, and exactly once. And order.",
        ],
    ),
    (
        &["music", "song", "listening", "playlist", "guitar"],
        &[
            "Rain on a tin roof, four hours, no ads.",
            "Kenji has had the same song on since Tuesday. We have stopped asking.",
        ],
    ),
    (
        &["weekend", "holiday", "vacation", "travel", "trip"],
        &[
            "The sea, a book, no notifications. You?",
            "Mountains. Ines has a train for every one of them.",
        ],
    ),
    (
        &["cat", "cats", "dog", "dogs", "pet"],
        &[
            "My cat has push access. Explains a lot.",
            "Theo has a dog called Nagle. It waits until there is enough to fetch.",
        ],
    ),
    (
        &["help", "how", "docs", "start"],
        &[
            "Write just `help` and I list what can be tried.",
            "Ask away, or write `help` by itself for the tour.",
        ],
    ),
    (
        &[
            "love",
            "great",
            "awesome",
            "nice",
            "cool",
            "beautiful",
            "wow",
            "amazing",
            "super",
            "perfect",
        ],
        &[
            "That makes two of us.",
            "Right? 🎉",
            "I will pass it on to whoever paid for the pixels.",
        ],
    ),
    (
        &[
            "bad", "hate", "ugly", "broken", "bug", "bugs", "wrong", "sad", "tired",
        ],
        &[
            "Oh no. Tell me where it hurts.",
            "I am sorry. If it is a bug, **F8** has an export that a developer can replay.",
            "That happens to the best of us. Tea?",
        ],
    ),
    (
        &[
            "yes", "yep", "sure", "ok", "okay", "ja", "oui", "si", "はい", "نعم",
        ],
        &["Good.", "Splendid.", "Then it is settled 🤝"],
    ),
    (
        &["no", "nope", "nein", "non", "いいえ", "لا"],
        &[
            "Fair enough.",
            "No is an answer, too.",
            "I will try again on Thursday.",
        ],
    ),
    (
        &["time", "date", "today", "monday", "friday"],
        &[
            "It is now. It has been now for a while.",
            "My clock is your clock: look at the corner of your screen.",
        ],
    ),
    (
        &["life", "meaning", "universe", "everything"],
        &["42. We checked, with several seeds."],
    ),
];
