//! Whether an ID token is the provider's, for this portal, for this sign-in, and not too old.

use std::time::SystemTime;

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::general_purpose::{GeneralPurpose, NO_PAD},
};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, EmptyAdditionalClaims,
    EmptyExtraTokenFields, IdToken, IdTokenFields, IdTokenVerifier, Nonce, NonceVerifier,
    SignatureVerificationError, StandardTokenResponse,
    core::{
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreTokenType,
    },
};
use serde_json::{Map, Value};

use crate::discovery::Known;

/// Signatures that are believed, whatever the provider announces (O-08): neither `none` nor a MAC,
/// whose key would be the client secret or, confused, the public key.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 4] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// How far the provider's clock and ours may be apart (O-10), or those of two of our own machines.
pub(crate) const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// How parts of a token are written, read as leniently as by the library.
const ENCODING: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

/// Longest subject, in characters (OpenID Connect Core, section 2).
const LONGEST_SUBJECT: usize = 255;

type Token = IdToken<
    EmptyAdditionalClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The token endpoint's answer.
pub(crate) type Tokens = StandardTokenResponse<
    IdTokenFields<
        EmptyAdditionalClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// Why an ID token, or what stands in for it, is not believed; for operators.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefused {
    /// The provider answered without one.
    #[error("the provider sent no ID token")]
    Missing,
    /// The answer does not parse. What it says is not repeated, for it holds tokens.
    #[error("the provider's answer cannot be read at {path:?}")]
    Unreadable {
        /// The field at which reading stopped.
        path: String,
    },
    /// Signature, algorithm, issuer, audience, nonce or expiry.
    #[error("the ID token does not hold")]
    Claims(#[source] ClaimsVerificationError),
    /// `nbf` lies ahead.
    #[error("the ID token is not valid yet")]
    NotYetValid,
    /// `azp` names somebody else.
    #[error("the ID token was issued to another client")]
    OtherClient,
    /// `at_hash` belongs to another access token.
    #[error("the ID token belongs to another access token")]
    OtherAccessToken,
    /// The subject is empty, too long, or holds control characters.
    #[error("the subject is empty, longer than 255 characters or not printable")]
    Subject,
    /// A re-check answers for somebody else.
    #[error("the provider answers for another subject")]
    OtherSubject,
}

impl TokenRefused {
    /// Whether the key that the token names is not among those known.
    pub(crate) fn is_unknown_key(&self) -> bool {
        matches!(
            self,
            Self::Claims(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey
            ))
        )
    }
}

/// Which nonce a token has to carry.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected<'a> {
    /// Exactly this one: the answer to a sign-in (O-03).
    Sent(&'a Nonce),
    /// This one or none: the answer to a refresh (OpenID Connect Core, section 12.2).
    SentAtSignIn(&'a Nonce),
}

impl NonceVerifier for Expected<'_> {
    fn verify(self, claim: Option<&Nonce>) -> Result<(), String> {
        match (self, claim) {
            (Self::SentAtSignIn(_), None) => Ok(()),
            (Self::Sent(nonce) | Self::SentAtSignIn(nonce), claim) => nonce.verify(claim),
        }
    }
}

/// What a token that holds says.
pub(crate) struct Believed {
    pub(crate) subject: String,
    pub(crate) claims: Map<String, Value>,
}

/// Checks the ID token of an answer.
pub(crate) fn believe(
    token: &Token,
    access_token: &AccessToken,
    known: &Known,
    expected: Expected<'_>,
    now: Timestamp,
) -> Result<Believed, TokenRefused> {
    let client_id = known.client.client_id();
    let verifier = verifier(known, client_id, now);
    let claims = token.claims(&verifier, expected).map_err(TokenRefused::Claims)?;
    // The library leaves `azp` to its callers.
    if claims.authorized_party().is_some_and(|party| party != client_id) {
        return Err(TokenRefused::OtherClient);
    }
    if let Some(hash) = claims.access_token_hash() {
        same_access_token(token, access_token, &verifier, hash)?;
    }
    let sent = claims_of(token.to_string().as_bytes())?;
    let not_before = sent.get("nbf").and_then(Value::as_i64);
    if not_before.is_some_and(|second| second > (now + LEEWAY).as_second()) {
        return Err(TokenRefused::NotYetValid);
    }
    let subject = claims.subject().as_str();
    if subject.is_empty()
        || subject.chars().count() > LONGEST_SUBJECT
        || subject.chars().any(char::is_control)
    {
        return Err(TokenRefused::Subject);
    }
    Ok(Believed { subject: subject.to_owned(), claims: sent })
}

/// Every claim of a signed token that holds, as it was sent: the library's own reading takes the
/// text `"true"` for true.
pub(crate) fn claims_of(token: &[u8]) -> Result<Map<String, Value>, TokenRefused> {
    // RFC 7515, section 3.1: header, payload and signature.
    let payload = token.split(|byte| *byte == b'.').nth(1).unwrap_or_default();
    ENCODING
        .decode(payload)
        .ok()
        .and_then(|claims| serde_json::from_slice(&claims).ok())
        .ok_or_else(|| TokenRefused::Unreadable { path: "claims".to_owned() })
}

fn verifier<'a>(
    known: &Known,
    client_id: &ClientId,
    now: Timestamp,
) -> IdTokenVerifier<'a, CoreJsonWebKey> {
    let (earliest, latest) = (now - LEEWAY, now + LEEWAY);
    // A verifier for public clients has no shared secret that a MAC could be checked with.
    IdTokenVerifier::new_public_client(
        client_id.clone(),
        known.metadata.issuer().clone(),
        known.metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    .set_time_fn(move || SystemTime::from(earliest).into())
    .set_issue_time_verifier_fn(move |issued| {
        if SystemTime::from(issued) > SystemTime::from(latest) {
            return Err("it was issued in the future".to_owned());
        }
        Ok(())
    })
}

fn same_access_token(
    token: &Token,
    access_token: &AccessToken,
    verifier: &IdTokenVerifier<'_, CoreJsonWebKey>,
    claimed: &AccessTokenHash,
) -> Result<(), TokenRefused> {
    let refused =
        |error| TokenRefused::Claims(ClaimsVerificationError::SignatureVerification(error));
    let algorithm = token.signing_alg().map_err(refused)?;
    let key = token.signing_key(verifier).map_err(refused)?;
    match AccessTokenHash::from_token(access_token, algorithm, key) {
        Ok(hash) if hash == *claimed => Ok(()),
        _ => Err(TokenRefused::OtherAccessToken),
    }
}
