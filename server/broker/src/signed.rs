//! A grant as the cluster crate believes it: signed, narrowed to one session, and short.

use std::fmt;

use domain::{Action, GrantId, SessionId, Target, Username};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The extras that are sent with a grant's identity, and no others.
pub const EXTRAS: [&str; 3] = ["shorepass.dev/grant", "shorepass.dev/session", "shorepass.dev/pod"];

/// What a signed grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To do what the role allows, until the grant's end.
    Use,
    /// To end what a session left behind; possible after the grant's end.
    CleanUp,
}

/// What the signature covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The grant.
    pub grant: GrantId,
    /// The session.
    pub session: SessionId,
    /// Whose it is; impersonated with the configured prefix before it.
    pub username: Username,
    /// The Kubernetes group `jit:<role>:<namespace>`.
    pub group: String,
    /// The container.
    pub target: Target,
    /// What may be done.
    pub action: Action,
    /// To what end.
    pub purpose: Purpose,
    /// First instant at which it counts.
    pub not_before: Timestamp,
    /// First instant at which it does not count any more.
    pub not_after: Timestamp,
}

/// The identity that reaches a cluster: what is checked, sent and written to the audit log are
/// these very bytes (docs/security.md, "Identity in the cluster").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpersonatedIdentity {
    /// `Impersonate-User`: the configured prefix and the username.
    pub user: String,
    /// `Impersonate-Group`: exactly one, never a group of the provider (H-06).
    pub group: String,
    /// `Impersonate-Extra-<key>`, each with one value.
    pub extras: [(&'static str, String); 3],
}

impl Claims {
    /// The identity that the claims stand for.
    pub fn identity(&self, user_prefix: &str) -> ImpersonatedIdentity {
        let [grant, session, pod] = EXTRAS;
        ImpersonatedIdentity {
            user: format!("{user_prefix}{}", self.username),
            group: self.group.clone(),
            extras: [
                (grant, self.grant.to_string()),
                (session, self.session.to_string()),
                (pod, self.target.pod.to_string()),
            ],
        }
    }
}

/// Why a signed grant is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// The signature is not the broker's.
    #[error("the signature is wrong")]
    Signature,
    /// It is too early or too late.
    #[error("it is not valid at this time")]
    Time,
    /// It was signed for something else.
    #[error("it was signed for something else")]
    Purpose,
}

/// Claims with a signature over their exact bytes.
#[derive(Clone)]
pub struct SignedGrant {
    bytes: Vec<u8>,
    signature: Signature,
}

/// Signs grants (Ed25519, RFC 8032).
pub struct GrantSigner(SigningKey);

/// Checks signed grants.
#[derive(Clone)]
pub struct GrantVerifier(VerifyingKey);

impl GrantSigner {
    /// Signs with a key made for this process: grants are signed again after a restart.
    pub fn generate() -> Self {
        Self(SigningKey::from_bytes(&rand::random()))
    }

    /// What checks the signatures.
    pub fn verifier(&self) -> GrantVerifier {
        GrantVerifier(self.0.verifying_key())
    }

    /// Signs the claims.
    ///
    /// # Panics
    /// Never: claims always become JSON.
    #[expect(clippy::expect_used, reason = "claims are plain data: they always become JSON")]
    pub fn sign(&self, claims: &Claims) -> SignedGrant {
        let bytes = serde_json::to_vec(claims).expect("claims become JSON");
        let signature = self.0.sign(&bytes);
        SignedGrant { bytes, signature }
    }
}

impl GrantVerifier {
    /// The claims, if they are the broker's, in time, and for this action and purpose.
    pub fn believe(
        &self,
        grant: &SignedGrant,
        action: Action,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Claims, NotBelieved> {
        self.0.verify_strict(&grant.bytes, &grant.signature).map_err(|_| NotBelieved::Signature)?;
        let claims: Claims =
            serde_json::from_slice(&grant.bytes).map_err(|_| NotBelieved::Signature)?;
        if now < claims.not_before || now >= claims.not_after {
            return Err(NotBelieved::Time);
        }
        if claims.action != action || claims.purpose != purpose {
            return Err(NotBelieved::Purpose);
        }
        Ok(claims)
    }
}

impl fmt::Debug for SignedGrant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SignedGrant").finish_non_exhaustive()
    }
}
