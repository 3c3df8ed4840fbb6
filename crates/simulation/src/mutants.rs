//! The mechanisms that can be switched off, one at a time: what fails then shows that the checks
//! would notice.

use switchboard_client::Mutant;

use crate::plan::Profile;

/// A mechanism of the server or of what stands between it and the client. All are made in the
/// ports and the hop of a post: production code has no switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerMutant {
    /// A repeated id is a new message.
    NoDedupe,
    /// Ids are remembered for ten minutes, as by DynamoDB's `ClientRequestToken`.
    TenMinuteDedupe,
    /// `pong` names no heads.
    NoHeadsInPong,
    /// A message can be read up to 400 ms after its number was given.
    LateVisible,
    /// The heads that `welcome` tells were read before the connection was registered.
    HeadsBeforeRegister,
    /// A 410 deletes the row of the connection that sent.
    GoneDeletesSender,
    /// Two of a hundred messages are acknowledged and not written.
    AckWithoutCommit,
    /// The acknowledgement of a repeated id never arrives.
    DuplicateAckDropped,
}

/// A mechanism of the browser's storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageMutant {
    /// The outbox is in memory: a reload empties it.
    MemoryOutbox,
    /// The cursor is written, the last message of a stretch is not.
    CursorAhead,
    /// A failed write answers that it is done.
    FailureUnheard,
    /// Outbox rows of confirmed messages stay.
    ConfirmedStay,
}

/// What is switched off in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    /// A mechanism of the production core.
    Client(Mutant),
    /// See [`ServerMutant`].
    Server(ServerMutant),
    /// See [`StorageMutant`].
    Storage(StorageMutant),
}

/// What is expected of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Some seed fails.
    Killed,
    /// No seed fails: another mechanism covers for it. Said here so that the claim is tested.
    Covered,
}

/// A row of the table of mutants.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// As `soak --mutant` takes it.
    pub name: &'static str,
    /// What is switched off: one mechanism, or one and what would cover for it.
    pub mutations: &'static [Mutation],
    /// The kind of world that tells soonest.
    pub profile: Profile,
    /// What must come of it.
    pub expected: Expected,
}

impl Entry {
    /// The mutant of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        MUTANTS.iter().find(|entry| entry.name == name)
    }
}

const fn killed(name: &'static str, mutations: &'static [Mutation], profile: Profile) -> Entry {
    Entry {
        name,
        mutations,
        profile,
        expected: Expected::Killed,
    }
}

const fn covered(name: &'static str, mutations: &'static [Mutation], profile: Profile) -> Entry {
    Entry {
        name,
        mutations,
        profile,
        expected: Expected::Covered,
    }
}

use Mutation::{Client, Server, Storage};
use Profile::{Holes, Reconnects, Storage as BadStorage, Stormy};

/// Every mutant. One more is one more line.
#[rustfmt::skip]
pub const MUTANTS: &[Entry] = &[
    killed("max-cursor", &[Client(Mutant::MaxCursor)], Stormy),
    killed("no-holes", &[Client(Mutant::NoHoles)], Holes),
    killed("show-again", &[Client(Mutant::ShowAgain)], Stormy),
    killed("fresh-id", &[Client(Mutant::FreshId)], Stormy),
    killed("window", &[Client(Mutant::Window)], Stormy),
    killed("later-put-durable", &[Client(Mutant::LaterPutDurable)], BadStorage),
    killed("accept-before-write", &[Client(Mutant::AcceptBeforeWrite)], BadStorage),
    killed("confirm-on-send", &[Client(Mutant::ConfirmOnSend)], Stormy),
    killed("no-heads", &[Client(Mutant::NoHeads)], Stormy),
    killed("no-resend", &[Client(Mutant::NoResend)], Stormy),
    killed("no-watchdog", &[Client(Mutant::NoWatchdog)], Stormy),
    killed("no-sync", &[Client(Mutant::NoSync)], Stormy),
    killed("forget-changes", &[Client(Mutant::ForgetChanges)], Stormy),
    killed("remove-above-gap", &[Client(Mutant::RemoveAboveGap)], Stormy),
    killed("no-dedupe", &[Server(ServerMutant::NoDedupe)], Stormy),
    killed("ten-minute-dedupe", &[Server(ServerMutant::TenMinuteDedupe)], Stormy),
    killed("no-heads-in-pong", &[Server(ServerMutant::NoHeadsInPong)], Stormy),
    killed("late-visible", &[Server(ServerMutant::LateVisible)], Stormy),
    killed("gone-deletes-sender", &[Server(ServerMutant::GoneDeletesSender)], Stormy),
    killed("ack-without-commit", &[Server(ServerMutant::AckWithoutCommit)], Stormy),
    killed("duplicate-ack-dropped", &[Server(ServerMutant::DuplicateAckDropped)], Stormy),
    killed("memory-outbox", &[Storage(StorageMutant::MemoryOutbox)], Stormy),
    killed("cursor-ahead", &[Storage(StorageMutant::CursorAhead)], Stormy),
    // They are known when they are sent again, but thousands are not within a minute.
    killed("confirmed-stay", &[Storage(StorageMutant::ConfirmedStay)], Stormy),
    killed("failure-unheard", &[Storage(StorageMutant::FailureUnheard)], BadStorage),
    killed(
        "heads-before-register-and-no-heads-in-pong",
        &[Server(ServerMutant::HeadsBeforeRegister), Server(ServerMutant::NoHeadsInPong)],
        Reconnects,
    ),
    // The control of the one above, and what pongs cover for.
    covered("no-heads-in-pong-without-loss", &[Server(ServerMutant::NoHeadsInPong)], Reconnects),
    covered("heads-before-register", &[Server(ServerMutant::HeadsBeforeRegister)], Stormy),
];

/// The server's mechanisms that are switched off.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ServerMutants(u32);

impl ServerMutants {
    pub(crate) fn add(&mut self, mutant: ServerMutant) {
        self.0 |= 1 << mutant as u32;
    }

    pub(crate) fn has(self, mutant: ServerMutant) -> bool {
        self.0 & (1 << mutant as u32) != 0
    }
}

impl ServerMutant {
    /// What of it is a matter of settings.
    pub(crate) fn configure(self, settings: &mut switchboard_backend::Settings) {
        match self {
            Self::NoDedupe => settings.dedupe_ttl = std::time::Duration::ZERO,
            Self::TenMinuteDedupe => settings.dedupe_ttl = std::time::Duration::from_secs(600),
            Self::NoHeadsInPong
            | Self::LateVisible
            | Self::HeadsBeforeRegister
            | Self::GoneDeletesSender
            | Self::AckWithoutCommit
            | Self::DuplicateAckDropped => {}
        }
    }
}
