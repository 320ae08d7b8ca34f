//! What the edge needs from the identity provider.

use async_trait::async_trait;
use domain::Person;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// Something of the provider's that is kept on the server and only the provider reads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub serde_json::Value);

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret")
    }
}

/// Somebody who just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// With what to ask again later; none where the provider gives nothing of the kind.
    pub renewal: Option<Secret>,
}

/// Somebody the provider still vouches for.
#[derive(Debug, Clone)]
pub struct Rechecked {
    /// The same person, with the groups of this moment.
    pub person: Person,
    /// With what to ask the next time, in place of what was used.
    pub renewal: Secret,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInTrouble {
    /// The provider cannot be used now.
    Away {
        /// What to tell the person.
        words: String,
        /// What to tell operators; no secrets.
        why: String,
    },
    /// What the browser brought back is not good.
    Refused {
        /// What to tell the person.
        words: String,
        /// What to tell operators; no secrets.
        why: String,
    },
}

/// Why the provider does not vouch for a person now; the words are for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecheckRefused {
    /// The sign-in ends (O-21).
    Gone(String),
    /// The provider cannot be asked.
    Away(String),
}

/// The identity provider.
#[async_trait]
pub trait SignIn: Send + Sync {
    /// Its name, as people know it.
    fn name(&self) -> &str;

    /// What was wrong when it was last asked, as a sentence for people; nobody is asked.
    fn trouble(&self) -> Option<String>;

    /// Where to send a browser, and what to keep for its return.
    async fn begin(&self, now: Timestamp) -> Result<(Url, Secret), SignInTrouble>;

    /// Turns what a browser brought back into a person. The attempt is the one kept for exactly
    /// this browser; none where there was none.
    async fn finish(
        &self,
        attempt: Option<Secret>,
        query: &str,
        now: Timestamp,
    ) -> Result<SignedIn, SignInTrouble>;

    /// Asks about a person again.
    async fn recheck(&self, renewal: &Secret, now: Timestamp) -> Result<Rechecked, RecheckRefused>;

    /// Where to send a browser to end its session at the provider too, if it offers that.
    fn logout_url(&self) -> Option<Url>;
}
