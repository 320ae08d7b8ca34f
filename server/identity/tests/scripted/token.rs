//! ID tokens that must not be believed: O-03, O-08, O-10.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use identity::{NotIdentified, SignInRefused, SignedIn, TokenRefused};
use openidconnect::core::CoreJwsSigningAlgorithm;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use crate::{
    keys::{self, EdKey, token},
    provider::{ACCESS, CODE, SECRET, World, after, callback, now},
};

type Sign<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

#[track_caller]
fn distrusted(result: Result<SignedIn, SignInRefused>) -> TokenRefused {
    match result {
        Err(SignInRefused::NotIdentified(NotIdentified::Token(refused))) => refused,
        Err(other) => panic!("refused for another reason: {other:?}"),
        Ok(signed_in) => panic!("believed: {signed_in:?}"),
    }
}

#[track_caller]
fn because(result: Result<SignedIn, SignInRefused>, words: &str) {
    let refused = distrusted(result);
    assert!(format!("{refused:?}").contains(words), "{refused:?} does not say {words:?}");
}

#[tokio::test]
async fn o_03_a_token_without_nonce_is_refused() {
    let world = World::new().await;
    let without = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("nonce"));
    because(world.sign_in(without).await, "missing nonce");
    because(world.sign_in(|claims| claims["nonce"] = Value::Null).await, "missing nonce");
}

#[tokio::test]
async fn o_03_a_token_with_another_nonce_is_refused() {
    let world = World::new().await;
    let earlier = world.begin().await.query("nonce");
    for nonce in [earlier.as_str(), "", "x"] {
        because(world.sign_in(|claims| claims["nonce"] = nonce.into()).await, "nonce mismatch");
    }
}

#[tokio::test]
async fn o_08_the_listed_algorithms_are_believed() {
    use CoreJwsSigningAlgorithm::{RsaSsaPkcs1V15Sha256, RsaSsaPssSha256};
    let world = World::new().await;
    let (elliptic, sign_elliptic) = keys::elliptic();
    let (rsa, sign_pkcs) = keys::rsa(RsaSsaPkcs1V15Sha256);
    let (_, sign_pss) = keys::rsa(RsaSsaPssSha256);
    world.script(|script| script.keys.extend([elliptic, rsa]));
    let signatures: [(&str, &str, Sign<'_>); 3] = [
        ("ES256", "ec", &sign_elliptic),
        ("RS256", "rsa", &sign_pkcs),
        ("PS256", "rsa", &sign_pss),
    ];
    for (algorithm, key, sign) in signatures {
        let header = json!({ "alg": algorithm, "kid": key });
        let result =
            world.sign_in_by(|world, nonce| token(&header, &world.claims(nonce), sign)).await;
        assert!(result.is_ok(), "{algorithm}: {result:?}");
    }
}

#[tokio::test]
async fn o_08_other_algorithms_are_refused_though_the_signature_is_right() {
    use CoreJwsSigningAlgorithm::{RsaSsaPkcs1V15Sha384, RsaSsaPkcs1V15Sha512};
    for (name, algorithm) in [("RS384", RsaSsaPkcs1V15Sha384), ("RS512", RsaSsaPkcs1V15Sha512)] {
        let world = World::new().await;
        let (key, sign) = keys::rsa(algorithm);
        world.script(|script| {
            script.keys.push(key);
            script.document["id_token_signing_alg_values_supported"] = json!([name]);
        });
        let header = json!({ "alg": name, "kid": "rsa" });
        let result =
            world.sign_in_by(|world, nonce| token(&header, &world.claims(nonce), &sign)).await;
        because(result, "DisallowedAlg");
    }
}

#[tokio::test]
async fn o_08_a_token_without_signature_is_refused_though_the_provider_announces_none() {
    let world = World::new().await;
    for algorithm in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": algorithm });
        let unsigned =
            |world: &World, nonce: &str| token(&header, &world.claims(nonce), |_| Vec::new());
        distrusted(world.sign_in_by(unsigned).await);
    }
    let header = json!({ "alg": "EdDSA", "kid": "first" });
    let stripped =
        |world: &World, nonce: &str| token(&header, &world.claims(nonce), |_| Vec::new());
    distrusted(world.sign_in_by(stripped).await);
}

#[tokio::test]
async fn o_08_a_message_authentication_code_is_refused_whatever_its_key() {
    let world = World::new().await;
    let jwk = world.key.jwk().to_string();
    let secrets =
        [SECRET.as_bytes().to_vec(), world.key.public_bytes(), jwk.into_bytes(), Vec::new()];
    for secret in secrets {
        for header in [json!({ "alg": "HS256" }), json!({ "alg": "HS256", "kid": "first" })] {
            let result = world
                .sign_in_by(|world, nonce| {
                    token(&header, &world.claims(nonce), |message| keys::mac(&secret, message))
                })
                .await;
            because(result, "DisallowedAlg");
        }
    }
}

#[tokio::test]
async fn o_08_a_key_in_the_header_is_not_used() {
    let world = World::new().await;
    let own = EdKey::new(66, "first");
    let address = format!("{}/elsewhere", world.issuer);
    for header in [
        json!({ "alg": "EdDSA", "jwk": own.jwk() }),
        json!({ "alg": "EdDSA", "kid": "first", "jwk": own.jwk() }),
        json!({ "alg": "EdDSA", "kid": "first", "jku": address }),
        json!({ "alg": "EdDSA", "kid": "own", "jwk": own.jwk() }),
        json!({ "alg": "EdDSA", "kid": "first", "x5c": ["MIIB"], "x5u": address }),
    ] {
        let result = world
            .sign_in_by(|world, nonce| {
                token(&header, &world.claims(nonce), |message| own.sign(message))
            })
            .await;
        because(result, "SignatureVerification");
    }
}

#[tokio::test]
async fn o_08_claims_changed_after_signing_are_refused() {
    let world = World::new().await;
    let result = world
        .sign_in_by(|world, nonce| {
            let lawful = world.key.token(&world.claims(nonce));
            let mut changed = world.claims(nonce);
            changed["groups"] = json!(["payments-leads"]);
            let forged = world.key.token(&changed);
            let (lawful, forged): (Vec<_>, Vec<_>) =
                (lawful.split('.').collect(), forged.split('.').collect());
            [forged[0], forged[1], lawful[2]].join(".")
        })
        .await;
    because(result, "CryptoError");
}

#[tokio::test]
async fn o_08_what_is_no_token_is_refused() {
    let world = World::new().await;
    for text in ["", ".", "..", "...", "a.b.c", "e30.e30.e30", "\u{0}"] {
        let refused = distrusted(world.sign_in_by(|_, _| text.to_owned()).await);
        assert!(matches!(refused, TokenRefused::Unreadable { .. }), "{text:?}: {refused:?}");
    }
    let begun = world.begin().await;
    world.answer(Value::Null);
    let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
    let result = world.portal.finish(Some(begun.attempt), callback, now()).await;
    assert!(matches!(distrusted(result), TokenRefused::Missing));
}

#[tokio::test]
async fn o_08_a_header_that_asks_for_what_we_do_not_understand_is_refused() {
    let world = World::new().await;
    for (name, value) in [("crit", json!(["b64"])), ("typ", json!("at+jwt")), ("cty", json!("JWT"))]
    {
        let mut header = json!({ "alg": "EdDSA", "kid": "first" });
        header[name] = value;
        let result = world
            .sign_in_by(|world, nonce| {
                token(&header, &world.claims(nonce), |message| world.key.sign(message))
            })
            .await;
        because(result, "Unsupported");
    }
}

#[tokio::test]
async fn o_10_expiry_has_a_leeway_of_sixty_seconds() {
    let world = World::new().await;
    for (seconds, good) in [(1, true), (0, true), (-59, true), (-60, false), (-3_600, false)] {
        let result =
            world.sign_in(|claims| claims["exp"] = after(seconds).as_second().into()).await;
        assert_eq!(result.is_ok(), good, "{seconds}");
        if !good {
            because(result, "Expired");
        }
    }
    let without = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("exp"));
    distrusted(world.sign_in(without).await);
}

#[tokio::test]
async fn o_10_a_token_from_the_future_is_refused() {
    let world = World::new().await;
    for claim in ["iat", "nbf"] {
        for (seconds, good) in [(60, true), (61, false), (3_600, false)] {
            let later = |claims: &mut Value| claims[claim] = after(seconds).as_second().into();
            assert_eq!(world.sign_in(later).await.is_ok(), good, "{claim} {seconds}");
        }
    }
}

#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    let world = World::new().await;
    for issuer in [
        "https://another.example".to_owned(),
        format!("{}/", world.issuer),
        world.issuer.to_uppercase(),
    ] {
        because(world.sign_in(|claims| claims["iss"] = issuer.into()).await, "InvalidIssuer");
    }
}

#[tokio::test]
async fn a_token_for_another_audience_is_refused() {
    let world = World::new().await;
    for audience in [json!("another"), json!(["another"]), json!([]), json!("Shorepass")] {
        because(world.sign_in(|claims| claims["aud"] = audience).await, "InvalidAudience");
    }
    let both = json!(["shorepass", "another"]);
    because(world.sign_in(|claims| claims["aud"] = both).await, "InvalidAudience");
    assert!(world.sign_in(|claims| claims["aud"] = json!(["shorepass"])).await.is_ok());
}

#[tokio::test]
async fn a_token_issued_to_another_client_is_refused() {
    let world = World::new().await;
    let refused = distrusted(world.sign_in(|claims| claims["azp"] = "another".into()).await);
    assert!(matches!(refused, TokenRefused::OtherClient));
    assert!(world.sign_in(|claims| claims["azp"] = "shorepass".into()).await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_access_token_is_refused() {
    let world = World::new().await;
    let refused = distrusted(world.sign_in(|claims| claims["at_hash"] = "x".into()).await);
    assert!(matches!(refused, TokenRefused::OtherAccessToken));
    // OpenID Connect Core, section 3.1.3.6: half of the digest that belongs to the algorithm.
    let digest = Sha512::digest(ACCESS);
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&digest[..32]);
    assert!(world.sign_in(|claims| claims["at_hash"] = hash.into()).await.is_ok());
}

#[tokio::test]
async fn a_subject_that_names_nobody_is_refused() {
    let world = World::new().await;
    for subject in [json!(""), json!("a".repeat(256)), json!("a\u{0}b"), json!("a\nb")] {
        let refused = distrusted(world.sign_in(|claims| claims["sub"] = subject).await);
        assert!(matches!(refused, TokenRefused::Subject), "{refused:?}");
    }
    for subject in [Value::Null, json!(7)] {
        distrusted(world.sign_in(|claims| claims["sub"] = subject).await);
    }
}
