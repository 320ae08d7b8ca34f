//! Sign-ins, by the hash of what the cookie holds.

use std::collections::BTreeMap;

use domain::{Person, PersonKey};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::AnyPool;

use super::Statement;
use crate::LoginStore;
use crate::column::{Table, Unreadable};
use crate::error::Fault;

const TABLE: Table = Table("logins");

/// A row to be written.
#[derive(Debug)]
pub(crate) struct Login {
    /// SHA-256 of the cookie's value, lower-case hexadecimal.
    pub(crate) id: String,
    /// Who signed in, once somebody has.
    pub(crate) person: Option<PersonKey>,
    /// A JSON object.
    pub(crate) data: String,
    /// First instant at which it does not count any more.
    pub(crate) expires_at: Timestamp,
}

/// Keeps a new login; false where the id is taken.
pub(crate) async fn insert(pool: &AnyPool, login: &Login) -> Result<bool, Fault> {
    let done = bind(
        "INSERT INTO logins (id, issuer, subject, data, expires_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO NOTHING",
        login,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Saves a login that is still there: one that was ended meanwhile stays ended.
pub(crate) async fn update(pool: &AnyPool, login: &Login) -> Result<(), Fault> {
    bind(
        "UPDATE logins SET issuer = $2, subject = $3, data = $4, expires_at = $5 WHERE id = $1",
        login,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Data and end of a login that has not expired.
pub(crate) async fn find(
    pool: &AnyPool,
    id: &str,
    now: Timestamp,
) -> Result<Option<(String, i64)>, Fault> {
    Ok(sqlx::query_as("SELECT data, expires_at FROM logins WHERE id = $1 AND expires_at > $2")
        .bind(id)
        .bind(now.as_microsecond())
        .fetch_optional(pool)
        .await?)
}

/// Ends one login.
pub(crate) async fn delete(pool: &AnyPool, id: &str) -> Result<(), Fault> {
    sqlx::query("DELETE FROM logins WHERE id = $1").bind(id).execute(pool).await?;
    Ok(())
}

/// Removes what has expired.
pub(crate) async fn delete_expired(pool: &AnyPool, now: Timestamp) -> Result<(), Fault> {
    sqlx::query("DELETE FROM logins WHERE expires_at <= $1")
        .bind(now.as_microsecond())
        .execute(pool)
        .await?;
    Ok(())
}

/// A person as the provider described them last, in any login that has not expired.
pub(crate) async fn latest_of(
    pool: &AnyPool,
    person: &PersonKey,
    now: Timestamp,
) -> Result<Option<Person>, Fault> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT data FROM logins WHERE issuer = $1 AND subject = $2 AND expires_at > $3",
    )
    .bind(person.issuer.as_str())
    .bind(person.subject.as_str())
    .bind(now.as_microsecond())
    .fetch_all(pool)
    .await?;
    let mut latest: Option<(Timestamp, Person)> = None;
    for (data,) in rows {
        let mut data: BTreeMap<String, serde_json::Value> = TABLE.document("data", &data)?;
        let at = read(&mut data, LoginStore::CHECKED)?;
        if latest.as_ref().is_none_or(|(before, _)| *before <= at) {
            latest = Some((at, read(&mut data, LoginStore::PERSON)?));
        }
    }
    Ok(latest.map(|(_, person)| person))
}

fn read<T: DeserializeOwned>(
    data: &mut BTreeMap<String, serde_json::Value>,
    entry: &str,
) -> Result<T, Unreadable> {
    let value = TABLE.present("data", data.remove(entry))?;
    serde_json::from_value(value).map_err(|cause| TABLE.unreadable("data", cause))
}

fn bind<'q>(sql: &'static str, login: &'q Login) -> Statement<'q> {
    let person = login.person.as_ref();
    sqlx::query(sql)
        .bind(login.id.as_str())
        .bind(person.map(|person| person.issuer.as_str()))
        .bind(person.map(|person| person.subject.as_str()))
        .bind(login.data.as_str())
        .bind(login.expires_at.as_microsecond())
}
