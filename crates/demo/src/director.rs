//! Who does what when: the stage is set when somebody comes, and what they write is answered.

use std::collections::BTreeMap;

use switchboard_protocol::{
    ConversationId, Message, MessageId, Seq, UserId, VERSION,
    client::{ClientFrame, Hello, Kind, SendMessage, Signal, Sync},
    server::ServerFrame,
};

use crate::{
    cast::{Cast, Who},
    demo::{Demo, Event},
    history::{Archive, Authors},
    mind::{self, Heard},
    script::{MINUTE, Script},
    texts::{answers, past, scenes::SCENES},
};

/// Something one of the cast does in a conversation.
#[derive(Debug)]
pub(crate) enum Act {
    Read(MessageId),
    Type,
    Say(MessageId, String, Option<MessageId>),
    React(MessageId, &'static str),
    Edit(MessageId, &'static str),
    Delete(MessageId),
    Cut(u64),
    Slow(bool),
    Leave,
    Come,
}

/// Where the play stands.
#[derive(Debug, Default)]
pub(crate) struct Stage {
    /// Everybody who ever came, by their id.
    visitors: Vec<UserId>,
    pub(crate) authors: Authors,
    /// Counts a conversation's visitor messages: an answer to an earlier one is not begun.
    turns: BTreeMap<ConversationId, u64>,
    /// Up to where the visitor's messages are being answered.
    answered: BTreeMap<ConversationId, Seq>,
    /// Up to where each has read the conversations they are alone in with somebody.
    seen: BTreeMap<(Who, ConversationId), Seq>,
    /// When somebody last spoke in the lobby.
    pub(crate) spoken_at: u64,
    /// What has been asked for once.
    pub(crate) asked: Vec<&'static str>,
    /// Who has opened a group.
    pub(crate) groups: Vec<UserId>,
    /// Who cut the line, and where that was asked for.
    cut: Option<(Who, ConversationId)>,
}

impl Demo {
    /// Somebody comes: the first time, what was said before is written, and the play begins.
    pub(crate) fn welcome(&mut self, visitor: &UserId) {
        if self.stage.visitors.contains(visitor) {
            return;
        }
        let is_first = self.stage.visitors.is_empty();
        self.stage.visitors.push(visitor.clone());
        if is_first {
            self.cast = Cast::beside(visitor.as_str());
        } else if let Some(person) = self.cast.make_room(visitor)
            && let Some(connection) = person.connection
        {
            self.platform.disconnect(self.now, &connection, 1000);
        }
        let rooms = [
            (is_first.then(ConversationId::lobby), past::LOBBY),
            (
                self.room(visitor, &[Who::Mira, Who::Theo, Who::Kenji]),
                past::GROUP,
            ),
            (self.room(visitor, &[Who::Kenji]), past::KENJI),
        ];
        let archive = Archive {
            platform: &self.platform,
            cast: &self.cast,
            visitor: visitor.as_str(),
            now: self.now,
        };
        for (room, past) in rooms {
            if let Some(room) = room {
                archive.write(&room, past, &mut self.rng, &mut self.stage.authors);
            }
        }
        if is_first {
            for who in [Who::Mira, Who::Theo, Who::Kenji] {
                self.join(who);
            }
            let noor = self.now + self.rng.range(8_000, 11_000);
            self.agenda.put(noor, Event::Shift(Who::Noor));
            let ines = self.now + self.rng.range(35_000, 50_000);
            self.agenda.put(ines, Event::Shift(Who::Ines));
            let scene = self.now + self.rng.range(20_000, 26_000);
            self.agenda.put(scene, Event::Scene(0));
        }
        let hello = self.cast.say(answers::WELCOME, visitor.as_str());
        let mut script = Script::new(self, ConversationId::lobby(), Who::Mira, None);
        script.pause(1_200);
        script.say(hello, None);
        // And somebody writes to them alone: the list is alive, too.
        if let Some(room) = self.room(visitor, &[Who::Kenji]) {
            let mut script = Script::new(self, room, Who::Kenji, None);
            script.pause(6_000);
            script.say_one_of(answers::ASIDE, visitor.as_str());
        }
    }

    /// The conversation of the visitor with these people.
    pub(crate) fn room(&self, visitor: &UserId, who: &[Who]) -> Option<ConversationId> {
        let users = self.cast.users(who);
        ConversationId::of(users.iter().chain([visitor])).ok()
    }

    /// One of the cast says hello to the server.
    pub(crate) fn greet(&mut self, who: Who) {
        self.send(
            who,
            &ClientFrame::Hello(Hello {
                v: VERSION,
                rid: 1,
                device: "demo".to_owned(),
                tab: "demo".to_owned(),
            }),
        );
    }

    fn send(&mut self, who: Who, frame: &ClientFrame) {
        let connection = self.cast.get(who).and_then(|it| it.connection.clone());
        if let Some(connection) = connection {
            self.platform
                .message(self.now, &connection, frame.to_json());
        }
    }

    /// What was missed while they were away is fetched, and answered.
    pub(crate) fn catch_up(&mut self, who: Who, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome(welcome) => {
                for (conv, head) in welcome.heads.iter() {
                    let key = (who, conv.clone());
                    let seen = self.stage.seen.get(&key).copied().unwrap_or_default();
                    if *head > seen && is_direct(conv) {
                        let sync = Sync {
                            rid: 2,
                            conv: conv.clone(),
                            after: Some(seen),
                            before: None,
                            limit: None,
                        };
                        self.send(who, &ClientFrame::Sync(sync));
                    }
                }
            }
            ServerFrame::Page(page) => {
                let key = (who, page.conv.clone());
                self.stage.seen.insert(key, page.covered);
                let last = page.messages.iter().rev();
                let last = last.clone().find(|it| it.kind == Kind::Text);
                if let Some(message) = last {
                    self.heard(message, &[who]);
                }
            }
            _ => {}
        }
    }

    /// A log entry reached these of the cast.
    pub(crate) fn heard(&mut self, message: &Message, by: &[Who]) {
        let conv = &message.conv;
        if is_direct(conv) {
            for who in by {
                self.stage.seen.insert((*who, conv.clone()), message.seq);
            }
        }
        if conv.is_lobby() && message.kind == Kind::Text {
            self.stage.spoken_at = self.now;
        }
        let answered = self.stage.answered.entry(conv.clone()).or_default();
        if self.cast.knows(&message.from) || message.seq <= *answered {
            return;
        }
        *answered = message.seq;
        match message.kind {
            Kind::Text => self.answer(message, by),
            Kind::Edit if self.rng.chance(60) => {
                let who = self.pick(by);
                if let (Some(who), Some(re)) = (who, message.re.clone()) {
                    let at = self.now + self.rng.range(900, 2_000);
                    let act = Act::React(re, "✍️");
                    self.agenda
                        .put(at, Event::Act(who, conv.clone(), None, act));
                }
            }
            _ => {}
        }
    }

    fn pick(&mut self, of: &[Who]) -> Option<Who> {
        let last = u64::try_from(of.len()).ok()?.checked_sub(1)?;
        let at = self.rng.range(0, last);
        of.get(usize::try_from(at).ok()?).copied()
    }

    fn answer(&mut self, message: &Message, by: &[Who]) {
        let conv = message.conv.clone();
        let lower = message.content.to_ascii_lowercase();
        let named = by.iter().copied().find(|who| {
            let person = self.cast.get(*who);
            person.is_some_and(|it| lower.contains(&it.user.as_str().to_ascii_lowercase()))
        });
        let author = message
            .re
            .as_ref()
            .and_then(|re| self.stage.authors.get(re));
        let author = author.copied().filter(|who| by.contains(who));
        let Some(who) = named.or(author).or_else(|| self.pick(by)) else {
            return;
        };
        let turn = self.stage.turns.entry(conv.clone()).or_default();
        *turn += 1;
        let turn = *turn;
        // In the lobby two read at once; that is enough to see it.
        let readers = if conv.is_lobby() { 2 } else { by.len() };
        let others = by.iter().copied().filter(|other| *other != who);
        let readers: Vec<Who> = [who].into_iter().chain(others).take(readers).collect();
        for reader in &readers {
            let at = self.now + self.rng.range(500, 1_100);
            let act = Act::Read(message.id.clone());
            self.agenda
                .put(at, Event::Act(*reader, conv.clone(), None, act));
        }
        let command = mind::command(&message.content);
        let lines = mind::answer(
            Heard {
                who,
                text: &message.content,
                asked_before: command.is_some_and(|it| self.stage.asked.contains(&it)),
                is_slow: self.now < self.slow_until,
            },
            &mut self.rng,
        );
        self.stage.asked.extend(command);
        let mut script = Script::new(self, conv.clone(), who, command.is_none().then_some(turn));
        script.pause(900);
        script.play(lines, message, by);
        let second = readers.get(1).copied();
        if let Some(second) = second
            && command.is_none()
            && self.rng.chance(55)
        {
            let at = self.now + self.rng.range(1_500, 3_500);
            let act = Act::React(message.id.clone(), mind::mood(&message.content));
            self.agenda.put(at, Event::Act(second, conv, None, act));
        }
    }

    /// Does it, unless the visitor has gone on since, or whoever it is has left.
    pub(crate) fn act(&mut self, who: Who, conv: &ConversationId, turn: Option<u64>, act: Act) {
        let now = self.stage.turns.get(conv).copied();
        if turn.is_some() && turn != now {
            return;
        }
        let (id, kind, content, re) = match act {
            Act::Cut(ms) => {
                self.stage.cut = Some((who, conv.clone()));
                self.gossip();
                return self.cut(ms);
            }
            Act::Slow(is_slow) => {
                self.slow_until = if is_slow { self.now + MINUTE } else { 0 };
                return;
            }
            Act::Leave => return self.leave(who),
            Act::Come => {
                self.join(who);
                return;
            }
            Act::Type => {
                let (conv, kind) = (conv.clone(), "typing".to_owned());
                return self.send(who, &ClientFrame::Signal(Signal { conv, kind }));
            }
            Act::Say(id, text, re) => {
                self.stage.authors.insert(id.clone(), who);
                (id, Kind::Text, text, re)
            }
            Act::Read(re) => (self.mint(), Kind::Read, String::new(), Some(re)),
            Act::React(re, emoji) => (self.mint(), Kind::Reaction, emoji.to_owned(), Some(re)),
            Act::Edit(re, text) => (self.mint(), Kind::Edit, text.to_owned(), Some(re)),
            Act::Delete(re) => (self.mint(), Kind::Delete, String::new(), Some(re)),
        };
        let send = SendMessage {
            v: VERSION,
            id,
            to: None,
            conv: Some(conv.clone()),
            kind,
            content,
            re,
        };
        self.send(who, &ClientFrame::SendMessage(send));
    }

    pub(crate) fn mint(&mut self) -> MessageId {
        MessageId::from_random(self.rng.bits())
    }

    /// What is said while the visitor is away.
    fn gossip(&mut self) {
        let name = self.visitor();
        let mut script = Script::new(self, ConversationId::lobby(), Who::Mira, None);
        for (who, pause) in [(Who::Mira, 1_200), (Who::Kenji, 900)] {
            script.now(who);
            script.pause(pause);
            script.say_one_of(answers::WHILE_AWAY, &name);
        }
    }

    fn visitor(&self) -> String {
        let last = self.stage.visitors.last();
        last.map(|user| user.as_str().to_owned())
            .unwrap_or_default()
    }

    /// The visitor is back after a cut.
    pub(crate) fn returned(&mut self) {
        if let Some((who, conv)) = self.stage.cut.take() {
            let name = self.visitor();
            let mut script = Script::new(self, conv, who, None);
            script.pause(2_500);
            script.say_one_of(answers::BACK, &name);
        }
    }

    /// Those who come and go.
    pub(crate) fn shift(&mut self, who: Who) {
        let stay = if self.cast.is_online(who) {
            self.leave(who);
            self.rng.range(40_000, 90_000)
        } else {
            self.join(who);
            self.rng.range(80_000, 160_000)
        };
        self.agenda.put(self.now + stay, Event::Shift(who));
    }

    /// A small scene in the lobby, if somebody watches and nobody else speaks.
    pub(crate) fn scene(&mut self, number: usize) {
        let Some(scene) = SCENES.get(number) else {
            return;
        };
        let is_busy = self.now < self.stage.spoken_at + 15_000;
        let is_full = scene.iter().all(|(who, _)| self.cast.is_online(*who));
        if !self.is_watched() || is_busy || !is_full {
            let next = if is_full {
                number
            } else {
                (number + 1) % SCENES.len().max(1)
            };
            self.agenda.put(self.now + 9_000, Event::Scene(next));
            return;
        }
        let mut script = Script::new(self, ConversationId::lobby(), Who::Mira, None);
        let end = script.scene(scene);
        let pause = self.rng.range(30_000, 60_000);
        self.agenda.put(end + pause, Event::Scene(number + 1));
    }
}

/// Whether two people are in it.
fn is_direct(conv: &ConversationId) -> bool {
    conv.participants().is_some_and(|people| people.len() == 2)
}
