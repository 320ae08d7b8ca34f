//! Requests, read together with their approvals.

use std::time::Duration;

use broker::port::{RequestQuery, Versioned};
use domain::{Extension, Place, Request, RequestId, RequestState};
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool};

use super::Statement;
use super::approvals::{self, ApprovalColumns};
use super::people::{PersonColumns, SignerColumns};
use super::request_review::GlassReviewColumns;
use crate::column::{Table, Unreadable};
use crate::error::{Fault, Unsaved};

const TABLE: Table = Table("requests");

macro_rules! columns {
    () => {
        "id, version, issuer, subject, username, person_groups, groups_missing, cluster, \
         namespace, role, length_seconds, reason, ruling, sent_at, lapses_at, state, settled_at, \
         grant_id, by_issuer, by_subject, by_username, why, ticket, starts_at, extends_grant, \
         extends_until, review_owed, reviewed_at, review_by_issuer, review_by_subject, \
         review_by_username, review_words, scope, circumstances, \
         reminded_at"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO requests (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
     $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)"
);

const UPDATE: &str = "UPDATE requests SET version = version + 1, issuer = $3, subject = $4, \
     username = $5, person_groups = $6, groups_missing = $7, cluster = $8, namespace = $9, \
     role = $10, length_seconds = $11, reason = $12, ruling = $13, sent_at = $14, lapses_at = $15, \
     state = $16, settled_at = $17, grant_id = $18, by_issuer = $19, by_subject = $20, \
     by_username = $21, why = $22, ticket = $23, starts_at = $24, extends_grant = $25, \
     extends_until = $26, review_owed = $27, reviewed_at = $28, review_by_issuer = $29, \
     review_by_subject = $30, review_by_username = $31, review_words = $32, \
     scope = $33, circumstances = $34, reminded_at = $35 WHERE id = $1 AND version = $2";

/// One query reads a request and its approvals, so both are of one version.
macro_rules! select {
    ($which:literal, $order:literal) => {
        concat!(
            "SELECT r.*, a.by_issuer AS approver_issuer, a.by_subject AS approver_subject, \
             a.by_username AS approver_username, a.approved_at, a.digest AS approved_digest, \
             a.approver_groups \
             FROM (SELECT ",
            columns!(),
            " FROM requests ",
            $which,
            ") AS r LEFT JOIN approvals AS a ON a.request_id = r.id ORDER BY ",
            $order,
            " a.number"
        )
    };
}

#[derive(Debug, sqlx::FromRow)]
struct RequestRow {
    id: String,
    version: i64,
    #[sqlx(flatten)]
    person: PersonColumns,
    cluster: String,
    namespace: String,
    role: String,
    length_seconds: i64,
    reason: String,
    ruling: String,
    sent_at: i64,
    lapses_at: i64,
    state: String,
    settled_at: Option<i64>,
    grant_id: Option<String>,
    #[sqlx(flatten)]
    by: SignerColumns,
    why: Option<String>,
    ticket: Option<String>,
    starts_at: Option<i64>,
    extends_grant: Option<String>,
    extends_until: Option<i64>,
    #[sqlx(flatten)]
    review: GlassReviewColumns,
    scope: String,
    circumstances: String,
    reminded_at: Option<i64>,
    #[sqlx(flatten)]
    approval: ApprovalColumns,
}

impl TryFrom<RequestRow> for Versioned<Request> {
    type Error = Unreadable;

    fn try_from(row: RequestRow) -> Result<Self, Unreadable> {
        let settled_at = || TABLE.time("settled_at", TABLE.present("settled_at", row.settled_at)?);
        let state = match row.state.as_str() {
            "pending" => RequestState::Pending,
            "approved" => RequestState::Approved {
                at: settled_at()?,
                grant: TABLE.parse("grant_id", &TABLE.present("grant_id", row.grant_id)?)?,
            },
            "denied" => RequestState::Denied {
                at: settled_at()?,
                by: TABLE.present("by_subject", row.by.read(TABLE)?)?,
                why: TABLE.present("why", row.why)?,
            },
            "withdrawn" => RequestState::Withdrawn { at: settled_at()? },
            "lapsed" => RequestState::Lapsed { at: settled_at()? },
            _ => return Err(TABLE.unreadable("state", "no such state")),
        };
        let extends = match row.extends_grant {
            None => None,
            Some(grant) => Some(Extension {
                grant: TABLE.parse("extends_grant", &grant)?,
                until: TABLE
                    .time("extends_until", TABLE.present("extends_until", row.extends_until)?)?,
            }),
        };
        let starts_at = row.starts_at.map(|at| TABLE.time("starts_at", at)).transpose()?;
        let reminded_at = row.reminded_at.map(|at| TABLE.time("reminded_at", at)).transpose()?;
        let request = Request {
            id: TABLE.parse("id", &row.id)?,
            person: row.person.read(TABLE)?,
            place: Place {
                cluster: TABLE.parse("cluster", &row.cluster)?,
                namespace: TABLE.parse("namespace", &row.namespace)?,
            },
            scope: TABLE.parse("scope", &row.scope)?,
            role: TABLE.parse("role", &row.role)?,
            length: Duration::from_secs(TABLE.count("length_seconds", row.length_seconds)?),
            reason: row.reason,
            ticket: row.ticket,
            starts_at,
            extends,
            ruling: TABLE.document("ruling", &row.ruling)?,
            circumstances: TABLE.document("circumstances", &row.circumstances)?,
            sent_at: TABLE.time("sent_at", row.sent_at)?,
            lapses_at: TABLE.time("lapses_at", row.lapses_at)?,
            approvals: row.approval.read()?.into_iter().collect(),
            reminded_at,
            state,
            review: row.review.read()?,
        };
        Ok(Self { version: TABLE.count("version", row.version)?, value: request })
    }
}

/// Keeps a new request and its approvals.
pub(crate) async fn insert(connection: &mut AnyConnection, request: &Request) -> Result<(), Fault> {
    bind(INSERT, request, 0)?.execute(&mut *connection).await?;
    approvals::replace(connection, request).await
}

/// Saves a request and its approvals over the version it was read as.
pub(crate) async fn update(
    connection: &mut AnyConnection,
    request: &Versioned<Request>,
) -> Result<(), Unsaved> {
    let statement = bind(UPDATE, &request.value, request.version)?;
    if statement.execute(&mut *connection).await?.rows_affected() == 0 {
        return Err(Unsaved::Conflict);
    }
    Ok(approvals::replace(connection, &request.value).await?)
}

/// One request.
pub(crate) async fn find(
    pool: &AnyPool,
    id: RequestId,
) -> Result<Option<Versioned<Request>>, Fault> {
    let rows =
        sqlx::query_as(select!("WHERE id = $1", "")).bind(id.to_string()).fetch_all(pool).await?;
    Ok(assemble(rows)?.pop())
}

/// Several requests, newest first.
pub(crate) async fn list(
    pool: &AnyPool,
    query: &RequestQuery,
) -> Result<Vec<Versioned<Request>>, Fault> {
    let select = match query {
        RequestQuery::Pending => {
            sqlx::query_as(select!("WHERE state = 'pending'", "r.sent_at DESC, r.id DESC,"))
        }
        RequestQuery::ReviewOwed => {
            sqlx::query_as(select!("WHERE review_owed = 1", "r.sent_at DESC, r.id DESC,"))
        }
        RequestQuery::SentSince(since) => sqlx::query_as(select!(
            "WHERE sent_at >= $1 ORDER BY sent_at DESC, id DESC LIMIT $2",
            "r.sent_at DESC, r.id DESC,"
        ))
        .bind(since.as_microsecond())
        .bind(i32::from(RequestQuery::MOST_SENT)),
        RequestQuery::Settled { limit } => sqlx::query_as(select!(
            "WHERE state <> 'pending' ORDER BY settled_at DESC, id DESC LIMIT $1",
            "r.settled_at DESC, r.id DESC,"
        ))
        .bind(i32::from(*limit)),
        RequestQuery::Of { person, limit } => sqlx::query_as(select!(
            "WHERE issuer = $1 AND subject = $2 ORDER BY sent_at DESC, id DESC LIMIT $3",
            "r.sent_at DESC, r.id DESC,"
        ))
        .bind(person.issuer.as_str())
        .bind(person.subject.as_str())
        .bind(i32::from(*limit)),
    };
    Ok(assemble(select.fetch_all(pool).await?)?)
}

/// Rows of one request stand together, one per approval.
fn assemble(rows: Vec<RequestRow>) -> Result<Vec<Versioned<Request>>, Unreadable> {
    let mut requests: Vec<Versioned<Request>> = Vec::new();
    for row in rows {
        let mut request = Versioned::<Request>::try_from(row)?;
        match requests.last_mut() {
            Some(last) if last.value.id == request.value.id => {
                last.value.approvals.append(&mut request.value.approvals);
            }
            _ => requests.push(request),
        }
    }
    Ok(requests)
}

fn bind<'q>(sql: &'static str, request: &'q Request, version: u32) -> Result<Statement<'q>, Fault> {
    let (settled_at, grant, by, why) = match &request.state {
        RequestState::Pending => (None, None, None, None),
        RequestState::Approved { at, grant } => (Some(at), Some(grant), None, None),
        RequestState::Denied { at, by, why } => (Some(at), None, Some(by), Some(why.as_str())),
        RequestState::Withdrawn { at } | RequestState::Lapsed { at } => {
            (Some(at), None, None, None)
        }
    };
    let statement = sqlx::query(sql).bind(request.id.to_string()).bind(i64::from(version));
    let statement = PersonColumns::bind(statement, TABLE, &request.person)?
        .bind(request.place.cluster.as_str())
        .bind(request.place.namespace.as_str())
        .bind(request.role.as_str())
        .bind(TABLE.write_count(request.length.as_secs())?)
        .bind(request.reason.as_str())
        .bind(TABLE.write_document(&request.ruling)?)
        .bind(request.sent_at.as_microsecond())
        .bind(request.lapses_at.as_microsecond())
        .bind(request.state.word())
        .bind(settled_at.map(|at| at.as_microsecond()))
        .bind(grant.map(ToString::to_string));
    let extends = request.extends.as_ref();
    let statement = SignerColumns::bind(statement, by)
        .bind(why)
        .bind(request.ticket.as_deref())
        .bind(request.starts_at.map(Timestamp::as_microsecond))
        .bind(extends.map(|base| base.grant.to_string()))
        .bind(extends.map(|base| base.until.as_microsecond()));
    Ok(GlassReviewColumns::bind(statement, request)
        .bind(request.scope.to_string())
        .bind(TABLE.write_document(&request.circumstances)?)
        .bind(request.reminded_at.map(Timestamp::as_microsecond)))
}
