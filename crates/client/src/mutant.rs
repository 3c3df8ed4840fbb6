//! Single mechanisms switched off, so that the simulator can show that it would notice: a proof
//! that cannot fail proves nothing. Nothing of it is compiled into the app.

/// A mechanism of the core that does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// The cursor is the highest place seen rather than a contiguous watermark.
    MaxCursor,
    /// What a page leaves out is never taken for a permanent hole.
    NoHoles,
    /// What is in the log already is shown again.
    ShowAgain,
    /// Every attempt at a message has another id.
    FreshId,
    /// Four messages of a conversation are in flight at once.
    Window,
    /// A message counts as durable even though an earlier one of its conversation does not.
    LaterPutDurable,
    /// A message is accepted before it is written.
    AcceptBeforeWrite,
    /// A message leaves the outbox when it is transmitted.
    ConfirmOnSend,
    /// Heads in pongs are not looked at.
    NoHeads,
    /// An overdue message is not sent again on the same socket.
    NoResend,
    /// A silent socket is believed for ever.
    NoWatchdog,
    /// Nothing is asked for when there is a gap or a head beyond it.
    NoSync,
    /// What is about messages that are not loaded is forgotten when older ones come.
    ForgetChanges,
    /// An own message that is acknowledged above a gap leaves the stored outbox at once.
    RemoveAboveGap,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::MaxCursor,
        Self::NoHoles,
        Self::ShowAgain,
        Self::FreshId,
        Self::Window,
        Self::LaterPutDurable,
        Self::AcceptBeforeWrite,
        Self::ConfirmOnSend,
        Self::NoHeads,
        Self::NoResend,
        Self::NoWatchdog,
        Self::NoSync,
        Self::ForgetChanges,
        Self::RemoveAboveGap,
    ];
}
