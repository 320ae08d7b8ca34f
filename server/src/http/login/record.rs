//! What is kept on the server, behind the library's store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{LoginId, Person};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::Error;

use super::Secret;
use crate::http::{Limits, LoginEnd};

/// What a cookie holds: 128 random bits.
pub(crate) type Key = Id;

/// One sign-in of one person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Login {
    /// Its name; no secret.
    pub(crate) id: LoginId,
    /// Who, as the provider described them last.
    pub(crate) person: Person,
    /// When it began.
    pub(crate) began_at: Timestamp,
    /// The last sign of life, give or take a minute.
    pub(crate) seen_at: Timestamp,
    /// When the provider last vouched for the person.
    pub(crate) checked_at: Timestamp,
    /// When the provider could not be asked, since then.
    pub(crate) failed_at: Option<Timestamp>,
    /// With what to ask it again; none where the provider gives nothing of the kind.
    pub(crate) renewal: Option<Secret>,
}

impl Login {
    /// How it has come to its end, if it has.
    pub(super) fn over(&self, now: Timestamp, limits: &Limits) -> Option<LoginEnd> {
        if now >= domain::later(self.began_at, limits.absolute) {
            Some(LoginEnd::TooLong)
        } else if now >= domain::later(self.seen_at, limits.idle) {
            Some(LoginEnd::Idle)
        } else {
            None
        }
    }

    /// Whether the provider last vouched for the person at least this long ago.
    pub(super) fn unchecked_for(&self, length: Duration, now: Timestamp) -> bool {
        now >= domain::later(self.checked_at, length)
    }
}

/// The store of sign-ins does not work; why is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sign-ins cannot be read or written")]
pub(crate) struct StoreAway;

/// Values by key.
#[derive(Debug, Clone)]
pub(crate) struct Records(Arc<dyn SessionStore>);

impl Records {
    pub(crate) fn new(store: Arc<dyn SessionStore>) -> Self {
        Self(store)
    }

    /// Keeps a value under a new key.
    pub(super) async fn create<T: Serialize>(
        &self,
        value: &T,
        until: Timestamp,
    ) -> Result<Key, StoreAway> {
        let mut record = record(Key::default(), value, until)?;
        self.0.create(&mut record).await.map_err(away)?;
        Ok(record.id)
    }

    /// Replaces a value.
    pub(super) async fn save<T: Serialize>(
        &self,
        key: Key,
        value: &T,
        until: Timestamp,
    ) -> Result<(), StoreAway> {
        self.0.save(&record(key, value, until)?).await.map_err(away)
    }

    /// Reads a value; what was kept as something else is not there.
    pub(super) async fn load<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, StoreAway> {
        let record = self.0.load(&key).await.map_err(away)?;
        let value = record.map(|record| Value::Object(record.data.into_iter().collect()));
        Ok(value.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// Forgets a value.
    pub(super) async fn delete(&self, key: Key) -> Result<(), StoreAway> {
        self.0.delete(&key).await.map_err(away)
    }
}

/// A record whose entries are the value's fields: the store finds the person there.
fn record(key: Key, value: &impl Serialize, until: Timestamp) -> Result<Record, StoreAway> {
    let unwritable = |cause: &dyn std::fmt::Display| away(Error::Encode(cause.to_string()));
    let data = match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields.into_iter().collect(),
        Ok(_) => HashMap::new(),
        Err(cause) => return Err(unwritable(&cause)),
    };
    let expiry_date = OffsetDateTime::from_unix_timestamp(until.as_second())
        .map_err(|cause| unwritable(&cause))?;
    Ok(Record { id: key, data, expiry_date })
}

fn away(cause: Error) -> StoreAway {
    tracing::error!(error = %domain::text::causes(&cause), "the store of sign-ins failed");
    StoreAway
}
