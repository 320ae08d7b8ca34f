//! The audit log, as it is read.

use broker::port::Logged;
use domain::broker::AuditFilter;
use domain::{Event, FactKind, Place, RequestId};
use sqlx::AnyPool;

use super::people::SignerColumns;
use crate::column::{Table, Unreadable};
use crate::error::Fault;

pub(super) const TABLE: Table = Table("events");

macro_rules! columns {
    () => {
        "number, digest, id, happened_at, by_issuer, by_subject, by_username, cluster, namespace, \
         request_id, grant_id, session_id, kind, fact"
    };
}

pub(super) use columns;

/// The filter's columns; the first condition is the one an index serves.
macro_rules! filtered {
    ($first:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE ",
            $first,
            " AND ($1 IS NULL OR by_username = $1) AND ($2 IS NULL OR kind = $2) \
             AND ($3 IS NULL OR namespace = $3) \
             AND ($4 IS NULL OR request_id = $4 OR grant_id = $4 OR session_id = $4) \
             AND ($5 IS NULL OR number < $5) ORDER BY number DESC LIMIT $6"
        )
    };
}

#[derive(Debug, sqlx::FromRow)]
struct EventRow {
    number: i64,
    digest: String,
    id: String,
    happened_at: i64,
    #[sqlx(flatten)]
    by: SignerColumns,
    cluster: Option<String>,
    namespace: Option<String>,
    request_id: Option<String>,
    grant_id: Option<String>,
    session_id: Option<String>,
    kind: String,
    fact: String,
}

impl TryFrom<EventRow> for Logged {
    type Error = Unreadable;

    fn try_from(row: EventRow) -> Result<Self, Unreadable> {
        let event = Event {
            id: TABLE.parse("id", &row.id)?,
            at: TABLE.time("happened_at", row.happened_at)?,
            actor: row.by.read(TABLE)?,
            place: place(row.cluster.as_deref(), row.namespace.as_deref())?,
            request: row.request_id.map(|id| TABLE.parse("request_id", &id)).transpose()?,
            grant: row.grant_id.map(|id| TABLE.parse("grant_id", &id)).transpose()?,
            session: row.session_id.map(|id| TABLE.parse("session_id", &id)).transpose()?,
            fact: TABLE.document("fact", &row.fact)?,
        };
        if event.fact.word() != row.kind {
            return Err(TABLE.unreadable("kind", "it is not the kind of the fact"));
        }
        Ok(Self { number: TABLE.count("number", row.number)?, digest: row.digest, event })
    }
}

fn place(cluster: Option<&str>, namespace: Option<&str>) -> Result<Option<Place>, Unreadable> {
    let Some(cluster) = cluster else { return Ok(None) };
    let namespace = TABLE.present("namespace", namespace)?;
    Ok(Some(Place {
        cluster: TABLE.parse("cluster", cluster)?,
        namespace: TABLE.parse("namespace", namespace)?,
    }))
}

/// Events that match, newest first.
pub(crate) async fn search(
    pool: &AnyPool,
    filter: &AuditFilter,
    limit: u16,
) -> Result<Vec<Logged>, Fault> {
    let query = match filter {
        AuditFilter { about: Some(_), .. } => {
            filtered!("(request_id = $4 OR grant_id = $4 OR session_id = $4)")
        }
        AuditFilter { actor: Some(_), .. } => filtered!("by_username = $1"),
        AuditFilter { namespace: Some(_), .. } => filtered!("namespace = $3"),
        AuditFilter { kind: Some(_), .. } => filtered!("kind = $2"),
        AuditFilter { .. } => filtered!("number > 0"),
    };
    // No event has a number beyond what the column holds.
    let before = filter.before.map(|before| i64::try_from(before).unwrap_or(i64::MAX));
    let rows: Vec<EventRow> = sqlx::query_as(query)
        .bind(filter.actor.as_deref())
        .bind(filter.kind.map(FactKind::word))
        .bind(filter.namespace.as_deref())
        .bind(filter.about.as_deref())
        .bind(before)
        .bind(i32::from(limit))
        .fetch_all(pool)
        .await?;
    logged(rows)
}

/// Events after a number, oldest first.
pub(crate) async fn after(pool: &AnyPool, number: u64, limit: u16) -> Result<Vec<Logged>, Fault> {
    let rows = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM events WHERE number > $1 ORDER BY number LIMIT $2"
    ))
    .bind(i64::try_from(number).unwrap_or(i64::MAX))
    .bind(i32::from(limit))
    .fetch_all(pool)
    .await?;
    logged(rows)
}

/// Events of a request, its grant and its sessions, oldest first.
pub(crate) async fn story(pool: &AnyPool, request: RequestId) -> Result<Vec<Logged>, Fault> {
    let rows = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM events WHERE request_id = $1 \
         OR grant_id IN (SELECT id FROM grants WHERE request_id = $1) \
         OR session_id IN (SELECT s.id FROM sessions AS s JOIN grants AS g ON g.id = s.grant_id \
         WHERE g.request_id = $1) ORDER BY number",
    ))
    .bind(request.to_string())
    .fetch_all(pool)
    .await?;
    logged(rows)
}

fn logged(rows: Vec<EventRow>) -> Result<Vec<Logged>, Fault> {
    Ok(rows.into_iter().map(TryInto::try_into).collect::<Result<_, Unreadable>>()?)
}
