//! What open pages hear of: which of their topics changed, and up to which event.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::broker::Refusal;
use domain::{Fact, GroupName, Person, PersonKey, RequestId};
use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::{Notify, broadcast};

use super::{Portal, unavailable};
use crate::port::Logged;

/// A page that lags further behind than this hears that everything changed.
const KEPT: usize = 256;
/// At most this many missed events are looked at one by one after a reconnect.
const MISSED: u16 = 200;
const EVERYTHING: &[&str] =
    &["requests", "sessions", "recordings", "namespaces", "policy", "audit"];

/// Something that an open page may show has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The number of the newest event it rests on.
    pub number: u64,
    /// `requests`, `sessions`, `recordings`, `namespaces`, `policy`, `audit`.
    pub topics: Vec<&'static str>,
}

#[derive(Debug, Clone)]
struct Notice {
    change: Change,
    audience: Audience,
}

#[derive(Debug, Clone)]
enum Audience {
    Everyone,
    Concerned { requester: Option<PersonKey>, approvers: BTreeSet<GroupName> },
}

pub(crate) struct Changes {
    notices: broadcast::Sender<Arc<Notice>>,
    written: Notify,
}

impl Default for Changes {
    fn default() -> Self {
        Self { notices: broadcast::Sender::new(KEPT), written: Notify::new() }
    }
}

impl Changes {
    /// Events were written.
    pub(crate) fn wake(&self) {
        self.written.notify_one();
    }

    /// Something changed that is not an event of somebody's request.
    pub(crate) fn everyone(&self, topic: &'static str) {
        let change = Change { number: 0, topics: vec![topic] };
        let _ = self.notices.send(Arc::new(Notice { change, audience: Audience::Everyone }));
    }
}

impl Portal {
    /// What changes for this person from an event number on, missed changes first.
    pub fn changes(self: &Arc<Self>, person: Person, after: u64) -> BoxStream<'static, Change> {
        let follower = Follower {
            news: self.changes.notices.subscribe(),
            portal: Arc::clone(self),
            person,
            newest: after,
            caught_up: false,
        };
        stream::unfold(follower, Follower::next).boxed()
    }

    /// Turns what is written into notices, in the order of the log.
    pub(super) async fn watch_changes(self: &Arc<Self>) -> Result<(), Refusal> {
        let mut newest = self.store.newest_event().await.map_err(unavailable)?;
        let portal = Arc::clone(self);
        let stopping = self.stopping.clone();
        self.tasks.spawn(stopping.run_until_cancelled_owned(async move {
            loop {
                portal.changes.written.notified().await;
                while let Ok(events) = portal.store.events_after(newest, MISSED).await
                    && let Some(last) = events.last()
                {
                    newest = last.number;
                    for logged in &events {
                        let _ = portal.changes.notices.send(Arc::new(portal.notice(logged).await));
                    }
                }
            }
        }));
        for cluster in self.clusters.values() {
            let (mut seen, portal) = (cluster.changes(), Arc::clone(self));
            let stopping = self.stopping.clone();
            self.tasks.spawn(stopping.run_until_cancelled_owned(async move {
                while seen.changed().await.is_ok() {
                    portal.changes.everyone("namespaces");
                }
            }));
        }
        Ok(())
    }

    async fn notice(&self, logged: &Logged) -> Notice {
        let change = Change { number: logged.number, topics: topics(&logged.event.fact) };
        let audience = match logged.event.request {
            None => Audience::Concerned { requester: None, approvers: BTreeSet::new() },
            Some(request) => self.concerned(request).await,
        };
        Notice { change, audience }
    }

    async fn concerned(&self, request: RequestId) -> Audience {
        let known = self.store.request(request).await.ok().flatten();
        let Some(request) = known.map(|request| request.value) else {
            return Audience::Concerned { requester: None, approvers: BTreeSet::new() };
        };
        let approvers = request.ruling.decision.concerned().into_iter().cloned().collect();
        Audience::Concerned { requester: Some(request.person.key), approvers }
    }
}

/// An open page, and the newest event that it was told of.
struct Follower {
    news: broadcast::Receiver<Arc<Notice>>,
    portal: Arc<Portal>,
    person: Person,
    newest: u64,
    caught_up: bool,
}

impl Follower {
    async fn next(mut self) -> Option<(Change, Self)> {
        let mut topics = Vec::new();
        if !self.caught_up {
            self.caught_up = true;
            topics = self.missed().await;
        }
        while topics.is_empty() {
            topics = match self.news.recv().await {
                Ok(notice) => self.heard(&notice.change, &notice.audience),
                Err(broadcast::error::RecvError::Lagged(_)) => EVERYTHING.to_vec(),
                Err(broadcast::error::RecvError::Closed) => return None,
            };
        }
        Some((Change { number: self.newest, topics }, self))
    }

    /// The topics that changed while the page was not connected. What cannot be read may be
    /// anything.
    async fn missed(&mut self) -> Vec<&'static str> {
        let Ok(events) = self.portal.store.events_after(self.newest, MISSED).await else {
            return EVERYTHING.to_vec();
        };
        let mut topics = BTreeSet::new();
        for logged in &events {
            let Notice { change, audience } = self.portal.notice(logged).await;
            topics.extend(self.heard(&change, &audience));
        }
        if events.len() == usize::from(MISSED) {
            return EVERYTHING.to_vec();
        }
        topics.into_iter().collect()
    }

    /// The topics of a change, where it concerns the person and was not told before.
    fn heard(&mut self, change: &Change, audience: &Audience) -> Vec<&'static str> {
        if (1..=self.newest).contains(&change.number) {
            return Vec::new();
        }
        self.newest = self.newest.max(change.number);
        let concerns = match audience {
            Audience::Everyone => true,
            Audience::Concerned { requester, approvers } => {
                self.portal.policy().oversees(&self.person)
                    || requester.as_ref() == Some(&self.person.key)
                    || self.person.is_in_any(approvers)
            }
        };
        if concerns { change.topics.clone() } else { Vec::new() }
    }
}

fn topics(fact: &Fact) -> Vec<&'static str> {
    match fact {
        Fact::RequestSent { .. }
        | Fact::RequestApproved { .. }
        | Fact::RequestDenied { .. }
        | Fact::RequestChanged { .. }
        | Fact::RequestNarrowed { .. }
        | Fact::RequestReminded
        | Fact::RequestEscalated { .. }
        | Fact::ApprovalTakenBack
        | Fact::ApprovalVoided { .. }
        | Fact::Commented { .. }
        | Fact::GlassReviewed { .. }
        | Fact::RequestWithdrawn
        | Fact::RequestLapsed => vec!["requests", "audit"],
        Fact::GrantBegan { .. } | Fact::GrantClaimed { .. } | Fact::GrantEnded { .. } => {
            vec!["requests", "namespaces", "sessions", "audit"]
        }
        Fact::SessionStarting { .. }
        | Fact::SessionLive { .. }
        | Fact::SessionEnding { .. }
        | Fact::SessionEnded { .. }
        | Fact::SessionExtended { .. }
        | Fact::SessionCleanedUp { .. }
        | Fact::RecordingSealed { .. }
        | Fact::Watched => vec!["sessions", "requests", "audit"],
        Fact::RecordingReviewed => vec!["recordings", "audit"],
        Fact::PolicyLoaded { .. } | Fact::PolicyRefused { .. } => vec!["policy", "audit"],
        Fact::SignedIn { .. }
        | Fact::SignInRefused { .. }
        | Fact::SignedOut { .. }
        | Fact::Refused { .. }
        | Fact::RecordingRead
        | Fact::RecordingsSearched { .. }
        | Fact::RecordingArchived { .. }
        | Fact::RecordingRemoved { .. }
        | Fact::PortalStarted { .. } => vec!["audit"],
    }
}
