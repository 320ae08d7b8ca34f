//! The port, method by method.

use std::collections::BTreeSet;

use async_trait::async_trait;
use broker::port::{
    Logged, Made, Recorded, RequestQuery, SaveError, SessionQuery, Store, StoreError, Versioned,
};
use domain::broker::{AuditFilter, RecordingFilter};
use domain::{
    Event, Grant, GrantId, GroupName, PersonKey, Request, RequestId, Review, Session, SessionId,
};
use jiff::Timestamp;

use crate::Database;
use crate::change::Subject;
use crate::database::in_time;
use crate::table::{audit_head, events, grants, logins, requests, reviews, sessions};

#[async_trait]
impl Store for Database {
    async fn insert_request(
        &self,
        request: &Request,
        grant: Option<&Grant>,
        decided_on: u64,
        events: &[Event],
    ) -> Result<(), SaveError> {
        let subject =
            Subject::NewRequest { request: request.clone(), grant: grant.cloned(), decided_on };
        Ok(self.write(subject, events).await?)
    }

    async fn newest_access(&self) -> Result<u64, StoreError> {
        Ok(in_time(audit_head::newest_access(self.readers())).await?)
    }

    async fn save_request(
        &self,
        request: &Versioned<Request>,
        made: Option<Made<'_>>,
        events: &[Event],
    ) -> Result<(), SaveError> {
        let made = made.map(|made| (made.grant.clone(), made.decided_on));
        Ok(self.write(Subject::Request(request.clone(), made), events).await?)
    }

    async fn request(&self, id: RequestId) -> Result<Option<Versioned<Request>>, StoreError> {
        Ok(in_time(requests::find(self.readers(), id)).await?)
    }

    async fn requests(&self, query: &RequestQuery) -> Result<Vec<Versioned<Request>>, StoreError> {
        Ok(in_time(requests::list(self.readers(), query)).await?)
    }

    async fn groups_of(
        &self,
        person: &PersonKey,
        now: Timestamp,
    ) -> Result<Option<BTreeSet<GroupName>>, StoreError> {
        let found = in_time(logins::latest_of(self.readers(), person, now)).await?;
        Ok(found.map(|person| person.groups))
    }

    async fn save_grant(
        &self,
        grant: &Versioned<Grant>,
        events: &[Event],
    ) -> Result<(), SaveError> {
        Ok(self.write(Subject::Grant(grant.clone()), events).await?)
    }

    async fn grant(&self, id: GrantId) -> Result<Option<Versioned<Grant>>, StoreError> {
        Ok(in_time(grants::find(self.readers(), id)).await?)
    }

    async fn active_grants(&self) -> Result<Vec<Versioned<Grant>>, StoreError> {
        Ok(in_time(grants::active(self.readers())).await?)
    }

    async fn insert_session(&self, session: &Session, events: &[Event]) -> Result<(), StoreError> {
        Ok(self.write(Subject::NewSession(session.clone()), events).await?)
    }

    async fn save_session(
        &self,
        session: &Versioned<Session>,
        events: &[Event],
    ) -> Result<(), SaveError> {
        Ok(self.write(Subject::Session(session.clone()), events).await?)
    }

    async fn session(&self, id: SessionId) -> Result<Option<Versioned<Session>>, StoreError> {
        Ok(in_time(sessions::find(self.readers(), id)).await?)
    }

    async fn sessions(&self, query: &SessionQuery) -> Result<Vec<Versioned<Session>>, StoreError> {
        Ok(in_time(sessions::list(self.readers(), query)).await?)
    }

    async fn recordings(
        &self,
        filter: &RecordingFilter,
        limit: u16,
    ) -> Result<Vec<Recorded>, StoreError> {
        Ok(in_time(reviews::recordings(self.readers(), filter, limit)).await?)
    }

    async fn review(&self, session: SessionId) -> Result<Option<Review>, StoreError> {
        Ok(in_time(reviews::find(self.readers(), session)).await?)
    }

    async fn insert_review(
        &self,
        session: SessionId,
        review: &Review,
        events: &[Event],
    ) -> Result<(), SaveError> {
        Ok(self.write(Subject::NewReview(session, review.clone()), events).await?)
    }

    async fn append(&self, events: &[Event]) -> Result<(), StoreError> {
        Ok(self.write(Subject::Log, events).await?)
    }

    async fn events(&self, filter: &AuditFilter, limit: u16) -> Result<Vec<Logged>, StoreError> {
        Ok(in_time(events::search(self.readers(), filter, limit)).await?)
    }

    async fn events_after(&self, number: u64, limit: u16) -> Result<Vec<Logged>, StoreError> {
        Ok(in_time(events::after(self.readers(), number, limit)).await?)
    }

    async fn story(&self, request: RequestId) -> Result<Vec<Logged>, StoreError> {
        Ok(in_time(events::story(self.readers(), request)).await?)
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        Ok(in_time(audit_head::newest(self.readers())).await?)
    }
}
