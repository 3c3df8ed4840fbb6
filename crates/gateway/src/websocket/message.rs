//! Messages out of frames: what a client's bytes mean, once its parts are together.

use bytes::BytesMut;

use super::{
    close::{Close, Violation},
    frame::{Frame, FrameRules, Opcode, decode},
    inflate::inflate,
};

/// What a client said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    Close(Close),
}

/// Collects the frames of a connection into messages.
#[derive(Debug)]
pub(crate) struct Assembler {
    rules: FrameRules,
    max_message: usize,
    partial: Option<Partial>,
}

#[derive(Debug)]
struct Partial {
    payload: BytesMut,
    compressed: bool,
    frames: usize,
}

impl Assembler {
    pub(crate) fn new(rules: FrameRules, max_message: usize) -> Self {
        Self {
            rules,
            max_message,
            partial: None,
        }
    }

    /// Takes the next whole message or control frame out of `buffer`.
    pub(crate) fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Incoming>, Violation> {
        while let Some(frame) = decode(buffer, self.rules)? {
            let incoming = match frame.opcode {
                Opcode::Ping => Some(Incoming::Ping(frame.payload.to_vec())),
                Opcode::Pong => Some(Incoming::Pong),
                Opcode::Close => Some(Incoming::Close(Close::parse(&frame.payload)?)),
                Opcode::Text | Opcode::Continuation => self.append(frame)?.map(Incoming::Text),
            };
            if incoming.is_some() {
                return Ok(incoming);
            }
        }
        Ok(None)
    }

    fn append(&mut self, frame: Frame) -> Result<Option<String>, Violation> {
        let partial = match (self.partial.take(), frame.opcode) {
            (None, Opcode::Text) => Partial {
                payload: frame.payload,
                compressed: frame.compressed,
                frames: 1,
            },
            (Some(mut partial), Opcode::Continuation) => {
                partial.payload.unsplit(frame.payload);
                partial.frames += 1;
                partial
            }
            (None, _) => return Err(Violation::Protocol("a continuation of nothing")),
            (Some(_), _) => return Err(Violation::Protocol("a message begins inside another")),
        };
        if partial.payload.len() > self.max_message {
            return Err(Violation::MessageTooBig);
        }
        if !frame.last {
            self.partial = Some(partial);
            return Ok(None);
        }
        self.finish(partial).map(Some)
    }

    /// The quotas are measured on the text, not on what compression made of it: so many frames
    /// can hold no more than so many times the frame limit.
    fn finish(&self, partial: Partial) -> Result<String, Violation> {
        let payload = if partial.compressed {
            let in_frames = self.rules.max_bytes.saturating_mul(partial.frames);
            inflate(&partial.payload, self.max_message.min(in_frames))?
        } else {
            partial.payload
        };
        String::from_utf8(payload.into()).map_err(|_| Violation::Encoding)
    }
}
