//! Where requests, grants, sessions and the audit log are kept.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::broker::{AuditFilter, RecordingFilter};
use domain::{
    Event, Grant, GrantId, GroupName, PersonKey, Request, RequestId, Review, Session, SessionId,
};
use jiff::Timestamp;

/// A value with the count of its changes; a change is saved only over the version it was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// How often it was changed, from 0.
    pub version: u32,
    /// The value.
    pub value: T,
}

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Counted from 1, without gaps.
    pub number: u64,
    /// SHA-256 over the digest of the event before and this event's JSON, lower-case hexadecimal.
    pub digest: String,
    /// The event.
    pub event: Event,
}

/// A grant that is made of a request.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// The grant.
    pub grant: &'a Grant,
    /// The [`Store::newest_access`] on which it was decided; where that has changed, it is a
    /// conflict.
    pub decided_on: u64,
}

/// Which requests are wanted, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestQuery {
    /// Every request that is pending.
    Pending,
    /// Every request for which the glass was broken and that nobody has reviewed.
    ReviewOwed,
    /// Those sent at this instant or later, at most [`RequestQuery::MOST_SENT`].
    SentSince(Timestamp),
    /// The latest requests that are not pending, at most this many.
    Settled {
        /// 1 to 1,000.
        limit: u16,
    },
    /// The latest requests of one person, at most this many.
    Of {
        /// The requester.
        person: PersonKey,
        /// 1 to 1,000.
        limit: u16,
    },
}

impl RequestQuery {
    /// Most requests that [`Self::SentSince`] finds.
    pub const MOST_SENT: u16 = 10_000;
}

/// Which sessions are wanted, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionQuery {
    /// Starting and live ones.
    Running,
    /// All of one grant.
    Under(GrantId),
    /// The latest ended ones, at most this many.
    Ended {
        /// 1 to 1,000.
        limit: u16,
    },
    /// Every ended one of which no recording is known.
    Unsealed,
}

/// A session with a finished recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The session; it has ended, and has a recording.
    pub session: Session,
    /// Who reviewed it.
    pub review: Option<Review>,
}

/// The store does not work. The cause is logged where it is handled, never shown.
#[derive(Debug, thiserror::Error)]
#[error("the store failed")]
pub struct StoreError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Why a change was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else changed it first: read again and decide again.
    #[error("it was changed in the meantime")]
    Conflict,
    /// The store does not work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Durable state. Every method that changes something writes the events that say so in the same
/// transaction: either all of it is durable or none.
#[async_trait]
pub trait Store: Send + Sync {
    /// The number of the newest event by which something was asked for or granted
    /// ([`domain::Fact::is_of_access`]), whosever it is; 0 where there is none.
    async fn newest_access(&self) -> Result<u64, StoreError>;

    /// Keeps a new request, and the grant where policy gave one at once. It was decided on what
    /// stood there when `decided_on` was the [`Store::newest_access`]; where that has changed, it
    /// is a conflict.
    async fn insert_request(
        &self,
        request: &Request,
        grant: Option<&Grant>,
        decided_on: u64,
        events: &[Event],
    ) -> Result<(), SaveError>;

    /// Saves a changed request with its new approvals, and the grant it became.
    async fn save_request(
        &self,
        request: &Versioned<Request>,
        made: Option<Made<'_>>,
        events: &[Event],
    ) -> Result<(), SaveError>;

    /// One request.
    async fn request(&self, id: RequestId) -> Result<Option<Versioned<Request>>, StoreError>;

    /// Several requests.
    async fn requests(&self, query: &RequestQuery) -> Result<Vec<Versioned<Request>>, StoreError>;

    /// The groups that the provider named last for somebody who is signed in at this instant; none
    /// where they are not.
    async fn groups_of(
        &self,
        person: &PersonKey,
        now: Timestamp,
    ) -> Result<Option<BTreeSet<GroupName>>, StoreError>;

    /// Saves a changed grant.
    async fn save_grant(&self, grant: &Versioned<Grant>, events: &[Event])
    -> Result<(), SaveError>;

    /// One grant.
    async fn grant(&self, id: GrantId) -> Result<Option<Versioned<Grant>>, StoreError>;

    /// Every grant that has not ended, whosever it is.
    async fn active_grants(&self) -> Result<Vec<Versioned<Grant>>, StoreError>;

    /// Keeps a new session.
    async fn insert_session(&self, session: &Session, events: &[Event]) -> Result<(), StoreError>;

    /// Saves a changed session.
    async fn save_session(
        &self,
        session: &Versioned<Session>,
        events: &[Event],
    ) -> Result<(), SaveError>;

    /// One session.
    async fn session(&self, id: SessionId) -> Result<Option<Versioned<Session>>, StoreError>;

    /// Several sessions.
    async fn sessions(&self, query: &SessionQuery) -> Result<Vec<Versioned<Session>>, StoreError>;

    /// Finished recordings that match, newest first, at most `limit`. What they show is not looked
    /// at.
    async fn recordings(
        &self,
        filter: &RecordingFilter,
        limit: u16,
    ) -> Result<Vec<Recorded>, StoreError>;

    /// Who reviewed the recording of a session.
    async fn review(&self, session: SessionId) -> Result<Option<Review>, StoreError>;

    /// Keeps that a recording was reviewed; a conflict where it was before.
    async fn insert_review(
        &self,
        session: SessionId,
        review: &Review,
        events: &[Event],
    ) -> Result<(), SaveError>;

    /// Adds events to the audit log; durable on return. Without events it only finds out whether
    /// the log can be written, by writing.
    async fn append(&self, events: &[Event]) -> Result<(), StoreError>;

    /// Events that match, newest first, at most `limit`.
    async fn events(&self, filter: &AuditFilter, limit: u16) -> Result<Vec<Logged>, StoreError>;

    /// Events with a number above this one, oldest first, at most `limit`.
    async fn events_after(&self, number: u64, limit: u16) -> Result<Vec<Logged>, StoreError>;

    /// Everything that belongs to one request, its grant and its sessions, oldest first.
    async fn story(&self, request: RequestId) -> Result<Vec<Logged>, StoreError>;

    /// The number of the newest event; 0 where there is none.
    async fn newest_event(&self) -> Result<u64, StoreError>;
}
