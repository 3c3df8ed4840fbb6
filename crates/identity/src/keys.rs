//! The keys that tokens are signed with, by their id, as the identity provider publishes them.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// Keys older than this are fetched anew: one may have been withdrawn.
const FRESH_MS: u64 = 60 * 60 * 1000;
/// Keys older than this verify nothing more, whatever keeps the provider from answering.
const USABLE_MS: u64 = 24 * 60 * 60 * 1000;
/// Two fetches are at least this far apart: anybody can name a key that does not exist.
const PAUSE_MS: u64 = 10_000;
/// Providers have two or three; more are a mistake, and each takes room.
const MAX_KEYS: usize = 64;

/// Where the keys are published: a JSON Web Key Set (RFC 7517).
pub trait KeySource: Send + Sync {
    /// The set as it stands there now; or why it cannot be had.
    fn fetch(&self) -> impl Future<Output = Result<Vec<u8>, String>> + Send;
}

impl<S: KeySource> KeySource for Arc<S> {
    fn fetch(&self) -> impl Future<Output = Result<Vec<u8>, String>> + Send {
        S::fetch(self)
    }
}

/// A key and the one algorithm it is for. The token does not choose.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) decoding: DecodingKey,
    pub(crate) algorithm: Algorithm,
}

/// The keys of a source, kept for an hour.
#[derive(Debug)]
pub struct Keys<S> {
    source: S,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: BTreeMap<String, Arc<Key>>,
    fetched: Option<u64>,
    tried: Option<u64>,
}

impl State {
    fn younger_than(&self, age: u64, now: u64) -> bool {
        self.fetched
            .is_some_and(|fetched| now.saturating_sub(fetched) < age)
    }

    /// The key, where what is known may still be believed; `Err` where nothing is.
    fn usable(&self, id: &str, now: u64) -> Result<Option<Arc<Key>>, ()> {
        match self.younger_than(USABLE_MS, now) {
            true => Ok(self.keys.get(id).cloned()),
            false => Err(()),
        }
    }
}

impl<S: KeySource> Keys<S> {
    /// No key yet; the first token fetches them.
    #[must_use]
    pub fn new(source: S) -> Self {
        Self {
            source,
            state: Mutex::default(),
        }
    }

    /// The key of this id; `None` if there is none, `Err` if that cannot be told now.
    pub(crate) async fn find(&self, id: &str, now: u64) -> Result<Option<Arc<Key>>, ()> {
        {
            let mut state = self.state();
            let known = state
                .keys
                .get(id)
                .filter(|_| state.younger_than(FRESH_MS, now));
            if let Some(key) = known {
                return Ok(Some(Arc::clone(key)));
            }
            let soon = |tried: u64| now.saturating_sub(tried) < PAUSE_MS;
            if state.tried.is_some_and(soon) {
                return state.usable(id, now);
            }
            state.tried = Some(now);
        }
        let fetched = self.source.fetch().await.and_then(|set| read(&set));
        let mut state = self.state();
        match fetched {
            Ok(keys) => {
                state.keys = keys;
                state.fetched = Some(now);
            }
            Err(reason) => tracing::error!(kind = "Keys", reason, "the keys were not fetched"),
        }
        state.usable(id, now)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The usable keys of a set. Others are passed over, for a provider may publish some for other uses.
fn read(set: &[u8]) -> Result<BTreeMap<String, Arc<Key>>, String> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let set: Set = serde_json::from_slice(set).map_err(|error| format!("no key set: {error}"))?;
    let keys = set.keys.into_iter().take(MAX_KEYS);
    Ok(keys.filter_map(key).collect())
}

fn key(value: Value) -> Option<(String, Arc<Key>)> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let common = &jwk.common;
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            Algorithm::ES256
        }
        _ => return None,
    };
    let stated = match common.key_algorithm {
        None => algorithm,
        Some(KeyAlgorithm::RS256) => Algorithm::RS256,
        Some(KeyAlgorithm::ES256) => Algorithm::ES256,
        Some(_) => return None,
    };
    let signs = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let id = common
        .key_id
        .clone()
        .filter(|_| signs && stated == algorithm)?;
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    Some((
        id,
        Arc::new(Key {
            decoding,
            algorithm,
        }),
    ))
}
