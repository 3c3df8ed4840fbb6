//! Tickets: what a page holds, what is stored of it, and the port they are kept behind.

use std::{fmt, fmt::Write, future::Future, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    error::Unspecified,
    rand::{SecureRandom, SystemRandom},
};
use switchboard_backend::store::StoreError;
use switchboard_protocol::UserId;

/// How long a ticket is good for, ms. A page connects at once; its own patience is ten seconds for
/// the ticket and ten for the handshake.
pub const TICKET_LIFE_MS: u64 = 60_000;

const RANDOM_BYTES: usize = 32;
/// Those bytes in base64 without padding.
const CHARS: usize = 43;

/// The right to one handshake. Whoever holds it is the user: it is shown to nobody and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(String);

impl Ticket {
    /// A new one, 32 bytes of the system's randomness.
    ///
    /// # Errors
    /// When the system has none: nothing else would do.
    pub fn mint() -> Result<Self, Unspecified> {
        let mut bytes = [0; RANDOM_BYTES];
        SystemRandom::new().fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What a handshake brought, if it has a ticket's form: looked at before anything is asked.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let valid = text.len() == CHARS && text.bytes().all(sign);
        valid.then(|| Self(text.to_owned()))
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> TicketHash {
        let digest = digest(&SHA256, self.0.as_bytes());
        let mut hex = String::with_capacity(64);
        for byte in digest.as_ref() {
            let _ = write!(hex, "{byte:02x}");
        }
        TicketHash(hex)
    }

    /// For its page.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not the ticket: this may end in a log.
impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

/// SHA-256 of a ticket, in hex. Who reads the store cannot connect with it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TicketHash(String);

impl TicketHash {
    /// 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a ticket gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// To whom.
    pub user: UserId,
    /// Until when it can be redeemed, ms since the Unix epoch.
    pub expires: u64,
    /// Until when the connection counts as the user's: their token's own end, ms since the epoch.
    pub until: u64,
}

/// Where tickets wait to be redeemed.
pub trait Tickets: Send + Sync {
    /// Keeps a ticket.
    fn keep(
        &self,
        ticket: &TicketHash,
        grant: &Grant,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes a ticket that has not expired. Of two that try at once, one gets it.
    fn redeem(
        &self,
        ticket: &TicketHash,
        now: u64,
    ) -> impl Future<Output = Result<Option<Grant>, StoreError>> + Send;
}

impl<T: Tickets> Tickets for Arc<T> {
    fn keep(
        &self,
        ticket: &TicketHash,
        grant: &Grant,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        T::keep(self, ticket, grant)
    }

    fn redeem(
        &self,
        ticket: &TicketHash,
        now: u64,
    ) -> impl Future<Output = Result<Option<Grant>, StoreError>> + Send {
        T::redeem(self, ticket, now)
    }
}
