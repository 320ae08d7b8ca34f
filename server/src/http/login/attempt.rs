//! Sign-ins on their way to the provider and back.

use std::sync::Arc;

use broker::port::Clock;
use identity::ATTEMPT_LASTS;
use serde::{Deserialize, Serialize};

use super::{Key, Records, Secret, StoreAway};
use crate::http::page::LocalPath;

/// What is kept while a browser is at the provider.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// What the provider needs to recognise the answer.
    pub(crate) secret: Secret,
    /// Where the person wanted to go.
    pub(crate) to: LocalPath,
}

/// Attempts, each good for one answer (O-01).
pub(crate) struct Attempts {
    records: Records,
    clock: Arc<dyn Clock>,
    // Held across an await on purpose: what is taken must be gone before anybody else looks.
    taking: tokio::sync::Mutex<()>,
}

impl Attempts {
    pub(crate) fn new(records: Records, clock: Arc<dyn Clock>) -> Self {
        Self { records, clock, taking: tokio::sync::Mutex::default() }
    }

    /// Keeps an attempt.
    pub(crate) async fn keep(&self, attempt: &Attempt) -> Result<Key, StoreAway> {
        let until = domain::later(self.clock.now(), ATTEMPT_LASTS.unsigned_abs());
        self.records.create(attempt, until).await
    }

    /// Takes an attempt out; a second time it is not there.
    pub(crate) async fn take(&self, key: Key) -> Result<Option<Attempt>, StoreAway> {
        let _alone = self.taking.lock().await;
        let attempt = self.records.load::<Attempt>(key).await?;
        if attempt.is_some() {
            self.records.delete(key).await?;
        }
        Ok(attempt)
    }
}
