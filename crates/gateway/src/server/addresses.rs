//! How many connections each address has: one stranger must not take them all.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The open TCP connections by address. Clones are the same count.
#[derive(Clone, Debug)]
pub(crate) struct Addresses(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limit: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// The right to one connection, given back when the last clone is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Permit {
    _held: Arc<Held>,
}

#[derive(Debug)]
struct Held {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(Shared {
            limit,
            open: Mutex::default(),
        }))
    }

    /// Counts a connection from `address`; `None` if it has its share.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Permit> {
        let mut open = self.open();
        let count = open.entry(address).or_default();
        if *count >= self.0.limit {
            return None;
        }
        *count += 1;
        let addresses = self.clone();
        Some(Permit {
            _held: Arc::new(Held { addresses, address }),
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut open = self.addresses.open();
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}
