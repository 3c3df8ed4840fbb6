//! permessage-deflate (RFC 7692), the receiving half.
//!
//! The gateway answers an offer with no context takeover in either direction, so that an idle
//! connection keeps no window, and never compresses what it sends, which the extension leaves
//! to each sender.

use bytes::BytesMut;
use flate2::{Decompress, FlushDecompress, Status};

use super::close::Violation;

/// The four bytes that every compressed message ends in and that are not sent.
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
const CHUNK: usize = 4096;

/// The text of one compressed message, at most `max_bytes` long.
pub(crate) fn inflate(compressed: &[u8], max_bytes: usize) -> Result<BytesMut, Violation> {
    let mut window = Decompress::new(false);
    let mut out = BytesMut::new();
    for input in [compressed, &TAIL] {
        let mut rest = input;
        let mut chunk = [0; CHUNK];
        loop {
            let (read, written) = (window.total_in(), window.total_out());
            let status = window
                .decompress(rest, &mut chunk, FlushDecompress::Sync)
                .map_err(|_| Violation::Protocol("compressed data is damaged"))?;
            let read = usize::try_from(window.total_in() - read).unwrap_or(rest.len());
            let written = usize::try_from(window.total_out() - written).unwrap_or(CHUNK);
            out.extend_from_slice(&chunk[..written]);
            if out.len() > max_bytes {
                return Err(Violation::MessageTooBig);
            }
            rest = &rest[read..];
            if status == Status::StreamEnd || (written < CHUNK && (rest.is_empty() || read == 0)) {
                break;
            }
        }
    }
    Ok(out)
}

/// The answer to a `Sec-WebSocket-Extensions` header, if it offers what we can do.
///
/// `server_max_window_bits` is granted as the platform grants it: who compresses nothing keeps
/// any window. `client_max_window_bits` is a hint that needs no answer.
pub(crate) fn accept(offers: &str) -> Option<String> {
    offers.split(',').find_map(|offer| {
        let mut parameters = offer.split(';').map(str::trim);
        if !parameters
            .next()?
            .eq_ignore_ascii_case("permessage-deflate")
        {
            return None;
        }
        let mut answer =
            "permessage-deflate;server_no_context_takeover;client_no_context_takeover".to_owned();
        for parameter in parameters {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim().trim_matches('"');
            let bits = || {
                value
                    .parse::<u8>()
                    .ok()
                    .filter(|bits| (8..=15).contains(bits))
            };
            match name.trim() {
                "server_no_context_takeover" | "client_no_context_takeover" => {}
                "client_max_window_bits" => {
                    if !value.is_empty() {
                        bits()?;
                    }
                }
                "server_max_window_bits" => {
                    answer.push_str(&format!(";server_max_window_bits={}", bits()?));
                }
                _ => return None,
            }
        }
        Some(answer)
    })
}

#[cfg(test)]
mod tests {
    use super::{accept, inflate};
    use crate::websocket::close::Violation;

    /// "Hello" of RFC 7692 §7.2.3.1.
    const HELLO: [u8; 7] = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];

    #[test]
    fn inflates_the_examples_of_the_rfc() {
        assert_eq!(&inflate(&HELLO, 5).expect("valid")[..], b"Hello");
        let stored = [
            0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00,
        ];
        assert_eq!(&inflate(&stored, 5).expect("valid")[..], b"Hello");
        let two_blocks = [
            0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00,
        ];
        assert_eq!(&inflate(&two_blocks, 5).expect("valid")[..], b"Hello");
        assert_eq!(&inflate(&[0x00], 5).expect("valid")[..], b"");
    }

    #[test]
    fn a_bomb_and_garbage_end_early() {
        let mut bomb = Vec::new();
        let mut window = flate2::Compress::new(flate2::Compression::best(), false);
        bomb.reserve(1 << 16);
        window
            .compress_vec(&vec![0; 1 << 22], &mut bomb, flate2::FlushCompress::Sync)
            .expect("compresses");
        assert_eq!(inflate(&bomb, 1 << 17), Err(Violation::MessageTooBig));
        assert!(matches!(
            inflate(&[0xff; 9], 99),
            Err(Violation::Protocol(_))
        ));
    }

    #[test]
    fn offers_are_answered_or_declined() {
        let plain = "permessage-deflate;server_no_context_takeover;client_no_context_takeover";
        assert_eq!(
            accept("permessage-deflate; client_max_window_bits").as_deref(),
            Some(plain)
        );
        assert_eq!(
            accept("permessage-deflate; server_max_window_bits=12").as_deref(),
            Some(format!("{plain};server_max_window_bits=12").as_str())
        );
        assert_eq!(
            accept("x-webkit-deflate-frame, permessage-deflate; made_up"),
            None
        );
    }
}
