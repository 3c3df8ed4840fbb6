//! A visitor with sockets, and a clock that jumps.

use switchboard_demo::{Demo, Input, Output, SocketId};
use switchboard_protocol::{
    ConversationId, Message, MessageId, UserId, VERSION,
    client::{ClientFrame, Hello, Kind, SendMessage, Sync},
    server::{Inbound, Page, Presence, ServerFrame, Welcome},
};

/// When the demo is opened, ms since the Unix epoch.
pub(crate) const START: u64 = 1_790_000_000_000;
pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;

pub(crate) struct Rig {
    pub(crate) demo: Demo,
    pub(crate) now: u64,
    /// What the sockets heard, and when.
    pub(crate) heard: Vec<(u64, Output)>,
    user: String,
    sockets: u64,
    messages: u128,
}

impl Rig {
    /// Nobody has come yet.
    pub(crate) fn new(seed: u64, user: &str) -> Self {
        println!("seed {seed}");
        Self {
            demo: Demo::new(seed),
            now: START,
            heard: Vec::new(),
            user: user.to_owned(),
            sockets: 0,
            messages: 0,
        }
    }

    /// Somebody is connected and greeted.
    pub(crate) fn up(seed: u64, user: &str) -> (Self, SocketId) {
        let mut rig = Self::new(seed, user);
        let socket = rig.connect();
        (rig, socket)
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.demo.handle(self.now, input);
        while let Some(output) = self.demo.poll_output() {
            self.heard.push((self.now, output));
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some(at) = self.demo.poll_timeout().filter(|at| *at <= end) {
            self.now = at.max(self.now);
            self.input(Input::Timer);
        }
        self.now = end;
    }

    pub(crate) fn open(&mut self) -> SocketId {
        self.sockets += 1;
        let id = SocketId(self.sockets);
        self.input(Input::Open(id, format!("demo:?userId={}", self.user)));
        id
    }

    /// Opens a socket, waits until it is, says hello.
    pub(crate) fn connect(&mut self) -> SocketId {
        let id = self.open();
        self.pass(SECOND / 4);
        assert!(self.heard.iter().any(|(_, it)| *it == Output::Opened(id)));
        self.hello(id);
        id
    }

    pub(crate) fn hello(&mut self, id: SocketId) {
        let hello = Hello {
            v: VERSION,
            rid: id.0,
            device: "d".to_owned(),
            tab: "t".to_owned(),
        };
        self.send(id, &ClientFrame::Hello(hello));
        self.pass(SECOND / 4);
    }

    pub(crate) fn send(&mut self, id: SocketId, frame: &ClientFrame) {
        self.input(Input::Text(id, frame.to_json()));
    }

    /// The visitor writes.
    pub(crate) fn write(&mut self, id: SocketId, conv: &ConversationId, text: &str) -> MessageId {
        self.entry(id, conv, Kind::Text, text, None)
    }

    pub(crate) fn entry(
        &mut self,
        socket: SocketId,
        conv: &ConversationId,
        kind: Kind,
        content: &str,
        re: Option<MessageId>,
    ) -> MessageId {
        self.messages += 1;
        let id = MessageId::from_random(self.messages);
        let send = SendMessage {
            v: VERSION,
            id: id.clone(),
            to: None,
            conv: Some(conv.clone()),
            kind,
            content: content.to_owned(),
            re,
        };
        self.send(socket, &ClientFrame::SendMessage(send));
        id
    }

    /// The conversation's newest page.
    pub(crate) fn page(&mut self, id: SocketId, conv: &ConversationId) -> Page {
        let sync = Sync {
            rid: 900,
            conv: conv.clone(),
            after: None,
            before: None,
            limit: Some(200),
        };
        self.send(id, &ClientFrame::Sync(sync));
        self.pass(SECOND / 4);
        let pages = self.frames(id).into_iter().rev();
        pages
            .filter_map(|(_, frame)| match frame {
                ServerFrame::Page(page) => Some(page),
                _ => None,
            })
            .next()
            .unwrap()
    }

    /// The frames a socket heard, and when.
    pub(crate) fn frames(&self, id: SocketId) -> Vec<(u64, ServerFrame)> {
        let frame = |(at, output): &(u64, Output)| match output {
            Output::Text(to, text) if *to == id => match Inbound::parse(text) {
                Inbound::Frame(frame) => Some((*at, *frame)),
                other => panic!("{text}: {other:?}"),
            },
            _ => None,
        };
        self.heard.iter().filter_map(frame).collect()
    }

    /// The log entries of a conversation that a socket heard, and when.
    pub(crate) fn entries(&self, id: SocketId, conv: &ConversationId) -> Vec<(u64, Message)> {
        let entry = |(at, frame)| match frame {
            ServerFrame::Message(message) if message.conv == *conv => Some((at, message)),
            _ => None,
        };
        self.frames(id).into_iter().filter_map(entry).collect()
    }

    /// Those among them that are text.
    pub(crate) fn said(&self, id: SocketId, conv: &ConversationId) -> Vec<(u64, Message)> {
        let mut said = self.entries(id, conv);
        said.retain(|(_, message)| message.kind == Kind::Text);
        said
    }

    pub(crate) fn welcomed(&self, id: SocketId) -> Welcome {
        let welcome = |(_, frame)| match frame {
            ServerFrame::Welcome(welcome) => Some(welcome),
            _ => None,
        };
        self.frames(id).into_iter().find_map(welcome).unwrap()
    }

    pub(crate) fn presences(&self, id: SocketId) -> Vec<Presence> {
        let presence = |(_, frame)| match frame {
            ServerFrame::Presence(presence) => Some(presence),
            _ => None,
        };
        self.frames(id).into_iter().filter_map(presence).collect()
    }

    /// How a socket was closed.
    pub(crate) fn closed(&self, id: SocketId) -> Option<u16> {
        self.heard.iter().find_map(|(_, output)| match output {
            Output::Closed(closed, code) if *closed == id => Some(*code),
            _ => None,
        })
    }

    /// The conversation of the visitor with these.
    pub(crate) fn with(&self, others: &[&str]) -> ConversationId {
        let people = others.iter().copied().chain([self.user.as_str()]);
        let people: Vec<UserId> = people.map(|it| UserId::try_from(it).unwrap()).collect();
        ConversationId::of(&people).unwrap()
    }
}
