//! Lays lines out in time: people read, think, type and only then speak.

use switchboard_protocol::{ConversationId, Message, MessageId};

use crate::{
    cast::Who,
    demo::{Demo, Event},
    director::Act,
    mind::Line,
    texts::{answers, scenes::Scene},
};

pub(crate) const MINUTE: u64 = 60_000;
/// A typing signal is repeated this often, ms.
const TYPING: u64 = 2_500;
/// To type the shortest message, and what each character adds, ms.
const TYPE_LEAST: u64 = 700;
const TYPE_CHAR: u64 = 22;
/// The slowest typist, ms.
const TYPE_MOST: u64 = 3_600;

/// Lines of one conversation being put on the agenda.
pub(crate) struct Script<'a> {
    demo: &'a mut Demo,
    conv: ConversationId,
    who: Who,
    turn: Option<u64>,
    at: u64,
}

impl<'a> Script<'a> {
    /// Starts now. With a `turn`, nothing of it happens once the visitor has written again.
    pub(crate) fn new(
        demo: &'a mut Demo,
        conv: ConversationId,
        who: Who,
        turn: Option<u64>,
    ) -> Self {
        let at = demo.now;
        Self {
            demo,
            conv,
            who,
            turn,
            at,
        }
    }

    /// The next lines are another's.
    pub(crate) fn now(&mut self, who: Who) {
        self.who = who;
    }

    pub(crate) fn pause(&mut self, ms: u64) {
        self.at += ms + self.demo.rng.range(0, ms / 3);
    }

    fn put(&mut self, act: Act) {
        let event = Event::Act(self.who, self.conv.clone(), self.turn, act);
        self.demo.agenda.put(self.at, event);
    }

    /// Types, then says it.
    pub(crate) fn say(&mut self, text: String, re: Option<MessageId>) -> MessageId {
        let length = u64::try_from(text.chars().count()).unwrap_or(0);
        let end = self.at + (TYPE_LEAST + length * TYPE_CHAR).min(TYPE_MOST);
        while self.at < end {
            self.put(Act::Type);
            self.at = (self.at + TYPING).min(end);
        }
        let id = self.demo.mint();
        self.put(Act::Say(id.clone(), text, re));
        id
    }

    pub(crate) fn say_one_of(&mut self, pool: &[&'static str], visitor: &str) {
        let text = self.demo.rng.next_of(pool);
        let text = self.demo.cast.say(text, visitor);
        self.say(text, None);
    }

    /// The answer to `message`, which these have heard.
    pub(crate) fn play(&mut self, lines: Vec<Line>, message: &Message, by: &[Who]) {
        let visitor = message.from.as_str();
        let mut reacted: Vec<(Who, &str)> = Vec::new();
        for line in lines {
            match line {
                Line::Say(text) => {
                    let text = self.demo.cast.say(&text, visitor);
                    self.say(text, None);
                }
                Line::Reply(text) => {
                    let text = self.demo.cast.say(&text, visitor);
                    self.say(text, Some(message.id.clone()));
                }
                Line::React(emoji) => {
                    if !reacted.contains(&(self.who, emoji)) {
                        reacted.push((self.who, emoji));
                        self.put(Act::React(message.id.clone(), emoji));
                        self.pause(500);
                    }
                }
                Line::Edit(first, then) => {
                    let id = self.say(first.to_owned(), None);
                    self.pause(2_200);
                    self.put(Act::Edit(id, then));
                }
                Line::Unsend(text) => {
                    let id = self.say(text.to_owned(), None);
                    self.pause(2_600);
                    self.put(Act::Delete(id));
                    self.pause(600);
                }
                Line::Drop(ms) => {
                    self.pause(1_800);
                    self.put(Act::Cut(ms));
                }
                Line::Slow(is_slow) => {
                    self.pause(300);
                    self.put(Act::Slow(is_slow));
                }
                Line::Burst => self.burst(),
                Line::Group => self.group(message),
                Line::Away => {
                    self.pause(1_200);
                    self.put(Act::Leave);
                    self.pause(7_000);
                    self.put(Act::Come);
                    self.pause(900);
                }
                // Whoever is not here cannot speak here.
                Line::Now(who) if by.contains(&who) => self.who = who,
                Line::Now(_) => {}
            }
            self.pause(250);
        }
    }

    fn burst(&mut self) {
        let (before, after) = answers::BURST_LINE;
        for number in 1..=20_u64 {
            let text = [before, &number.to_string(), after].concat();
            let id = self.demo.mint();
            self.put(Act::Say(id, text, None));
            self.at += 120;
        }
    }

    fn group(&mut self, message: &Message) {
        let asked = &mut self.demo.stage.groups;
        let is_new = !asked.contains(&message.from);
        if is_new {
            asked.push(message.from.clone());
        }
        let text = if is_new {
            answers::GROUP
        } else {
            answers::GROUP_AGAIN
        };
        let text = self.demo.cast.say(text, message.from.as_str());
        let room = self.demo.room(&message.from, &[Who::Mira, Who::Kenji]);
        if let Some(room) = room {
            let here = std::mem::replace(&mut self.conv, room);
            let first = self.who;
            self.who = Who::Mira;
            self.say(text, None);
            self.pause(600);
            self.who = Who::Kenji;
            self.say(answers::GROUP_SECOND.to_owned(), None);
            (self.conv, self.who) = (here, first);
        }
    }

    /// Plays a scene; returns when it is over.
    pub(crate) fn scene(&mut self, scene: Scene) -> u64 {
        let mut last: Option<MessageId> = None;
        for (who, text) in scene {
            self.who = *who;
            self.pause(1_300);
            match &last {
                Some(last) if is_emoji(text) => {
                    let act = Act::React(last.clone(), text);
                    self.put(act);
                }
                _ => {
                    let text = self.demo.cast.say(text, "");
                    last = Some(self.say(text, None));
                }
            }
        }
        self.at
    }
}

/// Whether a line of a scene is one emoji.
fn is_emoji(text: &str) -> bool {
    text.chars().count() <= 2 && !text.is_ascii()
}
