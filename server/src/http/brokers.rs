//! What the edge needs from the use cases.

use std::sync::Arc;

use async_trait::async_trait;
use broker::port::{Outline, Stretch, Viewer};
use broker::{Change, Download, FirstMessage};
use domain::broker::{Broker, Refusal};
use domain::wire::CloseCode;
use domain::{LoginId, Person, SessionId};
use futures::stream::BoxStream;

use super::LoginEnd;

/// The use cases, for whoever a request turns out to come from.
#[async_trait]
pub trait Brokers: Send + Sync {
    /// Everything that one signed-in person may do.
    fn bound(&self, person: &Person, login: LoginId) -> Arc<dyn Broker>;

    /// Notes that a person signed in.
    ///
    /// # Errors
    /// When it could not be written: the person is not signed in then.
    async fn signed_in(&self, person: &Person, login: LoginId) -> Result<(), Refusal>;

    /// Notes that a sign-in was refused; `why` is for operators and holds no secret.
    async fn sign_in_refused(&self, why: &str);

    /// Closes what was opened under a sign-in that is over, and notes its end (O-17, O-21).
    async fn signed_out(&self, person: &Person, login: LoginId, how: LoginEnd);

    /// Serves one terminal to its end. The future may be dropped at any time.
    async fn attach(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
        first: FirstMessage,
        viewer: &mut dyn Viewer,
    ) -> CloseCode;

    /// The recording of a session, as a file on its way.
    async fn recording(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
    ) -> Result<Download, Refusal>;

    /// What a recording holds, without reading all of it.
    async fn outline(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
    ) -> Result<Outline, Refusal>;

    /// The part of a recording in which an instant lies, in microseconds from its beginning.
    async fn stretch(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
        at_us: u64,
    ) -> Result<Stretch, Refusal>;

    /// What changes for a person from an event number on, missed changes first.
    fn changes(&self, person: &Person, after: u64) -> BoxStream<'static, Change>;

    /// Whether new sessions can be recorded and audited.
    async fn ready(&self) -> Result<(), Refusal>;
}
