//! The keys' cache.

use std::sync::Arc;

use futures_executor::block_on;
use serde_json::{Value, json};
use switchboard_identity::{Keys, TokenError};

use crate::provider::{NOW, Provider, claims, ec, ec_jwk, rules};

const HOUR: u64 = 60 * 60 * 1000;

struct Site {
    provider: Arc<Provider>,
    keys: Keys<Arc<Provider>>,
}

impl Site {
    fn new() -> Self {
        let provider = Provider::new();
        let keys = Keys::new(Arc::clone(&provider));
        Self { provider, keys }
    }

    fn publish(&self, set: Option<Value>) {
        *self.provider.set.lock().unwrap() = set;
    }

    /// Verifies a token of the key so many ms later; it is good for two days.
    fn after(&self, ms: u64, key: &str) -> Option<TokenError> {
        let claims = claims(json!({"exp": (NOW + 48 * HOUR) / 1000}));
        let algorithm = if key == "rsa" { "RS256" } else { "ES256" };
        let header = json!({"alg": algorithm, "kid": key});
        let token = self.provider.sign(&header, &claims);
        block_on(rules().verify(&self.keys, &token, NOW + ms)).err()
    }
}

#[test]
fn keys_are_fetched_once_an_hour() {
    let site = Site::new();
    for (ms, fetches) in [(0, 1), (1, 1), (HOUR - 1, 1), (HOUR, 2), (HOUR + 1, 2)] {
        assert_eq!(site.after(ms, "rsa"), None);
        assert_eq!(site.provider.fetches(), fetches, "{ms}");
    }
}

/// A provider changes its keys at any time; nobody can make us ask for that at any rate.
#[test]
fn an_unknown_key_is_asked_for_at_most_every_ten_seconds() {
    let site = Site::new();
    assert_eq!(site.after(0, "rsa"), None);
    for key in 0..100 {
        let unknown = Some(TokenError::UnknownKey);
        assert_eq!(site.after(9_000 + key, &format!("new{key}")), unknown);
    }
    assert_eq!(site.provider.fetches(), 1);
    let new = site.provider.set.lock().unwrap().clone().map(|mut set| {
        set["keys"][1]["kid"] = json!("new");
        set
    });
    site.publish(new);
    assert_eq!(site.after(10_000, "new"), None);
    assert_eq!(site.provider.fetches(), 2);
    // The one it took the place of is gone.
    assert_eq!(site.after(20_000, "ec"), Some(TokenError::UnknownKey));
}

#[test]
fn a_provider_that_is_away_is_missed_after_a_day() {
    let site = Site::new();
    assert_eq!(site.after(0, "rsa"), None);
    site.publish(None);
    for ms in [HOUR, 2 * HOUR, 24 * HOUR - 1] {
        assert_eq!(site.after(ms, "rsa"), None, "{ms}");
    }
    assert_eq!(
        site.after(24 * HOUR + 20_000, "rsa"),
        Some(TokenError::NoKeys)
    );
}

#[test]
fn without_keys_nothing_can_be_told() {
    let site = Site::new();
    let good = site.provider.set.lock().unwrap().clone();
    for set in [None, Some(json!("secret")), Some(json!({"keys": 1}))] {
        let site = Site::new();
        site.publish(set);
        assert_eq!(site.after(0, "rsa"), Some(TokenError::NoKeys));
        // And the provider is left in peace.
        assert_eq!(site.after(1, "rsa"), Some(TokenError::NoKeys));
        assert_eq!(site.provider.fetches(), 1);
        site.publish(good.clone());
        assert_eq!(site.after(10_000, "rsa"), None);
    }
}

/// One that cannot be read or is for something else takes none of the others with it.
#[test]
fn keys_for_other_uses_are_passed_over() {
    let site = Site::new();
    let key = ec();
    let jwk = |changes: Value| {
        let mut jwk = ec_jwk("ec", &key);
        for (name, value) in changes.as_object().unwrap() {
            jwk[name] = value.clone();
        }
        jwk
    };
    let good = site.provider.set.lock().unwrap().clone().unwrap()["keys"][0].clone();
    let symmetric = json!({"kty": "oct", "kid": "ec", "k": "c2VjcmV0"});
    site.publish(Some(json!({"keys": [
        null,
        symmetric,
        jwk(json!({"use": "enc"})),
        jwk(json!({"alg": "ES384"})),
        jwk(json!({"alg": "RS256"})),
        jwk(json!({"crv": "secp256k1"})),
        jwk(json!({"crv": "P-384"})),
        jwk(json!({"kid": null})),
        jwk(json!({"x": "!"})),
        good,
    ]})));
    assert_eq!(site.after(0, "ec"), Some(TokenError::UnknownKey));
    assert_eq!(site.after(0, "rsa"), None);
}
