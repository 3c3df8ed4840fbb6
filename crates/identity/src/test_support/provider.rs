//! An identity provider: it publishes keys and signs what it is asked to.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::{KeySource, TokenRules};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::{
    hmac,
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use serde_json::{Value, json};
use switchboard_backend::Clock;

/// 21 Nov 2026, 08:00:00 UTC.
pub const NOW: u64 = 1_795_248_000_000;
/// `iss` of its tokens.
pub const ISSUER: &str = "https://id.example/pool";
/// `aud` of its tokens.
pub const AUDIENCE: &str = "chat";

/// Time that the test moves.
#[derive(Debug)]
pub struct TestClock(AtomicU64);

impl TestClock {
    /// At [`NOW`].
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(NOW)))
    }

    /// Lets so many milliseconds pass.
    pub fn advance(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    async fn sleep(&self, _: Duration) {}

    fn random(&self) -> u64 {
        0
    }
}

/// Its keys: `rsa` and `ec`.
pub struct Provider {
    /// Of the id `rsa`.
    pub rsa: RsaKeyPair,
    /// Of the id `ec`.
    pub ec: EcdsaKeyPair,
    /// What it publishes; `None` for a provider that does not answer.
    pub set: Mutex<Option<Value>>,
    /// How often it was asked.
    pub fetches: AtomicUsize,
}

impl Provider {
    /// With both keys published.
    #[must_use]
    pub fn new() -> Arc<Self> {
        let rsa = RsaKeyPair::from_pkcs8(include_bytes!("rsa.p8")).unwrap();
        let ec = ec();
        let set = json!({"keys": [rsa_jwk("rsa", &rsa), ec_jwk("ec", &ec)]});
        Arc::new(Self {
            rsa,
            ec,
            set: Mutex::new(Some(set)),
            fetches: AtomicUsize::new(0),
        })
    }

    /// A token signed as its header says by this provider's keys.
    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let random = SystemRandom::new();
        let signature = match header["alg"].as_str() {
            Some("RS256") => {
                let mut signature = vec![0; self.rsa.public().modulus_len()];
                let signed = self.rsa.sign(
                    &RSA_PKCS1_SHA256,
                    &random,
                    message.as_bytes(),
                    &mut signature,
                );
                signed.unwrap();
                signature
            }
            Some("ES256") => {
                let signature = self.ec.sign(&random, message.as_bytes()).unwrap();
                signature.as_ref().to_vec()
            }
            other => panic!("{other:?}"),
        };
        format!("{message}.{}", BASE64.encode(signature))
    }

    /// A good token of the RSA key with these claims changed; `null` takes one away.
    #[must_use]
    pub fn token(&self, changes: Value) -> String {
        self.sign(&json!({"alg": "RS256", "kid": "rsa"}), &claims(changes))
    }

    /// How often it was asked.
    #[must_use]
    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::Relaxed)
    }
}

impl KeySource for Provider {
    async fn fetch(&self) -> Result<Vec<u8>, String> {
        self.fetches.fetch_add(1, Ordering::Relaxed);
        let set = self.set.lock().unwrap();
        set.as_ref()
            .map(|set| set.to_string().into_bytes())
            .ok_or_else(|| "away".to_owned())
    }
}

/// What believes its tokens.
#[must_use]
pub fn rules() -> TokenRules {
    TokenRules {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        user_claim: "sub".to_owned(),
    }
}

/// Good claims, changed; `null` takes one away.
#[must_use]
pub fn claims(changes: Value) -> Value {
    let hour = NOW / 1000 + 3600;
    let mut claims = json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "ana", "exp": hour});
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

/// Header and claims as they are signed.
#[must_use]
pub fn message(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| BASE64.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

/// The classic forgery: HMAC with what is public as its secret.
#[must_use]
pub fn hmac_signed(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = message(header, claims);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", BASE64.encode(tag))
}

/// A key of the P-256 curve.
#[must_use]
pub fn ec() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap()
}

/// It as a JSON Web Key.
#[must_use]
pub fn rsa_jwk(id: &str, key: &RsaKeyPair) -> Value {
    let public: rsa::PublicKeyComponents<Vec<u8>> = key.public().into();
    json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": id,
        "n": BASE64.encode(public.n), "e": BASE64.encode(public.e),
    })
}

/// It as a JSON Web Key.
#[must_use]
pub fn ec_jwk(id: &str, key: &EcdsaKeyPair) -> Value {
    let point = key.public_key().as_ref();
    json!({
        "kty": "EC", "crv": "P-256", "kid": id,
        "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]),
    })
}
