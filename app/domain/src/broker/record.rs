//! What the pages about the audit log show.

use crate::{Event, FactKind};

/// Which events are wanted; what is not set matches everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// The username of who did it, whole.
    pub actor: Option<String>,
    /// The kind of what happened.
    pub kind: Option<FactKind>,
    /// The namespace, whole.
    pub namespace: Option<String>,
    /// The id of a request, grant or session.
    pub about: Option<String>,
    /// Only events with a smaller number.
    pub before: Option<u64>,
}

impl AuditFilter {
    /// Events of one kind about one request, grant or session.
    pub fn of(kind: FactKind, about: impl ToString) -> Self {
        Self { kind: Some(kind), about: Some(about.to_string()), ..Self::default() }
    }
}

/// One page of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// Newest first; at most 100.
    pub events: Vec<EventRow>,
    /// Continue with events before this number, where there are more.
    pub next: Option<u64>,
    /// How many events there are without the filter.
    pub total: u64,
}

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Counted from 1, without gaps.
    pub number: u64,
    /// SHA-256 over the event and the digest of the one before, lower-case hexadecimal.
    pub digest: String,
    /// The event.
    pub event: Event,
}
