//! Sessions.

use broker::port::{SessionQuery, Versioned};
use domain::{Place, Sealed, Session, SessionId, SessionState, Target};
use sqlx::{AnyConnection, AnyPool};

use super::Statement;
use super::people::PersonColumns;
use crate::column::{Table, Unreadable};
use crate::error::{Fault, Unsaved};

pub(super) const TABLE: Table = Table("sessions");

macro_rules! columns {
    () => {
        "id, version, grant_id, issuer, subject, username, person_groups, groups_missing, cluster, \
         namespace, pod, container, asked_at, not_after, state, live_since, ended_at, how, \
         left_behind, recording_bytes, recording_digest"
    };
}

pub(super) use columns;

macro_rules! select {
    ($which:literal) => {
        concat!("SELECT ", columns!(), " FROM sessions WHERE ", $which)
    };
}

const INSERT: &str = concat!(
    "INSERT INTO sessions (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
     $19, $20, $21)"
);

const UPDATE: &str = "UPDATE sessions SET version = version + 1, grant_id = $3, issuer = $4, \
     subject = $5, username = $6, person_groups = $7, groups_missing = $8, cluster = $9, \
     namespace = $10, pod = $11, container = $12, asked_at = $13, not_after = $14, state = $15, \
     live_since = $16, ended_at = $17, how = $18, left_behind = $19, recording_bytes = $20, \
     recording_digest = $21 WHERE id = $1 AND version = $2";

#[derive(Debug, sqlx::FromRow)]
pub(super) struct SessionRow {
    id: String,
    version: i64,
    grant_id: String,
    #[sqlx(flatten)]
    person: PersonColumns,
    cluster: String,
    namespace: String,
    pod: String,
    container: String,
    asked_at: i64,
    not_after: i64,
    state: String,
    live_since: Option<i64>,
    ended_at: Option<i64>,
    how: Option<String>,
    left_behind: Option<String>,
    recording_bytes: Option<i64>,
    recording_digest: Option<String>,
}

impl TryFrom<SessionRow> for Versioned<Session> {
    type Error = Unreadable;

    fn try_from(row: SessionRow) -> Result<Self, Unreadable> {
        let state = row.state()?;
        let session = Session {
            id: TABLE.parse("id", &row.id)?,
            grant: TABLE.parse("grant_id", &row.grant_id)?,
            person: row.person.read(TABLE)?,
            target: Target {
                place: Place {
                    cluster: TABLE.parse("cluster", &row.cluster)?,
                    namespace: TABLE.parse("namespace", &row.namespace)?,
                },
                pod: TABLE.parse("pod", &row.pod)?,
                container: TABLE.parse("container", &row.container)?,
            },
            asked_at: TABLE.time("asked_at", row.asked_at)?,
            not_after: TABLE.time("not_after", row.not_after)?,
            state,
        };
        Ok(Self { version: TABLE.count("version", row.version)?, value: session })
    }
}

impl SessionRow {
    fn state(&self) -> Result<SessionState, Unreadable> {
        let document = |column, value: &Option<String>| TABLE.present(column, value.clone());
        match self.state.as_str() {
            "starting" => Ok(SessionState::Starting),
            "live" => {
                let since = TABLE.present("live_since", self.live_since)?;
                Ok(SessionState::Live { since: TABLE.time("live_since", since)? })
            }
            "ended" => Ok(SessionState::Ended {
                at: TABLE.time("ended_at", TABLE.present("ended_at", self.ended_at)?)?,
                how: TABLE.document("how", &document("how", &self.how)?)?,
                left: TABLE
                    .document("left_behind", &document("left_behind", &self.left_behind)?)?,
                recording: self.recording()?,
            }),
            _ => Err(TABLE.unreadable("state", "no such state")),
        }
    }

    fn recording(&self) -> Result<Option<Sealed>, Unreadable> {
        let Some(bytes) = self.recording_bytes else { return Ok(None) };
        Ok(Some(Sealed {
            bytes: TABLE.count("recording_bytes", bytes)?,
            digest: TABLE.present("recording_digest", self.recording_digest.clone())?,
        }))
    }
}

/// Keeps a new session.
pub(crate) async fn insert(connection: &mut AnyConnection, session: &Session) -> Result<(), Fault> {
    bind(INSERT, session, 0)?.execute(connection).await?;
    Ok(())
}

/// Saves a session over the version it was read as.
pub(crate) async fn update(
    connection: &mut AnyConnection,
    session: &Versioned<Session>,
) -> Result<(), Unsaved> {
    let statement = bind(UPDATE, &session.value, session.version)?;
    match statement.execute(connection).await?.rows_affected() {
        0 => Err(Unsaved::Conflict),
        _ => Ok(()),
    }
}

/// One session.
pub(crate) async fn find(
    pool: &AnyPool,
    id: SessionId,
) -> Result<Option<Versioned<Session>>, Fault> {
    let row: Option<SessionRow> =
        sqlx::query_as(select!("id = $1")).bind(id.to_string()).fetch_optional(pool).await?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Several sessions, newest first.
pub(crate) async fn list(
    pool: &AnyPool,
    query: &SessionQuery,
) -> Result<Vec<Versioned<Session>>, Fault> {
    let select = match query {
        SessionQuery::Running => sqlx::query_as::<_, SessionRow>(select!(
            "state IN ('starting', 'live') \
             ORDER BY asked_at DESC, id DESC"
        )),
        SessionQuery::Under(grant) => {
            sqlx::query_as(select!("grant_id = $1 ORDER BY asked_at DESC, id DESC"))
                .bind(grant.to_string())
        }
        SessionQuery::Ended { limit } => sqlx::query_as(select!(
            "state = 'ended' \
             ORDER BY ended_at DESC, id DESC LIMIT $1"
        ))
        .bind(i32::from(*limit)),
        SessionQuery::Unsealed => sqlx::query_as(select!(
            "state = 'ended' AND recording_bytes IS NULL \
             ORDER BY ended_at DESC, id DESC"
        )),
    };
    let rows = select.fetch_all(pool).await?;
    Ok(rows.into_iter().map(TryInto::try_into).collect::<Result<_, Unreadable>>()?)
}

fn bind<'q>(sql: &'static str, session: &'q Session, version: u32) -> Result<Statement<'q>, Fault> {
    let Session { target, .. } = session;
    let statement = sqlx::query(sql)
        .bind(session.id.to_string())
        .bind(i64::from(version))
        .bind(session.grant.to_string());
    let statement = PersonColumns::bind(statement, TABLE, &session.person)?
        .bind(target.place.cluster.as_str())
        .bind(target.place.namespace.as_str())
        .bind(target.pod.as_str())
        .bind(target.container.as_str())
        .bind(session.asked_at.as_microsecond())
        .bind(session.not_after.as_microsecond())
        .bind(session.state.word());
    let (live_since, ended) = match &session.state {
        SessionState::Starting => (None, None),
        SessionState::Live { since } => (Some(since), None),
        SessionState::Ended { at, how, left, recording } => {
            (None, Some((at, how, left, recording.as_ref())))
        }
    };
    let recording = ended.and_then(|(.., recording)| recording);
    Ok(statement
        .bind(live_since.map(|since| since.as_microsecond()))
        .bind(ended.map(|(at, ..)| at.as_microsecond()))
        .bind(ended.map(|(_, how, ..)| TABLE.write_document(how)).transpose()?)
        .bind(ended.map(|(_, _, left, _)| TABLE.write_document(left)).transpose()?)
        .bind(recording.map(|sealed| TABLE.write_count(sealed.bytes)).transpose()?)
        .bind(recording.map(|sealed| sealed.digest.as_str())))
}
