//! The newest event, and how the audit log grows: only ever at its end.

use std::fmt::Write as _;
use std::sync::LazyLock;

use domain::Event;
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool};

use super::Statement;
use super::events::{TABLE, columns};
use super::people::SignerColumns;
use crate::chain;
use crate::column::Table;
use crate::error::Fault;

/// Events in one statement, where there are that many: each statement costs a round trip.
const ROWS: usize = 32;
/// Columns of an event.
const COLUMNS: usize = 14;
/// The events that are [`domain::Fact::is_of_access`].
const NEWEST_ACCESS: &str = "SELECT COALESCE(MAX(number), 0) FROM events \
    WHERE kind IN ('request-sent', 'grant-began')";

static INSERT: LazyLock<String> = LazyLock::new(|| insert(1));
static INSERT_MANY: LazyLock<String> = LazyLock::new(|| insert(ROWS));

/// An event with its place in the log.
struct Entry {
    number: i64,
    digest: String,
    event: Event,
}

/// Appends events. Numbers and chain have no gap, because every writer holds the head's row until
/// it commits; so this is the last thing a transaction does.
pub(crate) async fn append(connection: &mut AnyConnection, events: &[&Event]) -> Result<(), Fault> {
    // It is a write, so even without events it fails where nothing can be written.
    let (number, digest) = lock(connection).await?;
    let entries = chained(number, digest, events)?;
    let Some(newest) = entries.last() else { return Ok(()) };
    for chunk in entries.chunks(ROWS) {
        if chunk.len() == ROWS {
            write(connection, INSERT_MANY.as_str(), chunk).await?;
        } else {
            for entry in chunk {
                write(connection, INSERT.as_str(), std::slice::from_ref(entry)).await?;
            }
        }
    }
    sqlx::query("UPDATE audit_head SET number = $1, digest = $2 WHERE id = 1")
        .bind(newest.number)
        .bind(newest.digest.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Locks the head's row until the commit, and reads it: an update that changes nothing locks on
/// both databases.
async fn lock(connection: &mut AnyConnection) -> Result<(i64, String), Fault> {
    let sql = "UPDATE audit_head SET number = number WHERE id = 1 RETURNING number, digest";
    Ok(sqlx::query_as(sql).fetch_one(connection).await?)
}

/// The number of the newest event of access; no other can follow it before the commit.
pub(crate) async fn newest_access_until_commit(
    connection: &mut AnyConnection,
) -> Result<u64, Fault> {
    lock(connection).await?;
    let number: i64 = sqlx::query_scalar(NEWEST_ACCESS).fetch_one(connection).await?;
    Ok(Table("events").count("number", number)?)
}

/// The number of the newest event of access; 0 where there is none.
pub(crate) async fn newest_access(pool: &AnyPool) -> Result<u64, Fault> {
    let number: i64 = sqlx::query_scalar(NEWEST_ACCESS).fetch_one(pool).await?;
    Ok(Table("events").count("number", number)?)
}

fn chained(mut number: i64, mut digest: String, events: &[&Event]) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    for event in events {
        let event = Event { at: whole_microseconds(event.at), ..Event::clone(event) };
        number += 1;
        digest = chain::link(&digest, &event)
            .map_err(|cause| Fault::Unwritable { table: TABLE.0, cause: cause.into() })?;
        entries.push(Entry { number, digest: digest.clone(), event });
    }
    Ok(entries)
}

/// What is digested is what can be read back.
fn whole_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

async fn write(
    connection: &mut AnyConnection,
    sql: &'static str,
    entries: &[Entry],
) -> Result<(), Fault> {
    let mut statement = sqlx::query(sql);
    for entry in entries {
        statement = bind(statement, entry)?;
    }
    statement.execute(connection).await?;
    Ok(())
}

fn bind<'q>(statement: Statement<'q>, entry: &'q Entry) -> Result<Statement<'q>, Fault> {
    let Entry { number, digest, event } = entry;
    let statement = statement
        .bind(*number)
        .bind(digest.as_str())
        .bind(event.id.to_string())
        .bind(event.at.as_microsecond());
    let place = event.place.as_ref();
    Ok(SignerColumns::bind(statement, event.actor.as_ref())
        .bind(place.map(|place| place.cluster.as_str()))
        .bind(place.map(|place| place.namespace.as_str()))
        .bind(event.request.map(|id| id.to_string()))
        .bind(event.grant.map(|id| id.to_string()))
        .bind(event.session.map(|id| id.to_string()))
        .bind(event.fact.word())
        .bind(TABLE.write_document(&event.fact)?))
}

/// The statement for so many rows: nothing but placeholders differs.
fn insert(rows: usize) -> String {
    let mut sql = concat!("INSERT INTO events (", columns!(), ") VALUES ").to_owned();
    for place in 0..rows * COLUMNS {
        let before = match place {
            0 => "(",
            _ if place % COLUMNS == 0 => "), (",
            _ => ", ",
        };
        let _ = write!(sql, "{before}${}", place + 1);
    }
    sql.push(')');
    sql
}

/// The number of the newest event; 0 where there is none.
pub(crate) async fn newest(pool: &AnyPool) -> Result<u64, Fault> {
    let number: i64 =
        sqlx::query_scalar("SELECT number FROM audit_head WHERE id = 1").fetch_one(pool).await?;
    Ok(Table("audit_head").count("number", number)?)
}
