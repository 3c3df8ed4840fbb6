//! Who somebody is, proved once for each connection.
//!
//! A browser sends no headers with a WebSocket handshake, and what stands in its URL ends in logs.
//! So a page first asks over HTTPS, where its token can travel: [`Issuer`] verifies the token and
//! answers with a ticket, 32 random bytes that are good for one handshake within a minute. The
//! API's [`Authorizer`] redeems it; what that says is the only identity the handlers read.
//!
//! Where tickets are kept, whose keys sign tokens and what time it is come from outside.

mod authorizer;
mod crypto;
mod issuer;
mod keys;
mod memory;
#[cfg(feature = "test-support")]
pub mod test_support;
mod ticket;
mod token;

pub use self::{
    authorizer::{Authorization, Authorizer, AuthorizerEvent},
    issuer::{Bearing, HttpEvent, HttpResponse, Issuer, IssuerSettings},
    keys::{KeySource, Keys},
    memory::MemoryTickets,
    ticket::{Grant, TICKET_LIFE_MS, Ticket, TicketHash, Tickets},
    token::{Known, TokenError, TokenRules},
};
