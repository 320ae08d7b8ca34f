//! The chain that makes changes of the audit log visible (L-01).
//!
//! Each event's digest covers the digest before it and the event's JSON. A new field of
//! [`Event`] must not appear in the JSON of events that lack it, or old digests break.

use std::fmt;
use std::str::FromStr;

use broker::port::Logged;
use domain::Event;
use sha2::{Digest as _, Sha256};

/// The digest before the first event.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The digest of an event that follows this one: SHA-256 over the digest's 64 characters and the
/// event's JSON, lower-case hexadecimal.
///
/// # Errors
/// When the event does not become JSON.
pub fn link(previous: &str, event: &Event) -> Result<String, serde_json::Error> {
    let mut hash = Sha256::new();
    hash.update(previous.as_bytes());
    hash.update(serde_json::to_vec(event)?);
    Ok(domain::hex(&hash.finalize()))
}

/// A place in the log, and the digest of everything up to it. Kept elsewhere, it shows that the log
/// was cut or put back (L-02, L-03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The number of an event; 0 before the first.
    pub number: u64,
    /// Its digest, lower-case hexadecimal.
    pub digest: String,
}

/// Why an event does not follow.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Another one stands in its place.
    #[error("event {0} is missing")]
    Missing(u64),
    /// It, or what was before it, is not what was written.
    #[error("event {0} is not what was written")]
    Changed(u64),
    /// It does not become JSON.
    #[error("event {0} cannot be digested")]
    Unreadable(u64, #[source] serde_json::Error),
}

impl Checkpoint {
    /// Before the first event.
    pub fn origin() -> Self {
        Self { number: 0, digest: ORIGIN.to_owned() }
    }

    /// The place of the event that follows this one.
    ///
    /// # Errors
    /// When this one does not.
    pub fn then(&self, event: &Logged) -> Result<Self, Broken> {
        let number = self.number + 1;
        let digest =
            link(&self.digest, &event.event).map_err(|cause| Broken::Unreadable(number, cause))?;
        if event.number != number {
            return Err(Broken::Missing(number));
        }
        if event.digest != digest {
            return Err(Broken::Changed(number));
        }
        Ok(Self { number, digest })
    }
}

impl From<Logged> for Checkpoint {
    fn from(event: Logged) -> Self {
        Self { number: event.number, digest: event.digest }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.number, self.digest)
    }
}

/// A text is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a checkpoint is NUMBER:DIGEST, as the portal logs it")]
pub struct NoCheckpoint;

impl FromStr for Checkpoint {
    type Err = NoCheckpoint;

    fn from_str(text: &str) -> Result<Self, NoCheckpoint> {
        let (number, digest) = text.trim().split_once(':').ok_or(NoCheckpoint)?;
        let number = number.parse().map_err(|_| NoCheckpoint)?;
        let hex = digest.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let whole = hex && digest.len() == ORIGIN.len();
        if whole { Ok(Self { number, digest: digest.to_owned() }) } else { Err(NoCheckpoint) }
    }
}
