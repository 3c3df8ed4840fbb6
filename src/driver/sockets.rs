//! The sockets there are: the active one, the candidate and the one being drained.

use std::cell::Cell;

use switchboard_client::{Input, SocketId};

use super::Driver;
use crate::browser::socket::Socket;

/// A socket, and what of it has no event.
pub(super) struct Watched {
    pub(super) id: SocketId,
    pub(super) socket: Socket,
    /// Whether it was seen CLOSING.
    pub(super) closing: Cell<bool>,
    /// `bufferedAmount` as last seen, bytes.
    pub(super) buffered: Cell<u32>,
}

impl Driver {
    pub(super) fn with_socket<T>(&self, id: SocketId, ask: impl FnOnce(&Socket) -> T) -> Option<T> {
        let sockets = self.sockets.borrow();
        sockets
            .iter()
            .find(|watched| watched.id == id)
            .map(|watched| ask(&watched.socket))
    }

    /// CLOSING and `bufferedAmount` have no events: look each time something happens, and tell
    /// what changed.
    pub(super) fn look_at_sockets(&self) {
        let mut inputs = self.inputs.borrow_mut();
        for Watched {
            id,
            socket,
            closing,
            buffered,
        } in &*self.sockets.borrow()
        {
            if socket.is_closing() && !closing.replace(true) {
                inputs.push_back(Input::Closing(*id));
            }
            let bytes = socket.buffered();
            if buffered.replace(bytes) != bytes {
                inputs.push_back(Input::Buffered(*id, bytes));
            }
        }
    }

    pub(super) fn drop_socket(&self, id: SocketId) {
        // Taken out first: closing must not find the list borrowed.
        let mut sockets = self.sockets.borrow_mut();
        let at = sockets.iter().position(|watched| watched.id == id);
        let socket = at.map(|at| sockets.swap_remove(at));
        drop(sockets);
        drop(socket);
    }
}
