//! What is written in one transaction.

use broker::port::Versioned;
use domain::{Event, Grant, Request, Review, Session, SessionId};
use sqlx::AnyConnection;

use crate::error::Unsaved;
use crate::table::{audit_head, grants, requests, reviews, sessions};

/// A change of state with the events that say so: all of it is durable, or none.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) subject: Subject,
    pub(crate) events: Vec<Event>,
}

/// What changes.
#[derive(Debug)]
pub(crate) enum Subject {
    /// Nothing but the audit log.
    Log,
    /// A request is new, and may be a grant already.
    NewRequest {
        request: Request,
        grant: Option<Grant>,
        /// The newest event of access when it was decided.
        decided_on: u64,
    },
    /// A request was changed, and may have become a grant; with that comes the newest event of
    /// access when it was decided.
    Request(Versioned<Request>, Option<(Grant, u64)>),
    /// A grant was changed.
    Grant(Versioned<Grant>),
    /// A session is new.
    NewSession(Session),
    /// A session was changed.
    Session(Versioned<Session>),
    /// A recording was reviewed.
    NewReview(SessionId, Review),
}

/// Writes changes, all or none. The audit log comes last: its head is locked until the commit.
pub(crate) async fn write(
    connection: &mut AnyConnection,
    changes: &[&Change],
) -> Result<(), Unsaved> {
    for change in changes {
        change.subject.write(connection).await?;
    }
    check(connection, changes).await?;
    let events: Vec<&Event> = changes.iter().flat_map(|change| &change.events).collect();
    Ok(audit_head::append(connection, &events).await?)
}

/// A request that was decided on what others have changed since is decided again.
async fn check(connection: &mut AnyConnection, changes: &[&Change]) -> Result<(), Unsaved> {
    let decided_on: Vec<_> = changes.iter().filter_map(|change| change.decided_on()).collect();
    let [decided_on] = decided_on[..] else {
        // Several rest on each other: each by itself.
        return if decided_on.is_empty() { Ok(()) } else { Err(Unsaved::Conflict) };
    };
    let of_access = changes.iter().filter(|change| change.is_of_access()).count();
    let newest = audit_head::newest_access_until_commit(connection).await?;
    if of_access > 1 || newest != decided_on { Err(Unsaved::Conflict) } else { Ok(()) }
}

impl Change {
    fn decided_on(&self) -> Option<u64> {
        match self.subject {
            Subject::NewRequest { decided_on, .. } | Subject::Request(_, Some((_, decided_on))) => {
                Some(decided_on)
            }
            _ => None,
        }
    }

    fn is_of_access(&self) -> bool {
        self.events.iter().any(|event| event.fact.is_of_access())
    }
}

impl Subject {
    async fn write(&self, connection: &mut AnyConnection) -> Result<(), Unsaved> {
        match self {
            Self::Log => {}
            Self::NewRequest { request, grant, .. } => {
                requests::insert(connection, request).await?;
                if let Some(grant) = grant {
                    grants::insert(connection, grant).await?;
                }
            }
            Self::Request(request, made) => {
                requests::update(connection, request).await?;
                if let Some((grant, _)) = made {
                    grants::insert(connection, grant).await?;
                }
            }
            Self::Grant(grant) => grants::update(connection, grant).await?,
            Self::NewSession(session) => sessions::insert(connection, session).await?,
            Self::Session(session) => sessions::update(connection, session).await?,
            Self::NewReview(session, review) => {
                reviews::insert(connection, *session, review).await?;
            }
        }
        Ok(())
    }
}
