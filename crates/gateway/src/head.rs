//! The request head as it came: header names in the client's own spelling.
//!
//! The platform hands header names to `$connect` as the client wrote them; hyper knows them in
//! lower case only. So the bytes of a head are kept beside it until the answer begins.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

const MAX_BYTES: usize = 16 * 1024;

/// A TCP connection whose current request head can be read again.
#[derive(Debug)]
pub(crate) struct Recorded {
    stream: TcpStream,
    head: Head,
}

/// The bytes of the current request head, at most 16 KiB.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head(Arc<Mutex<Vec<u8>>>);

impl Recorded {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            head: Head::default(),
        }
    }

    pub(crate) fn head(&self) -> Head {
        self.head.clone()
    }

    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }
}

impl From<Vec<u8>> for Head {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(bytes)))
    }
}

impl Head {
    /// The names of the head's headers as the client spelled them.
    pub(crate) fn names(&self) -> Vec<String> {
        self.with(|bytes| {
            String::from_utf8_lossy(bytes)
                .lines()
                .skip(1)
                .take_while(|line| !line.is_empty())
                .filter_map(|line| line.split_once(':'))
                .map(|(name, _)| name.to_owned())
                .collect()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// `user-agent` as `User-Agent`: for a header whose spelling was not kept.
pub(crate) fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|letter| {
            let upper = std::mem::replace(&mut start, letter == '-');
            if upper {
                letter.to_ascii_uppercase()
            } else {
                letter
            }
        })
        .collect()
}

impl AsyncRead for Recorded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        let new = &buffer.filled()[before..];
        self.head.with(|head| {
            let room = MAX_BYTES.saturating_sub(head.len());
            head.extend_from_slice(&new[..new.len().min(room)]);
        });
        result
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.head.with(|head| *head = Vec::new());
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.head.with(|head| *head = Vec::new());
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
