//! The two ends of the TCP connection that a request came over.

use std::net::SocketAddr;

use crate::server::addresses::Permit;

/// Who asked, at which address of ours, and the right to the connection, which a WebSocket
/// keeps after HTTP is done with it.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) local: SocketAddr,
    #[expect(dead_code, reason = "held for its drop")]
    pub(crate) permit: Permit,
}
