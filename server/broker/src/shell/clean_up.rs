//! What a session leaves in its container.

use std::sync::Arc;
use std::time::Duration;

use domain::broker::AuditFilter;
use domain::{
    Action, Event, EventId, Fact, FactKind, Grant, LeftBehind, Session, SessionId, SessionState,
    later,
};
use tokio::time::sleep;

use crate::Portal;
use crate::port::{Order, SessionQuery, StoreError, Versioned};
use crate::portal::About;
use crate::signed::{Claims, Purpose};

/// How long an order to clean up is believed.
const WITHIN: Duration = Duration::from_mins(2);
/// A shell whose opening was given up may still start this long afterwards: the API server has the
/// request.
const STARTS_WITHIN: Duration = Duration::from_secs(3);
/// How long to wait before looking again, at first and at most …
const AGAIN_AFTER: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(1));
/// … and how often at most: for half an hour.
const TRIES: usize = 32;
/// After a start, containers of sessions that ended no longer ago than this are looked into again.
const STILL_TRIED: Duration = Duration::from_mins(30);
/// How many of them at most.
const STILL_TRIED_AT_MOST: u16 = 1_000;

impl Portal {
    /// Ends the session's processes in the container and looks what is left; once more where its
    /// shell was not known to be open.
    pub(crate) async fn clean_up(
        &self,
        session: &Session,
        grant: &Grant,
        audit_id: EventId,
    ) -> LeftBehind {
        let Ok(cluster) = self.cluster(&session.target.place) else { return LeftBehind::Unknown };
        let now = self.clock.now();
        let claims = Claims {
            grant: grant.id,
            session: session.id,
            username: session.person.username.clone(),
            group: grant.group(),
            target: session.target.clone(),
            action: Action::Shell,
            purpose: Purpose::CleanUp,
            not_before: now,
            not_after: later(now, WITHIN),
        };
        let order = Order { grant: self.signer.sign(&claims), audit_id };
        let left = cluster.end_processes(&order).await;
        if left != LeftBehind::Nothing || session.state != SessionState::Starting {
            return left;
        }
        sleep(STARTS_WITHIN).await;
        cluster.end_processes(&order).await
    }

    /// Goes on with what an earlier process did not get to.
    pub(crate) async fn clean_up_later(self: &Arc<Self>) -> Result<(), StoreError> {
        let ended = SessionQuery::Ended { limit: STILL_TRIED_AT_MOST };
        let now = self.clock.now();
        for session in self.store.sessions(&ended).await? {
            if let SessionState::Ended { at, left, .. } = session.value.state
                && later(at, STILL_TRIED) > now
            {
                self.clean_up_again(session, left);
            }
        }
        Ok(())
    }

    /// Looks into the container of a session that is over until nothing is left there, a bounded
    /// number of times, and writes down what came of it.
    pub(crate) fn clean_up_again(self: &Arc<Self>, session: Versioned<Session>, left: LeftBehind) {
        if left == LeftBehind::Nothing {
            return;
        }
        let (portal, stopping) = (Arc::clone(self), self.stopping.clone());
        self.tasks.spawn(stopping.run_until_cancelled_owned(async move {
            if let Err(cause) = portal.look_again(session, left).await {
                let error = domain::text::causes(&cause);
                tracing::error!(error, "a container is not looked into again");
            }
        }));
    }

    async fn look_again(
        &self,
        mut session: Versioned<Session>,
        mut left: LeftBehind,
    ) -> Result<(), StoreError> {
        let grant = self.store.grant(session.value.grant).await?;
        let ending = self.ending(session.value.id).await?;
        // Both were written before the end was.
        let Some((grant, ending)) = grant.zip(ending) else { return Ok(()) };
        let mut pause = AGAIN_AFTER.0;
        for _ in 0..TRIES {
            sleep(pause).await;
            pause = (pause * 2).min(AGAIN_AFTER.1);
            left = self.clean_up(&session.value, &grant.value, ending.id).await;
            if left == LeftBehind::Nothing {
                break;
            }
        }
        // The seal of its recording may have been added meanwhile.
        session = self.store.session(session.value.id).await?.unwrap_or(session);
        if let SessionState::Ended { left: known, .. } = &mut session.value.state {
            *known = left;
        }
        let about = About::session(&session.value, grant.value.request);
        let event = self.event(None, &about, Fact::SessionCleanedUp { left });
        self.save_in_the_end(&mut session, event).await;
        Ok(())
    }

    /// The event that said, before it was done, that a session is ended.
    pub(super) async fn ending(&self, session: SessionId) -> Result<Option<Event>, StoreError> {
        let filter = AuditFilter::of(FactKind::SessionEnding, session);
        let found = self.store.events(&filter, 1).await?;
        Ok(found.into_iter().map(|logged| logged.event).next())
    }
}
