//! The portal as the HTTP edge's use cases.

use std::sync::Arc;

use async_trait::async_trait;
use broker::port::{Outline, Stretch, Viewer};
use broker::{Change, Download, FirstMessage, Portal};
use domain::broker::{Broker, Refusal};
use domain::wire::CloseCode;
use domain::{Fact, LoginId, Person, SessionId};
use futures::stream::BoxStream;

use crate::http::{Brokers, LoginEnd};

/// The portal behind the edge.
pub(super) struct PortalBrokers(pub(super) Arc<Portal>);

#[async_trait]
impl Brokers for PortalBrokers {
    fn bound(&self, person: &Person, login: LoginId) -> Arc<dyn Broker> {
        Arc::new(self.0.bound(person, login))
    }

    async fn signed_in(&self, person: &Person, _: LoginId) -> Result<(), Refusal> {
        let groups = person.groups.iter().map(ToString::to_string).collect();
        self.0.note(Some(person), Fact::SignedIn { groups }).await
    }

    async fn sign_in_refused(&self, why: &str) {
        // A failed write is logged where it fails; the sign-in is refused either way.
        let _ = self.0.note(None, Fact::SignInRefused { why: why.to_owned() }).await;
    }

    async fn signed_out(&self, person: &Person, login: LoginId, how: LoginEnd) {
        self.0.sign_out(login);
        if how == LoginEnd::Gone {
            // Logged where it fails; such approvals are looked at once more before a grant.
            let _ = self.0.disowned(&person.key).await;
        }
        let how = how.words().to_owned();
        // The terminals are closed already; a failed write is logged where it fails.
        let _ = self.0.note(Some(person), Fact::SignedOut { how }).await;
    }

    async fn attach(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
        first: FirstMessage,
        viewer: &mut dyn Viewer,
    ) -> CloseCode {
        self.0.attach(person, login, session, first, viewer).await
    }

    async fn recording(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
    ) -> Result<Download, Refusal> {
        self.0.bound(person, login).download(session).await
    }

    async fn outline(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
    ) -> Result<Outline, Refusal> {
        self.0.bound(person, login).outline(session).await
    }

    async fn stretch(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
        at_us: u64,
    ) -> Result<Stretch, Refusal> {
        self.0.bound(person, login).stretch(session, at_us).await
    }

    fn changes(&self, person: &Person, after: u64) -> BoxStream<'static, Change> {
        self.0.changes(person.clone(), after)
    }

    async fn ready(&self) -> Result<(), Refusal> {
        self.0.ready().await
    }
}
