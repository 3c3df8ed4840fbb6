//! Which tokens are believed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use futures_executor::block_on;
use ring::{rsa, signature::KeyPair};
use serde_json::json;
use switchboard_identity::{Keys, Known, TokenError};

use crate::provider::{self, ISSUER, NOW, Provider, claims, hmac_signed, message, rules};

fn verify(provider: &std::sync::Arc<Provider>, token: &str) -> Result<Known, TokenError> {
    let keys = Keys::new(std::sync::Arc::clone(provider));
    block_on(rules().verify(&keys, token, NOW))
}

fn known(user: &str) -> Result<Known, TokenError> {
    Ok(Known {
        user: user.try_into().unwrap(),
        until: NOW + 3_600_000,
    })
}

#[test]
fn a_token_of_either_key_is_believed() {
    let provider = Provider::new();
    for (algorithm, key) in [("RS256", "rsa"), ("ES256", "ec")] {
        let header = json!({"alg": algorithm, "kid": key, "typ": "JWT"});
        let token = provider.sign(&header, &claims(json!({})));
        assert_eq!(verify(&provider, &token), known("ana"), "{algorithm}");
    }
}

#[test]
fn claims_are_held_to_the_letter() {
    let provider = Provider::new();
    let second = NOW / 1000;
    for (changes, expected) in [
        (json!({"aud": ["other", "chat"]}), known("ana")),
        (json!({"sub": "Zoë #1=%"}), known("Zoë #1=%")),
        (json!({"nbf": second + 60}), known("ana")),
        (json!({"aud": "other"}), Err(TokenError::Refused)),
        (json!({"aud": []}), Err(TokenError::Refused)),
        (json!({"aud": null}), Err(TokenError::Refused)),
        (json!({"aud": {"chat": true}}), Err(TokenError::Refused)),
        (
            json!({"iss": "https://id.example"}),
            Err(TokenError::Refused),
        ),
        (json!({"iss": [ISSUER]}), Err(TokenError::Refused)),
        (json!({"iss": null}), Err(TokenError::Refused)),
        (json!({"exp": null}), Err(TokenError::Refused)),
        (json!({"exp": "9999999999"}), Err(TokenError::Refused)),
        (json!({"exp": -1}), Err(TokenError::Refused)),
        (json!({"exp": second}), Err(TokenError::Time)),
        (json!({"exp": u64::MAX}), Err(TokenError::Time)),
        (json!({"nbf": second + 61}), Err(TokenError::Time)),
        (json!({"nbf": "soon"}), Err(TokenError::Time)),
        (json!({"sub": null}), Err(TokenError::User)),
        (json!({"sub": 7}), Err(TokenError::User)),
        (json!({"sub": ""}), Err(TokenError::User)),
        (json!({"sub": "x".repeat(65)}), Err(TokenError::User)),
        (json!({"sub": "a\u{202E}b"}), Err(TokenError::User)),
    ] {
        let token = provider.token(changes.clone());
        assert_eq!(verify(&provider, &token), expected, "{changes}");
    }
}

/// The key decides by which algorithm its tokens are verified, never the token.
#[test]
fn no_algorithm_can_be_talked_into_another() {
    let provider = Provider::new();
    let public: rsa::PublicKeyComponents<Vec<u8>> = provider.rsa.public().into();
    let der = provider.rsa.public_key().as_ref();
    let secrets: [&[u8]; 4] = [der, &public.n, provider.ec.public_key().as_ref(), b""];
    for secret in secrets {
        for key in ["rsa", "ec"] {
            let header = json!({"alg": "HS256", "kid": key});
            let token = hmac_signed(&header, &claims(json!({})), secret);
            assert_eq!(verify(&provider, &token), Err(TokenError::Algorithm));
        }
    }
    // None, in every spelling: what is no algorithm cannot even be read.
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = json!({"alg": none, "kid": "rsa"});
        let token = format!("{}.", message(&header, &claims(json!({}))));
        assert_eq!(
            verify(&provider, &token),
            Err(TokenError::Malformed),
            "{none}"
        );
    }
    for other in ["RS384", "RS512", "PS256", "ES384", "EdDSA", "HS384"] {
        let header = json!({"alg": other, "kid": "rsa"});
        let token = format!("{}.AAAA", message(&header, &claims(json!({}))));
        assert_eq!(
            verify(&provider, &token),
            Err(TokenError::Algorithm),
            "{other}"
        );
    }
    // Right algorithm, another key's.
    for (algorithm, key) in [("ES256", "rsa"), ("RS256", "ec")] {
        let token = provider.sign(&json!({"alg": algorithm, "kid": key}), &claims(json!({})));
        assert_eq!(verify(&provider, &token), Err(TokenError::Algorithm));
    }
}

#[test]
fn a_forged_token_is_refused() {
    let provider = Provider::new();
    let good = provider.token(json!({}));
    let (head, signature) = good.rsplit_once('.').unwrap();
    let victim = message(
        &json!({"alg": "RS256", "kid": "rsa"}),
        &claims(json!({"sub": "victim"})),
    );
    let mut flipped = BASE64.decode(signature).unwrap();
    flipped[7] ^= 1;
    for token in [
        format!("{victim}.{signature}"),
        format!("{head}.{}", BASE64.encode(flipped)),
        format!("{head}."),
        format!("{head}.{}", &signature[..40]),
        format!("{head}.{}", BASE64.encode([0; 256])),
    ] {
        assert_eq!(verify(&provider, &token), Err(TokenError::Refused));
    }
    // Zeros for r and s, which a careless verifier takes (CVE-2022-21449).
    let zeros = message(&json!({"alg": "ES256", "kid": "ec"}), &claims(json!({})));
    let token = format!("{zeros}.{}", BASE64.encode([0; 64]));
    assert_eq!(verify(&provider, &token), Err(TokenError::Refused));
    // Another provider's key under the name of ours, and a name that ours does not have.
    let mallory = Provider::new();
    let header = json!({"alg": "ES256", "kid": "ec"});
    let token = mallory.sign(&header, &claims(json!({})));
    assert_eq!(verify(&provider, &token), Err(TokenError::Refused));
    let header =
        json!({"alg": "ES256", "kid": "mine", "jwk": provider::ec_jwk("mine", &mallory.ec)});
    let token = mallory.sign(&header, &claims(json!({})));
    assert_eq!(verify(&provider, &token), Err(TokenError::UnknownKey));
}

#[test]
fn what_is_no_token_asks_nobody() {
    let provider = Provider::new();
    let claims = claims(json!({}));
    let nameless = provider.sign(&json!({"alg": "RS256"}), &claims);
    let critical = json!({"alg": "RS256", "kid": "rsa", "crit": ["b64"], "b64": false});
    let critical = provider.sign(&critical, &claims);
    let good = provider.token(json!({}));
    for token in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "null",
        "e30.e30.e30",
        "\u{0}",
        "😀.😀.😀",
        &nameless,
        &critical,
        &format!("{good}.x"),
        &format!("x.{good}"),
    ] {
        assert_eq!(
            verify(&provider, token),
            Err(TokenError::Malformed),
            "{token}"
        );
    }
    let long = format!("{good}{}", "A".repeat(8 * 1024));
    assert_eq!(verify(&provider, &long), Err(TokenError::TooLong));
    assert_eq!(provider.fetches(), 0);
}
