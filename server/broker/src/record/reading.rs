//! Reading is an event: one for each time that somebody opens a recording, however much of it they
//! look at then.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::broker::{Part, Refusal, SessionRow};
use domain::{Fact, LoginId, SessionId};

use crate::Bound;
use crate::port::RecorderError;
use crate::portal::About;
use crate::shell::session;

/// Openings that are remembered. What is forgotten is written down once more when it is read on.
const MOST: usize = 10_000;

/// Which sign-in has which recordings open, and since when.
#[derive(Default)]
pub(crate) struct Readings {
    open: Mutex<BTreeMap<(LoginId, SessionId), Duration>>,
}

impl Readings {
    fn add(&self, login: LoginId, session: SessionId, since_boot: Duration) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST {
            let oldest = open.iter().min_by_key(|(_, at)| **at).map(|(key, _)| *key);
            oldest.map(|key| open.remove(&key));
        }
        open.insert((login, session), since_boot);
    }

    fn has(&self, login: LoginId, session: SessionId) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.contains_key(&(login, session))
    }
}

impl Bound {
    /// Writes down that this person reads a recording. Nothing of it is read before.
    pub(super) async fn open_recording(&self, row: &SessionRow) -> Result<(), Refusal> {
        let portal = &self.portal;
        let about = About::session(&row.session, row.request);
        portal.write(portal.event(Some(&self.person), &about, Fact::RecordingRead)).await?;
        portal.readings.add(self.login, row.session.id, portal.clock.since_boot());
        Ok(())
    }

    /// The session of a recording that this person may read, and has open.
    pub(super) async fn reading(&self, id: SessionId) -> Result<SessionRow, Refusal> {
        let row = session(self, id).await?;
        if !row.may_replay {
            return Err(Refusal::NotFound);
        }
        if !self.portal.readings.has(self.login, id) {
            self.open_recording(&row).await?;
        }
        Ok(row)
    }
}

/// What a person is told when a recording cannot be read.
pub(super) fn unread(cause: RecorderError) -> Refusal {
    match cause {
        RecorderError::NotFound => Refusal::NotFound,
        RecorderError::Locked => Refusal::Forbidden { why: cause.to_string() },
        RecorderError::Broken | RecorderError::Unreadable(_) => {
            tracing::error!(error = %domain::text::causes(&cause), "a recording is not read");
            Refusal::Unavailable { part: Part::Recorder }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_is_forgotten() {
        let readings = Readings::default();
        let login = LoginId(Uuid::nil());
        let name = |number: u64| SessionId(Uuid::from_u64_pair(0, number));
        for number in 0..=MOST as u64 {
            readings.add(login, name(number), Duration::from_secs(number));
        }
        assert!(!readings.has(login, name(0)));
        assert!(readings.has(login, name(1)) && readings.has(login, name(MOST as u64)));
        assert!(!readings.has(LoginId(Uuid::max()), name(1)));
    }
}
