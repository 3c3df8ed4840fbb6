//! What people do on a page: write, look, retry, sign in as somebody else.

use switchboard_client::{Input, Kind};
use switchboard_protocol::MessageId;

use super::{Event, World, long, short};
use crate::{
    oracle::{Sent, Told},
    people,
};

/// Messages that people do something to: those on the screen.
const NEWEST: usize = 20;

impl World<'_> {
    pub(super) fn conversation(
        &self,
        page: usize,
        number: u8,
    ) -> switchboard_protocol::ConversationId {
        let people = self.oracle.people();
        let of_user = &people.of_user[self.pages[page].user];
        people.conversations[of_user[usize::from(number) % of_user.len()]].clone()
    }

    /// A person does something, where they can: the page is there and not held.
    pub(super) fn act(&mut self, page: usize, input: Input) -> Result<(), String> {
        let this = &self.pages[page];
        if !this.alive || this.is_held() {
            return Ok(());
        }
        self.feed(page, input)
    }

    /// The conversation that a plan means by a number, where the page is there and not held.
    fn place(&self, page: usize, conversation: u8) -> Option<usize> {
        let this = &self.pages[page];
        let of_user = &self.oracle.people().of_user[this.user];
        (this.alive && !this.is_held()).then(|| of_user[usize::from(conversation) % of_user.len()])
    }

    pub(super) fn send(&mut self, page: usize, conversation: u8, bytes: u32) -> Result<(), String> {
        let Some(place) = self.place(page, conversation) else {
            return Ok(());
        };
        self.send_to(page, place, long(bytes))
    }

    /// A person writes to the conversation at `place`.
    pub(super) fn send_to(
        &mut self,
        page: usize,
        place: usize,
        bytes: usize,
    ) -> Result<(), String> {
        let kind = Kind::Text;
        self.utter(page, place, kind, None, bytes)
    }

    /// A person says something: a new message, or what becomes of another.
    fn utter(
        &mut self,
        page: usize,
        place: usize,
        kind: Kind,
        re: Option<MessageId>,
        bytes: usize,
    ) -> Result<(), String> {
        let this = &self.pages[page];
        let number = self.oracle.messages.len();
        let Some(id) = people::message_id(number) else {
            return Ok(());
        };
        self.oracle.messages.push(Sent {
            conversation: place,
            user: this.user,
            device: this.device,
            tab: page,
            life: self.lives[page],
            kind: kind.clone(),
            re: re.as_ref().and_then(people::message_number),
            bytes,
            told: Told::Nothing,
            displaced: false,
            committed: false,
        });
        let conversation = self.oracle.people().conversations[place].clone();
        let content = people::content(&kind, number, bytes);
        self.feed(
            page,
            Input::Send {
                conversation,
                id,
                kind,
                content,
                re,
            },
        )
    }

    /// A person edits, deletes, reacts, replies, reads or types. Some try to change what others
    /// wrote, which must come to nothing.
    pub(super) fn change(
        &mut self,
        page: usize,
        conversation: u8,
        act: u8,
        target: u8,
    ) -> Result<(), String> {
        let Some(place) = self.place(page, conversation) else {
            return Ok(());
        };
        let this = &self.pages[page];
        let conversation = self.oracle.people().conversations[place].clone();
        let newest = this.client.items(&conversation, NEWEST);
        let Some(item) = newest.get(usize::from(target) % newest.len().max(1)) else {
            return Ok(());
        };
        let re = Some(item.id.clone());
        match act % 8 {
            0 | 1 => self.utter(page, place, Kind::Edit, re, 12),
            2 if target.is_multiple_of(4) => self.utter(page, place, Kind::Delete, re, 0),
            2..=4 => self.utter(page, place, Kind::Reaction, re, 0),
            5 => self.utter(page, place, Kind::Text, re, 12),
            6 => self.act(page, Input::Typing(conversation)),
            _ => self.act(
                page,
                Input::Read {
                    conversation,
                    through: item.id.clone(),
                    tell: !target.is_multiple_of(4),
                },
            ),
        }
    }

    /// A person retries what was given back.
    pub(super) fn retry_failed(&mut self, page: usize) -> Result<(), String> {
        let this = &self.pages[page];
        if !this.alive || this.is_held() {
            return Ok(());
        }
        let mut failed = Vec::new();
        for &place in &self.oracle.people().of_user[this.user] {
            let conversation = &self.oracle.people().conversations[place];
            crate::oracle::shown::rows(&this.client, conversation, usize::MAX, |id| {
                failed.push(id.clone());
            })?;
        }
        self.note_failed(page)?;
        for id in failed {
            self.feed(page, Input::Retry(id))?;
        }
        Ok(())
    }

    /// Somebody else of the household signs in on this page for a while.
    pub(super) fn switch(&mut self, page: usize, ms: u64) -> Result<(), String> {
        let this = &self.pages[page];
        if !this.alive || this.is_held() || this.user != this.owner {
            return Ok(());
        }
        let other = (this.user + 1) % self.setup.people;
        self.become_user(page, other)?;
        self.report.fault("other user");
        self.heap.push(self.now + ms, Event::Return(short(page)));
        Ok(())
    }

    pub(super) fn switch_back(&mut self, page: u32) -> Result<bool, String> {
        let page = long(page);
        let this = &self.pages[page];
        if this.user == this.owner {
            return Ok(false);
        }
        let owner = this.owner;
        self.become_user(page, owner)?;
        Ok(true)
    }

    pub(super) fn become_user(&mut self, page: usize, user: usize) -> Result<(), String> {
        if self.pages[page].alive && !self.pages[page].is_held() {
            self.feed(page, Input::SignOut)?;
        }
        self.kill(page);
        self.pages[page].user = user;
        self.start_at(page, self.now + 500);
        Ok(())
    }
}
