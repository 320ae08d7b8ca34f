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
    /// A request is new.
    NewRequest(Request, Option<Grant>),
    /// A request was changed, and may have become a grant.
    Request(Versioned<Request>, Option<Grant>),
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
    let events: Vec<&Event> = changes.iter().flat_map(|change| &change.events).collect();
    Ok(audit_head::append(connection, &events).await?)
}

impl Subject {
    async fn write(&self, connection: &mut AnyConnection) -> Result<(), Unsaved> {
        match self {
            Self::Log => {}
            Self::NewRequest(request, grant) => {
                requests::insert(connection, request).await?;
                if let Some(grant) = grant {
                    grants::insert(connection, grant).await?;
                }
            }
            Self::Request(request, grant) => {
                requests::update(connection, request).await?;
                if let Some(grant) = grant {
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
