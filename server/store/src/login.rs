//! What the login cookie stands for.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use broker::port::Clock;
use domain::Person;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store;

use crate::Database;
use crate::database::in_time;
use crate::error::Fault;
use crate::table::logins::{self, Login};

/// Keeps tower-sessions' records in the portal's database.
///
/// The cookie's value is kept only as its SHA-256, so that a copied database signs nobody in. The
/// entry [`LoginStore::PERSON`] of a record ties it to a person.
#[derive(Clone)]
pub struct LoginStore {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl LoginStore {
    /// The record's entry that holds the signed-in [`Person`] as JSON.
    pub const PERSON: &str = "person";
    /// The record's entry that holds the [`Timestamp`] at which the provider described them last.
    pub const CHECKED: &str = "checked_at";

    /// Keeps logins in this database.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Removes what has expired. New logins do it, so the table stays as small as it can be.
    async fn forget_expired(&self) {
        let now = self.clock.now();
        if let Err(fault) = in_time(logins::delete_expired(self.database.unaudited(), now)).await {
            let fault: &dyn Error = &fault;
            tracing::warn!(error = fault, "expired logins cannot be removed");
        }
    }
}

impl fmt::Debug for LoginStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LoginStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl SessionStore for LoginStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.forget_expired().await;
        loop {
            let login = login(record)?;
            let kept = in_time(logins::insert(self.database.unaudited(), &login)).await;
            if kept.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let login = login(record)?;
        let saved = in_time(logins::update(self.database.unaudited(), &login)).await;
        saved.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let (hash, now) = (hashed(id), self.clock.now());
        let found = in_time(logins::find(self.database.readers(), &hash, now)).await;
        let Some((data, expires_at)) = found.map_err(backend)? else { return Ok(None) };
        let decode = |cause: &dyn fmt::Display| session_store::Error::Decode(cause.to_string());
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&data).map_err(|cause| decode(&cause))?,
            expiry_date: OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires_at) * 1_000)
                .map_err(|cause| decode(&cause))?,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let hash = hashed(id);
        in_time(logins::delete(self.database.unaudited(), &hash)).await.map_err(backend)
    }
}

/// The cookie's value has 128 random bits, so a plain hash cannot be guessed back.
fn hashed(id: &Id) -> String {
    domain::hex(&Sha256::digest(id.0.to_le_bytes()))
}

fn login(record: &Record) -> session_store::Result<Login> {
    let encode = |cause: &dyn fmt::Display| session_store::Error::Encode(cause.to_string());
    let microseconds = record.expiry_date.unix_timestamp_nanos() / 1_000;
    let person = record.data.get(LoginStore::PERSON).map(|person| {
        serde_json::from_value::<Person>(person.clone()).map_err(|cause| encode(&cause))
    });
    Ok(Login {
        id: hashed(&record.id),
        person: person.transpose()?.map(|person| person.key),
        data: serde_json::to_string(&record.data).map_err(|cause| encode(&cause))?,
        expires_at: i64::try_from(microseconds)
            .ok()
            .and_then(|microseconds| Timestamp::from_microsecond(microseconds).ok())
            .ok_or_else(|| encode(&"the end is out of range"))?,
    })
}

fn backend(fault: Fault) -> session_store::Error {
    let cause: &dyn Error = &fault;
    tracing::error!(error = cause, "logins cannot be kept or read");
    session_store::Error::Backend(fault.to_string())
}
