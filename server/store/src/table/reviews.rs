//! Reviews, and the finished recordings that they are of.

use broker::port::{Recorded, Versioned};
use domain::broker::{RecordingFilter, Reviewed};
use domain::{Review, Session, SessionId, Signer};
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool};

use super::people::SignerColumns;
use super::sessions::{self, SessionRow};
use crate::column::{Table, Unreadable};
use crate::error::{Fault, Unsaved};

const TABLE: Table = Table("reviews");

/// A review beside its session, where there is one.
#[derive(Debug, sqlx::FromRow)]
struct ReviewColumns {
    #[sqlx(flatten)]
    by: SignerColumns,
    reviewed_at: Option<i64>,
}

impl ReviewColumns {
    fn read(self) -> Result<Option<Review>, Unreadable> {
        let Some(by) = self.by.read(TABLE)? else { return Ok(None) };
        let at = TABLE.present("reviewed_at", self.reviewed_at)?;
        Ok(Some(Review { by, at: TABLE.time("reviewed_at", at)? }))
    }
}

#[derive(Debug, sqlx::FromRow)]
struct RecordedRow {
    #[sqlx(flatten)]
    session: SessionRow,
    #[sqlx(flatten)]
    review: ReviewColumns,
}

impl TryFrom<RecordedRow> for Recorded {
    type Error = Unreadable;

    fn try_from(row: RecordedRow) -> Result<Self, Unreadable> {
        let session: Versioned<Session> = row.session.try_into()?;
        Ok(Self { session: session.value, review: row.review.read()? })
    }
}

/// Finished recordings that match, newest first.
pub(crate) async fn recordings(
    pool: &AnyPool,
    filter: &RecordingFilter,
    limit: u16,
) -> Result<Vec<Recorded>, Fault> {
    let rows: Vec<RecordedRow> = sqlx::query_as(concat!(
        "SELECT ",
        sessions::columns!(),
        ", by_issuer, by_subject, by_username, reviewed_at \
         FROM sessions LEFT JOIN reviews ON session_id = id \
         WHERE state = 'ended' AND recording_bytes IS NOT NULL \
         AND ($1 IS NULL OR username = $1) AND ($2 IS NULL OR namespace = $2) \
         AND ($3 IS NULL OR LOWER(pod) LIKE $3 ESCAPE '!' OR LOWER(container) LIKE $3 ESCAPE '!') \
         AND ($4 IS NULL OR ended_at >= $4) AND ($5 IS NULL OR asked_at < $5) \
         AND ($6 IS NULL OR ($6 = 'yes') = (session_id IS NOT NULL)) \
         AND ($7 IS NULL \
         OR (ended_at, id) < (SELECT s.ended_at, s.id FROM sessions AS s WHERE s.id = $7)) \
         ORDER BY ended_at DESC, id DESC LIMIT $8",
    ))
    .bind(filter.who.as_deref())
    .bind(filter.namespace.as_deref())
    .bind(filter.target.as_deref().map(containing))
    .bind(filter.from().map(Timestamp::as_microsecond))
    .bind(filter.to().map(Timestamp::as_microsecond))
    .bind(filter.reviewed.map(Reviewed::word))
    .bind(filter.before.map(|before| before.to_string()))
    .bind(i32::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(TryInto::try_into).collect::<Result<_, Unreadable>>()?)
}

/// The pattern of every text that contains this one; names of pods and containers are lower-case.
fn containing(text: &str) -> String {
    let literal = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}

/// Who reviewed the recording of a session.
pub(crate) async fn find(pool: &AnyPool, session: SessionId) -> Result<Option<Review>, Fault> {
    let row: Option<ReviewColumns> = sqlx::query_as(
        "SELECT by_issuer, by_subject, by_username, reviewed_at FROM reviews \
         WHERE session_id = $1",
    )
    .bind(session.to_string())
    .fetch_optional(pool)
    .await?;
    Ok(row.map(ReviewColumns::read).transpose()?.flatten())
}

/// Keeps a review, where there is none yet.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    session: SessionId,
    review: &Review,
) -> Result<(), Unsaved> {
    let Signer { key, username } = &review.by;
    let inserted = sqlx::query(
        "INSERT INTO reviews (session_id, by_issuer, by_subject, by_username, reviewed_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session_id) DO NOTHING",
    )
    .bind(session.to_string())
    .bind(key.issuer.as_str())
    .bind(key.subject.as_str())
    .bind(username.as_str())
    .bind(review.at.as_microsecond())
    .execute(connection)
    .await?;
    match inserted.rows_affected() {
        0 => Err(Unsaved::Conflict),
        _ => Ok(()),
    }
}
