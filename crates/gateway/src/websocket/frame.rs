//! One frame of RFC 6455: read from a client (masked), written to it (unmasked).

use bytes::{Buf, BufMut, BytesMut};

use super::close::Violation;

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Continuation,
    Text,
    Close,
    Ping,
    Pong,
}

/// A frame of a client, unmasked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) last: bool,
    pub(crate) compressed: bool,
    pub(crate) opcode: Opcode,
    pub(crate) payload: BytesMut,
}

/// What the reader of frames has to know of its connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameRules {
    /// Largest payload, bytes.
    pub(crate) max_bytes: usize,
    /// permessage-deflate was negotiated.
    pub(crate) deflate: bool,
}

const LAST: u8 = 0x80;
const COMPRESSED: u8 = 0x40;
const RESERVED: u8 = 0x30;
const MASKED: u8 = 0x80;
const MASK_BYTES: usize = 4;
const MAX_CONTROL: usize = 125;

/// Takes the next whole frame out of `buffer`; `None` if more bytes are needed.
///
/// A frame that breaks a rule is refused by its head, before its payload is waited for.
pub(crate) fn decode(buffer: &mut BytesMut, rules: FrameRules) -> Result<Option<Frame>, Violation> {
    let [first, second, extended @ ..] = &buffer[..] else {
        return Ok(None);
    };
    let opcode = opcode(*first)?;
    let (last, compressed) = (first & LAST != 0, first & COMPRESSED != 0);
    if first & RESERVED != 0 {
        return Err(Violation::Protocol("a reserved bit is set"));
    }
    if compressed && !(rules.deflate && opcode == Opcode::Text) {
        return Err(Violation::Protocol("compression was not agreed here"));
    }
    if second & MASKED == 0 {
        return Err(Violation::Protocol("a client frame is not masked"));
    }
    let (length_bytes, length) = match (second & !MASKED, extended) {
        (126, [a, b, ..]) => (2, u64::from(u16::from_be_bytes([*a, *b]))),
        (127, [a, b, c, d, e, f, g, h, ..]) => {
            (8, u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]))
        }
        (126 | 127, _) => return Ok(None),
        (length, _) => (0, u64::from(length)),
    };
    let length = usize::try_from(length).map_err(|_| Violation::FrameTooBig)?;
    let control = matches!(opcode, Opcode::Close | Opcode::Ping | Opcode::Pong);
    if control && (!last || length > MAX_CONTROL) {
        return Err(Violation::Protocol("a control frame is long or in parts"));
    }
    if length > rules.max_bytes {
        return Err(Violation::FrameTooBig);
    }
    let head = 2 + length_bytes + MASK_BYTES;
    if buffer.len() < head + length {
        buffer.reserve(head + length - buffer.len());
        return Ok(None);
    }
    buffer.advance(head - MASK_BYTES);
    let mask = buffer.split_to(MASK_BYTES);
    let mut payload = buffer.split_to(length);
    for (byte, key) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
    Ok(Some(Frame {
        last,
        compressed,
        opcode,
        payload,
    }))
}

fn opcode(first: u8) -> Result<Opcode, Violation> {
    match first & 0x0f {
        0 => Ok(Opcode::Continuation),
        1 => Ok(Opcode::Text),
        2 => Err(Violation::Binary),
        8 => Ok(Opcode::Close),
        9 => Ok(Opcode::Ping),
        10 => Ok(Opcode::Pong),
        _ => Err(Violation::Protocol("an unknown opcode")),
    }
}

/// Writes one text message in frames of at most `max_bytes` each.
pub(crate) fn write_text(out: &mut BytesMut, text: &[u8], max_bytes: usize) {
    let mut opcode = 1;
    let mut rest = text;
    while rest.len() > max_bytes {
        let (part, tail) = rest.split_at(max_bytes);
        write(out, opcode, part);
        opcode = 0;
        rest = tail;
    }
    write(out, opcode | LAST, rest);
}

/// Writes a control frame; a payload past 125 bytes is cut.
pub(crate) fn write_control(out: &mut BytesMut, opcode: Opcode, payload: &[u8]) {
    let code = match opcode {
        Opcode::Pong => 10,
        Opcode::Ping => 9,
        Opcode::Close | Opcode::Continuation | Opcode::Text => 8,
    };
    write(out, code | LAST, &payload[..payload.len().min(MAX_CONTROL)]);
}

fn write(out: &mut BytesMut, first: u8, payload: &[u8]) {
    out.reserve(payload.len() + 10);
    out.put_u8(first);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ 0..126), _) => out.put_u8(short),
        (_, Ok(medium)) => {
            out.put_u8(126);
            out.put_u16(medium);
        }
        _ => {
            out.put_u8(127);
            out.put_u64(payload.len() as u64);
        }
    }
    out.put_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::{Frame, FrameRules, Opcode, decode, write_text};
    use crate::websocket::close::Violation;
    use bytes::BytesMut;

    const RULES: FrameRules = FrameRules {
        max_bytes: 32 * 1024,
        deflate: false,
    };

    fn read(bytes: &[u8]) -> Result<Option<Frame>, Violation> {
        decode(&mut BytesMut::from(bytes), RULES)
    }

    #[test]
    fn reads_the_masked_hello_of_the_rfc_from_any_split() {
        let hello = [
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
        ];
        for cut in 0..hello.len() {
            assert_eq!(read(&hello[..cut]), Ok(None), "{cut}");
        }
        let frame = read(&hello).expect("valid").expect("whole");
        assert_eq!(
            (frame.opcode, &frame.payload[..]),
            (Opcode::Text, &b"Hello"[..])
        );
        assert!(frame.last);
    }

    #[test]
    fn refuses_a_frame_by_its_head() {
        let protocol = |bytes: &[u8]| matches!(read(bytes), Err(Violation::Protocol(_)));
        assert!(protocol(&[0x81, 0x05]), "not masked");
        assert!(protocol(&[0x91, 0x85]), "reserved bit");
        assert!(protocol(&[0xc1, 0x85]), "compressed without agreement");
        assert!(protocol(&[0x83, 0x85]), "unknown opcode");
        assert!(protocol(&[0x09, 0x80]), "control frame in parts");
        assert!(protocol(&[0x89, 0xfe, 0, 126]), "long control frame");
        assert_eq!(read(&[0x82, 0x85]), Err(Violation::Binary));
        assert_eq!(read(&[0x81, 0xfe, 0x80, 0x01]), Err(Violation::FrameTooBig));
        assert_eq!(
            read(&[0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0]),
            Err(Violation::FrameTooBig)
        );
    }

    #[test]
    fn writes_a_long_text_in_frames() {
        let mut out = BytesMut::new();
        write_text(&mut out, b"abcdef", 4);
        assert_eq!(&out[..], b"\x01\x04abcd\x80\x02ef");
        out.clear();
        write_text(&mut out, b"", 4);
        assert_eq!(&out[..], b"\x81\x00");
    }
}
