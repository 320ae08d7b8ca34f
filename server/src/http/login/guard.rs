//! Watches over a sign-in while a stream is open under it.

use std::sync::Arc;
use std::time::Duration;

use domain::{LoginId, Person};
use tokio::sync::broadcast;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{Actor, Key, Logins, Presence};

/// Ends that happen elsewhere, and those that time brings, are noticed within this time.
const LOOK_EACH: Duration = Duration::from_secs(15);

/// What a stream must know of its sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It is over.
    Ended,
    /// The person's groups are others now.
    Changed,
}

/// Watches one sign-in.
pub(crate) struct Guard {
    logins: Arc<Logins>,
    key: Key,
    login: LoginId,
    person: Person,
    ends: broadcast::Receiver<LoginId>,
    look: Interval,
}

impl Guard {
    /// Begins to watch; an end between the request and now is noticed at the first look, which is
    /// at once.
    pub(crate) fn new(logins: &Arc<Logins>, actor: &Actor) -> Self {
        let mut look = interval(LOOK_EACH);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            ends: logins.ends(),
            logins: Arc::clone(logins),
            key: actor.key,
            login: actor.login.id,
            person: actor.login.person.clone(),
            look,
        }
    }

    /// The person, as the last news had them.
    pub(crate) fn person(&self) -> &Person {
        &self.person
    }

    /// Waits for news. `presence` is asked at each look whether the person did something.
    pub(crate) async fn news(&mut self, presence: impl Fn() -> Presence) -> News {
        loop {
            tokio::select! {
                ended = self.ends.recv() => match ended {
                    Ok(login) if login == self.login => return News::Ended,
                    Ok(_) => {}
                    Err(_) => self.look.reset_immediately(),
                },
                _ = self.look.tick() => match self.logins.person(self.key, presence()).await {
                    Ok(None) => return News::Ended,
                    Ok(Some(person)) if person.groups != self.person.groups => {
                        self.person = person;
                        return News::Changed;
                    }
                    // A store that is away ends terminals by itself, and soon.
                    Ok(Some(_)) | Err(_) => {}
                },
            }
        }
    }
}
