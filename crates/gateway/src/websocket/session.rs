//! One open connection: bytes in, messages out, and the limits that end it.
//!
//! A single task reads and writes, so that an idle connection costs one small future and no
//! buffers. It never waits for its own queue: what it must say itself goes straight out, and
//! it stops reading while a client does not take what it was sent.

use std::{io, pin::pin, sync::Arc, time::Duration};

use bytes::BytesMut;
use tokio::{
    io::AsyncWriteExt,
    net::{
        TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::mpsc,
};

use super::{
    close::Close,
    frame::{FrameRules, Opcode, write_control, write_text},
    message::{Assembler, Incoming},
};
use crate::{clock::millis, config::LossDetection, connections::Connection, gateway::Gateway};

/// Bytes waiting to be written above which neither the client nor its queue is read.
const OUT_HIGH: usize = 64 * 1024;
const READ_CHUNK: usize = 4096;
/// Real time given to a client to take the last bytes and answer a close frame.
const FAREWELL: Duration = Duration::from_secs(2);

/// What a session is made of, once the 101 is out.
pub(crate) struct Session {
    pub(crate) gateway: Gateway,
    pub(crate) connection: Arc<Connection>,
    pub(crate) outgoing: mpsc::Receiver<Arc<str>>,
    pub(crate) deflate: bool,
}

/// Who ended a connection.
enum End {
    Client(Close),
    Gateway(Close),
    Lost,
}

/// The bytes of a connection that are between it and its client.
struct Buffers {
    input: BytesMut,
    out: BytesMut,
}

impl Session {
    /// Serves the connection to its end, `$disconnect` included. `input` is what the client
    /// sent together with its handshake.
    pub(crate) async fn run(mut self, mut stream: TcpStream, input: BytesMut) {
        let mut buffers = Buffers {
            input,
            out: BytesMut::new(),
        };
        let end = self.converse(&mut stream, &mut buffers).await;
        let loss = self.gateway.config.switches.loss;
        let unnoticed = match (&end, loss) {
            (End::Lost, LossDetection::WhenIdle) => Some(self.go_unnoticed().await),
            _ => None,
        };
        let origin = &self.connection.origin;
        self.gateway.connections.remove(&origin.connection);
        while let Ok(text) = self.outgoing.try_recv() {
            self.write(&mut buffers.out, text.as_bytes());
        }
        drop(self.outgoing);
        let close = unnoticed.unwrap_or_else(|| match &end {
            End::Client(close) | End::Gateway(close) => close.clone(),
            End::Lost => Close::lost(),
        });
        let untold = matches!(end, End::Lost) && loss == LossDetection::Untold;
        tokio::join!(farewell(stream, buffers, end), async {
            if !untold {
                self.gateway.tell_disconnect(origin, &close).await;
            }
        });
    }

    /// Takes posts for a client that is gone, until something else ends the connection: what
    /// that is, is all that the gateway ever learns.
    async fn go_unnoticed(&mut self) -> Close {
        loop {
            let deadline = self.deadline();
            if deadline <= self.gateway.clock.now_ms() {
                return Close::going_away();
            }
            tokio::select! {
                _lost = self.outgoing.recv() => {}
                () = self.gateway.clock.sleep_until(deadline) => {}
                () = self.connection.closed_from_outside() => return Close::deleted(),
                () = self.gateway.closing.cancelled() => return Close::going_away(),
            }
        }
    }

    async fn converse(&mut self, stream: &mut TcpStream, buffers: &mut Buffers) -> End {
        let gateway = self.gateway.clone();
        let connection = Arc::clone(&self.connection);
        let limits = &gateway.config.limits;
        let rules = FrameRules {
            max_bytes: limits.frame_bytes,
            deflate: self.deflate,
        };
        let mut assembler = Assembler::new(rules, limits.message_bytes);
        let (reader, mut writer) = stream.split();
        let mut timer = pin!(gateway.clock.sleep_until(self.deadline()));
        let mut draining = pin!(gateway.draining.cancelled());
        let mut closing = pin!(gateway.closing.cancelled());
        let mut closed = pin!(connection.closed_from_outside());
        let mut accepts = true;
        loop {
            if accepts && let Err(end) = self.take_all(&mut assembler, buffers) {
                return end;
            }
            if buffers.input.is_empty() {
                buffers.input = BytesMut::new();
            }
            let has_room = buffers.out.len() < OUT_HIGH;
            tokio::select! {
                () = &mut closed => return End::Gateway(Close::deleted()),
                () = &mut closing => return End::Gateway(Close::going_away()),
                () = &mut draining, if accepts => accepts = false,
                () = &mut timer => match self.deadline() {
                    passed if passed <= gateway.clock.now_ms() => {
                        return End::Gateway(Close::going_away());
                    }
                    next => timer.set(gateway.clock.sleep_until(next)),
                },
                sent = writer.write_buf(&mut buffers.out), if !buffers.out.is_empty() => {
                    if sent.is_err() {
                        return End::Lost;
                    }
                    if buffers.out.is_empty() {
                        buffers.out = BytesMut::new();
                    }
                }
                Some(text) = self.outgoing.recv(), if has_room => {
                    self.write(&mut buffers.out, text.as_bytes());
                    while buffers.out.len() < OUT_HIGH
                        && let Ok(text) = self.outgoing.try_recv()
                    {
                        self.write(&mut buffers.out, text.as_bytes());
                    }
                }
                read = read(&reader, &mut buffers.input), if has_room && accepts => match read {
                    Ok(0) | Err(_) => return End::Lost,
                    Ok(_) => {}
                },
            }
        }
    }

    /// Takes everything that has come whole; an error is the end of the connection.
    fn take_all(&self, assembler: &mut Assembler, buffers: &mut Buffers) -> Result<(), End> {
        loop {
            match assembler.next(&mut buffers.input) {
                Ok(None) => return Ok(()),
                Ok(Some(Incoming::Close(close))) => return Err(End::Client(close)),
                Ok(Some(incoming)) => self.take(incoming, &mut buffers.out),
                Err(violation) => return Err(End::Gateway(violation.into())),
            }
        }
    }

    /// Takes a message or a control frame; a Ping is answered here and reaches no function.
    fn take(&self, incoming: Incoming, out: &mut BytesMut) {
        match incoming {
            Incoming::Text(text) => {
                if let Some(answer) = self.gateway.message(&self.connection, text) {
                    self.write(out, answer.as_bytes());
                }
            }
            Incoming::Ping(payload) => {
                if self.gateway.config.switches.ping_is_activity {
                    self.connection.touch(self.gateway.clock.now_ms());
                }
                write_control(out, Opcode::Pong, &payload);
            }
            Incoming::Pong | Incoming::Close(_) => {}
        }
    }

    fn write(&self, out: &mut BytesMut, text: &[u8]) {
        write_text(out, text, self.gateway.config.limits.frame_bytes);
    }

    /// When the connection ends if nothing more happens: idle or too old.
    fn deadline(&self) -> u64 {
        let limits = &self.gateway.config.limits;
        let idle = self.connection.last_active_ms() + millis(limits.idle);
        let old = self.connection.origin.connected_at_ms + millis(limits.lifetime);
        idle.min(old)
    }
}

/// Reads what is there. The buffer is allocated only when something is.
async fn read(reader: &ReadHalf<'_>, input: &mut BytesMut) -> io::Result<usize> {
    loop {
        reader.readable().await?;
        if input.capacity() == input.len() {
            input.reserve(READ_CHUNK);
        }
        match reader.try_read_buf(input) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if input.is_empty() {
                    *input = BytesMut::new();
                }
            }
            result => return result,
        }
    }
}

/// Says the last words and waits, for a moment, until the client has heard them: closing with
/// unread input would reset the connection and lose the close frame.
async fn farewell(mut stream: TcpStream, mut buffers: Buffers, end: End) {
    let (mut reader, mut writer) = stream.split();
    let said = async {
        match &end {
            End::Lost => return Ok(()),
            End::Client(close) | End::Gateway(close) => {
                write_control(&mut buffers.out, Opcode::Close, &close.payload());
            }
        }
        writer.write_all(&buffers.out).await?;
        match end {
            End::Gateway(_) => listen_out(&mut writer, &mut reader, buffers.input).await,
            End::Client(_) | End::Lost => writer.shutdown().await,
        }
    };
    let _ = tokio::time::timeout(FAREWELL, said).await;
}

/// Discards what the client still sends, up to its close frame or its end.
async fn listen_out(
    writer: &mut WriteHalf<'_>,
    reader: &mut ReadHalf<'_>,
    mut input: BytesMut,
) -> io::Result<()> {
    let rules = FrameRules {
        max_bytes: READ_CHUNK,
        deflate: false,
    };
    let mut assembler = Assembler::new(rules, READ_CHUNK);
    loop {
        match assembler.next(&mut input) {
            Ok(Some(Incoming::Close(_))) => break,
            Ok(Some(_)) => {}
            Ok(None) => {
                if read(reader, &mut input).await? == 0 {
                    break;
                }
            }
            Err(_) => {
                writer.shutdown().await?;
                input.clear();
                while read(reader, &mut input).await? > 0 {
                    input.clear();
                }
                break;
            }
        }
    }
    writer.shutdown().await
}
