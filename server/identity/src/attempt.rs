//! One sign-in on its way to the provider and back.

use jiff::{SignedDuration, Timestamp};
use openidconnect::{AuthorizationCode, CsrfToken, Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::{SignInRefused, token::LEEWAY};

/// Longest time a person may spend at the provider: whatever is kept of an attempt is kept this long.
pub const ATTEMPT_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// What the portal keeps while a browser is at the provider.
///
/// It holds secrets: serialise it into the server's own session store and nowhere else. Taking it
/// out of there removes it, so that a callback works once (O-01).
#[derive(Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub(crate) state: CsrfToken,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: PkceCodeVerifier,
    pub(crate) began: Timestamp,
}

/// The query with which a browser comes back; unknown parameters are ignored (RFC 6749, 4.1.2).
#[derive(Debug, Deserialize)]
pub struct Callback {
    pub(crate) code: Option<AuthorizationCode>,
    pub(crate) state: Option<CsrfToken>,
    pub(crate) iss: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) error_description: Option<String>,
}

impl Attempt {
    /// Whether the callback answers this attempt, in time.
    pub(crate) fn accepts(&self, callback: &Callback, now: Timestamp) -> Result<(), SignInRefused> {
        let ours = self.state.secret().as_bytes();
        let theirs = callback.state.as_ref().ok_or(SignInRefused::StateMissing)?;
        if !bool::from(ours.ct_eq(theirs.secret().as_bytes())) {
            return Err(SignInRefused::StateWrong);
        }
        let age = now.duration_since(self.began);
        if age < -LEEWAY || age > ATTEMPT_LASTS {
            return Err(SignInRefused::TooLate);
        }
        Ok(())
    }
}
