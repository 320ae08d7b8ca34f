//! That somebody looked at a recording.

use jiff::Timestamp;

use crate::Signer;

/// Somebody watched a recording and found nothing that must be followed up, or followed it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who; never the person whose session it was.
    pub by: Signer,
    /// When.
    pub at: Timestamp,
}
