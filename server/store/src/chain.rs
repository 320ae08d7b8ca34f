//! The chain that makes changes of the audit log visible (L-01).
//!
//! Each event's digest covers the digest before it and the event's JSON. A new field of
//! [`Event`] must not appear in the JSON of events that lack it, or old digests break.

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
