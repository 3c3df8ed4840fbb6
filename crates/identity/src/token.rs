//! Tokens: is this one of the identity provider's, for us, now, and whose is it.

use std::fmt;

use jsonwebtoken::{Validation, decode, decode_header};
use serde_json::{Map, Value};
use switchboard_protocol::UserId;

use crate::{
    crypto::{self, ALGORITHMS},
    keys::{KeySource, Keys},
};

/// Real ones have one or two thousand bytes.
const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// How far a provider's clock may be ahead of ours where a token says that it is not valid yet.
const AHEAD_MS: u64 = 60_000;

/// Whose tokens count, and who they are about.
#[derive(Debug, Clone)]
pub struct TokenRules {
    /// `iss`, to the letter.
    pub issuer: String,
    /// What `aud` must be or hold: this deployment's name at the provider.
    pub audience: String,
    /// The claim that is the user id: `sub`, or one that people would recognise.
    pub user_claim: String,
}

/// Whom a token is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The user.
    pub user: UserId,
    /// The token's end, ms since the Unix epoch.
    pub until: u64,
}

/// Why a token is not believed. For the log: a client only hears that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// Longer than any token is.
    TooLong,
    /// Not three parts of base64 and JSON, or it names no key, or needs what is not understood.
    Malformed,
    /// Signed by another method than the key is for, or by none.
    Algorithm,
    /// Signed with a key that the provider does not have.
    UnknownKey,
    /// The signature is not the key's, or issuer or audience are others.
    Refused,
    /// Its time is over, or has not come.
    Time,
    /// Believed, but whom it names cannot be a user.
    User,
    /// The keys cannot be had: nothing can be told.
    NoKeys,
}

impl TokenError {
    /// A name that log queries can group by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TooLong => "TooLong",
            Self::Malformed => "Malformed",
            Self::Algorithm => "Algorithm",
            Self::UnknownKey => "UnknownKey",
            Self::Refused => "Refused",
            Self::Time => "Time",
            Self::User => "User",
            Self::NoKeys => "NoKeys",
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for TokenError {}

impl TokenRules {
    /// Whom the token is about, if it is to be believed.
    ///
    /// # Errors
    /// Why it is not.
    pub async fn verify<S: KeySource>(
        &self,
        keys: &Keys<S>,
        token: &str,
        now: u64,
    ) -> Result<Known, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        // What a token calls critical must be understood, and nothing is (RFC 7515, 4.1.11).
        let (Some(id), None) = (&header.kid, &header.crit) else {
            return Err(TokenError::Malformed);
        };
        if !ALGORITHMS.contains(&header.alg) {
            return Err(TokenError::Algorithm);
        }
        let key = keys.find(id, now).await.map_err(|()| TokenError::NoKeys)?;
        let key = key.ok_or(TokenError::UnknownKey)?;
        if header.alg != key.algorithm {
            return Err(TokenError::Algorithm);
        }
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // By our clock below, which is a port.
        validation.validate_exp = false;
        crypto::install();
        let token = decode::<Map<String, Value>>(token, &key.decoding, &validation);
        let claims = token.map_err(|_| TokenError::Refused)?.claims;
        self.judge(&claims, now)
    }

    fn judge(&self, claims: &Map<String, Value>, now: u64) -> Result<Known, TokenError> {
        // The library also takes a list of issuers that holds ours; a token has one.
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return Err(TokenError::Refused);
        }
        let until = claims.get("exp").and_then(milliseconds);
        let until = until.filter(|until| *until > now).ok_or(TokenError::Time)?;
        if let Some(begin) = claims.get("nbf") {
            let begin = milliseconds(begin).ok_or(TokenError::Time)?;
            if begin > now.saturating_add(AHEAD_MS) {
                return Err(TokenError::Time);
            }
        }
        let user = claims.get(&self.user_claim).and_then(Value::as_str);
        let user = user.and_then(|user| UserId::try_from(user).ok());
        Ok(Known {
            user: user.ok_or(TokenError::User)?,
            until,
        })
    }
}

/// A `NumericDate`: seconds since the Unix epoch, possibly with a fraction, which is dropped.
fn milliseconds(date: &Value) -> Option<u64> {
    let seconds = match date.as_u64() {
        Some(seconds) => seconds,
        None => {
            let seconds = date.as_f64().filter(|date| (0.0..1e15).contains(date))?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "in range, and the fraction is to go"
            )]
            let whole = seconds as u64;
            whole
        }
    };
    seconds.checked_mul(1000)
}
