//! What can happen to a [`World`](super::world::World), and what differs from case to case.

use switchboard_client::Config;

/// One thing that happens. Numbers choose among what there is, modulo how much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// ana writes in one of the two conversations.
    Send(u8),
    /// bo does.
    Other(u8),
    /// ana does something to a message that is shown: which conversation, what to which.
    Change(u8, u8),
    /// bo does, to any message.
    OtherChange(u8, u8),
    /// ana has read up to a message, and others may know.
    Read(u8, u8, bool),
    /// A place in a log is given away and never filled.
    Hole(u8),
    /// The server handles one of the client's frames; the sender may get an echo, too.
    Serve(u8, bool),
    /// The same, and the handler dies before it has answered.
    ServeMute(u8),
    /// The server is busy: the message is to come again.
    Busy(u8),
    /// One of the client's frames is lost.
    LoseUp(u8),
    /// One of the server's frames arrives.
    Deliver(u8),
    /// It arrives and stays under way, too.
    Double(u8),
    /// It is lost.
    LoseDown(u8),
    /// The newest socket opens.
    Open,
    /// The client, wherever it is on its way, gets up: by chance alone it would seldom be.
    Up,
    /// All that is under way arrives, in order.
    Flush,
    /// A socket closes with a code.
    Close(u8, u8),
    /// A socket is closing.
    Closing(u8),
    /// A socket is cut off, and nobody is told: not even when all else is healed.
    Cut(u8),
    /// The next deadline is met, so many ms late.
    Timer(u16),
    /// Time passes unnoticed, ms.
    Pass(u16),
    /// So many minutes asleep.
    Sleep(u8),
    /// The server asks for another socket.
    Goaway(u16),
    /// `bufferedAmount`, KiB.
    Buffered(u8),
    /// The disk works, fails or is slow from now on.
    Disk(u8),
    /// A slow write ends.
    Written,
    /// The page is loaded anew.
    Reload,
    /// The person wants older messages.
    Earlier(u8),
    /// The browser hints at something.
    Hint(u8),
    /// A frame that is nobody's.
    Junk(u8),
}

/// What differs from case to case: small pages and buffers meet more edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Messages in a page, at least 1.
    pub page: u8,
    /// Messages held above a gap.
    pub buffer: u8,
    /// See `Config::far_behind`.
    pub far_behind: u8,
    /// Of the client's jitter.
    pub seed: u64,
}

impl Options {
    /// The client's, shrunk.
    pub fn config(self) -> Config {
        Config {
            page: u32::from(self.page.max(1)),
            buffer: usize::from(self.buffer.max(1)),
            far_behind: u64::from(self.far_behind.max(1)),
            ..Config::default()
        }
    }
}
