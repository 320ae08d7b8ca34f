//! A store in memory, with the store's contract: versions, one transaction per call, a gapless log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use broker::port::{
    Logged, Made, Recorded, RequestQuery, SaveError, SessionQuery, Store, StoreError, Versioned,
};
use domain::broker::{AuditFilter, RecordingFilter};
use domain::{
    Event, FactKind, Grant, GrantId, GrantState, GroupName, PersonKey, Request, RequestId,
    RequestState, Review, Session, SessionId, SessionState,
};
use jiff::Timestamp;

#[derive(Default)]
struct Tables {
    requests: BTreeMap<RequestId, Versioned<Request>>,
    grants: BTreeMap<GrantId, Versioned<Grant>>,
    sessions: BTreeMap<SessionId, Versioned<Session>>,
    reviews: BTreeMap<SessionId, Review>,
    groups: BTreeMap<PersonKey, BTreeSet<GroupName>>,
    events: Vec<Event>,
}

#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
    broken: AtomicBool,
    deaf: AtomicBool,
    late: AtomicBool,
}

impl MemoryStore {
    /// From now on everything fails, or works again.
    pub fn break_down(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    /// From now on events that come alone cannot be written, or can again.
    pub fn refuse_events(&self, deaf: bool) {
        self.deaf.store(deaf, Ordering::SeqCst);
    }

    /// The next change of a session is written, and is answered as if it had not been.
    pub fn answer_late(&self) {
        self.late.store(true, Ordering::SeqCst);
    }

    /// What the provider names of somebody who is signed in.
    pub fn signed_in(&self, person: &PersonKey, groups: BTreeSet<GroupName>) {
        self.tables.lock().unwrap().groups.insert(person.clone(), groups);
    }

    /// Takes the ends of sessions out of the log.
    pub fn forget_ends(&self) {
        let is_end = |event: &Event| event.fact.kind() == FactKind::SessionEnded;
        self.tables.lock().unwrap().events.retain(|event| !is_end(event));
    }

    pub fn all_events(&self) -> Vec<Event> {
        self.tables.lock().unwrap().events.clone()
    }

    pub fn grants(&self) -> Vec<Grant> {
        self.tables.lock().unwrap().grants.values().map(|grant| grant.value.clone()).collect()
    }

    fn run<T>(&self, act: impl FnOnce(&mut Tables) -> T) -> Result<T, StoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(StoreError("broken by the test".into()));
        }
        Ok(act(&mut self.tables.lock().unwrap()))
    }
}

fn save<K: Ord, V: Clone>(
    table: &mut BTreeMap<K, Versioned<V>>,
    key: K,
    row: &Versioned<V>,
) -> Result<(), SaveError> {
    match table.get_mut(&key) {
        Some(known) if known.version == row.version => {
            *known = Versioned { version: row.version + 1, value: row.value.clone() };
            Ok(())
        }
        _ => Err(SaveError::Conflict),
    }
}

fn logged(events: &[Event]) -> impl DoubleEndedIterator<Item = Logged> + '_ {
    events.iter().enumerate().map(|(index, event)| Logged {
        number: index as u64 + 1,
        digest: String::new(),
        event: event.clone(),
    })
}

fn newest_access(events: &[Event]) -> u64 {
    let newest = events.iter().rposition(|event| event.fact.is_of_access());
    newest.map_or(0, |index| index as u64 + 1)
}

#[async_trait]
impl Store for MemoryStore {
    async fn newest_access(&self) -> Result<u64, StoreError> {
        self.run(|tables| newest_access(&tables.events))
    }

    async fn insert_request(
        &self,
        request: &Request,
        grant: Option<&Grant>,
        decided_on: u64,
        events: &[Event],
    ) -> Result<(), SaveError> {
        self.run(|tables| {
            if newest_access(&tables.events) != decided_on {
                return Err(SaveError::Conflict);
            }
            tables.requests.insert(request.id, Versioned { version: 0, value: request.clone() });
            if let Some(grant) = grant {
                tables.grants.insert(grant.id, Versioned { version: 0, value: grant.clone() });
            }
            tables.events.extend_from_slice(events);
            Ok(())
        })?
    }

    async fn save_request(
        &self,
        request: &Versioned<Request>,
        made: Option<Made<'_>>,
        events: &[Event],
    ) -> Result<(), SaveError> {
        self.run(|tables| {
            if made.is_some_and(|made| newest_access(&tables.events) != made.decided_on) {
                return Err(SaveError::Conflict);
            }
            save(&mut tables.requests, request.value.id, request)?;
            if let Some(Made { grant, .. }) = made {
                tables.grants.insert(grant.id, Versioned { version: 0, value: grant.clone() });
            }
            tables.events.extend_from_slice(events);
            Ok(())
        })?
    }

    async fn request(&self, id: RequestId) -> Result<Option<Versioned<Request>>, StoreError> {
        self.run(|tables| tables.requests.get(&id).cloned())
    }

    async fn requests(&self, query: &RequestQuery) -> Result<Vec<Versioned<Request>>, StoreError> {
        self.run(|tables| {
            let wanted = |request: &Request| {
                let pending = matches!(request.state, RequestState::Pending);
                match query {
                    RequestQuery::Pending => pending,
                    RequestQuery::Settled { .. } => !pending,
                    RequestQuery::ReviewOwed => request.owes_review(),
                    RequestQuery::SentSince(since) => request.sent_at >= *since,
                    RequestQuery::Of { person, .. } => request.person.key == *person,
                }
            };
            tables.requests.values().rev().filter(|row| wanted(&row.value)).cloned().collect()
        })
    }

    async fn groups_of(
        &self,
        person: &PersonKey,
        _: Timestamp,
    ) -> Result<Option<BTreeSet<GroupName>>, StoreError> {
        self.run(|tables| tables.groups.get(person).cloned())
    }

    async fn save_grant(
        &self,
        grant: &Versioned<Grant>,
        events: &[Event],
    ) -> Result<(), SaveError> {
        self.run(|tables| {
            save(&mut tables.grants, grant.value.id, grant)?;
            tables.events.extend_from_slice(events);
            Ok(())
        })?
    }

    async fn grant(&self, id: GrantId) -> Result<Option<Versioned<Grant>>, StoreError> {
        self.run(|tables| tables.grants.get(&id).cloned())
    }

    async fn active_grants(&self) -> Result<Vec<Versioned<Grant>>, StoreError> {
        self.run(|tables| {
            let active = |row: &&Versioned<Grant>| row.value.state == GrantState::Active;
            tables.grants.values().filter(active).cloned().collect()
        })
    }

    async fn insert_session(&self, session: &Session, events: &[Event]) -> Result<(), StoreError> {
        self.run(|tables| {
            tables.sessions.insert(session.id, Versioned { version: 0, value: session.clone() });
            tables.events.extend_from_slice(events);
        })
    }

    async fn save_session(
        &self,
        session: &Versioned<Session>,
        events: &[Event],
    ) -> Result<(), SaveError> {
        self.run(|tables| {
            save(&mut tables.sessions, session.value.id, session)?;
            tables.events.extend_from_slice(events);
            if self.late.swap(false, Ordering::SeqCst) {
                return Err(SaveError::Store(StoreError("late, by the test".into())));
            }
            Ok(())
        })?
    }

    async fn session(&self, id: SessionId) -> Result<Option<Versioned<Session>>, StoreError> {
        self.run(|tables| tables.sessions.get(&id).cloned())
    }

    async fn sessions(&self, query: &SessionQuery) -> Result<Vec<Versioned<Session>>, StoreError> {
        self.run(|tables| {
            let wanted = |session: &Session| {
                let ended = matches!(session.state, SessionState::Ended { .. });
                match query {
                    SessionQuery::Running => !ended,
                    SessionQuery::Under(grant) => session.grant == *grant,
                    SessionQuery::Ended { .. } => ended,
                    SessionQuery::Unsealed => {
                        matches!(session.state, SessionState::Ended { recording: None, .. })
                    }
                }
            };
            tables.sessions.values().rev().filter(|row| wanted(&row.value)).cloned().collect()
        })
    }

    /// Of the filter only where to go on is looked at; sessions sort by their names.
    async fn recordings(
        &self,
        filter: &RecordingFilter,
        limit: u16,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.run(|tables| {
            let recorded = |session: &Session| {
                let before = filter.before.is_none_or(|before| session.id < before);
                matches!(session.state, SessionState::Ended { recording: Some(_), .. }) && before
            };
            let sessions = tables.sessions.values().rev().map(|row| row.value.clone());
            sessions
                .filter(recorded)
                .take(limit.into())
                .map(|session| {
                    let review = tables.reviews.get(&session.id).cloned();
                    Recorded { session, review }
                })
                .collect()
        })
    }

    async fn review(&self, session: SessionId) -> Result<Option<Review>, StoreError> {
        self.run(|tables| tables.reviews.get(&session).cloned())
    }

    async fn insert_review(
        &self,
        session: SessionId,
        review: &Review,
        events: &[Event],
    ) -> Result<(), SaveError> {
        self.run(|tables| {
            if tables.reviews.contains_key(&session) {
                return Err(SaveError::Conflict);
            }
            tables.reviews.insert(session, review.clone());
            tables.events.extend_from_slice(events);
            Ok(())
        })?
    }

    async fn append(&self, events: &[Event]) -> Result<(), StoreError> {
        if self.deaf.load(Ordering::SeqCst) {
            return Err(StoreError("told to by the test".into()));
        }
        self.run(|tables| tables.events.extend_from_slice(events))
    }

    /// Of the filter only the kind and the session are looked at.
    async fn events(&self, filter: &AuditFilter, limit: u16) -> Result<Vec<Logged>, StoreError> {
        let wanted = |row: &Logged| {
            let Event { session, request, fact, .. } = &row.event;
            let names = [session.map(|id| id.to_string()), request.map(|id| id.to_string())];
            filter.kind.is_none_or(|kind| kind == fact.kind())
                && (filter.about.is_none() || names.contains(&filter.about))
        };
        self.run(|tables| logged(&tables.events).rev().filter(wanted).take(limit.into()).collect())
    }

    async fn events_after(&self, number: u64, limit: u16) -> Result<Vec<Logged>, StoreError> {
        self.run(|tables| {
            let newer = |row: &Logged| row.number > number;
            logged(&tables.events).filter(newer).take(limit.into()).collect()
        })
    }

    async fn story(&self, request: RequestId) -> Result<Vec<Logged>, StoreError> {
        self.run(|tables| {
            logged(&tables.events).filter(|row| row.event.request == Some(request)).collect()
        })
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        self.run(|tables| tables.events.len() as u64)
    }
}
