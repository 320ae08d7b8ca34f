//! The one place where events are made and written.

use domain::broker::Refusal;
use domain::{
    Event, Fact, Grant, GrantId, Person, Place, Request, RequestId, Session, SessionId, Signer,
};

use super::{Portal, unavailable};

/// What an event concerns.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub(crate) place: Option<Place>,
    pub(crate) request: Option<RequestId>,
    pub(crate) grant: Option<GrantId>,
    pub(crate) session: Option<SessionId>,
}

impl About {
    pub(crate) fn place(place: &Place) -> Self {
        Self { place: Some(place.clone()), ..Self::default() }
    }

    pub(crate) fn request(request: &Request) -> Self {
        Self { request: Some(request.id), ..Self::place(&request.place) }
    }

    pub(crate) fn grant(grant: &Grant) -> Self {
        Self { request: Some(grant.request), grant: Some(grant.id), ..Self::place(&grant.place) }
    }

    pub(crate) fn session(session: &Session, request: RequestId) -> Self {
        Self {
            request: Some(request),
            grant: Some(session.grant),
            session: Some(session.id),
            ..Self::place(&session.target.place)
        }
    }
}

impl Portal {
    /// Makes an event of this moment; nothing is written yet.
    pub(crate) fn event(&self, actor: Option<&Person>, about: &About, fact: Fact) -> Event {
        Event {
            id: self.clock.event_id(),
            at: self.clock.now(),
            actor: actor.map(Signer::from),
            place: about.place.clone(),
            request: about.request,
            grant: about.grant,
            session: about.session,
            fact,
        }
    }

    /// Writes one event; durable on return.
    ///
    /// # Errors
    /// When it could not be written: what it announces must not happen then.
    pub async fn note(&self, actor: Option<&Person>, fact: Fact) -> Result<(), Refusal> {
        self.write(self.event(actor, &About::default(), fact)).await
    }

    pub(crate) async fn write(&self, event: Event) -> Result<(), Refusal> {
        self.store.append(&[event]).await.map_err(unavailable)?;
        self.changes.wake();
        Ok(())
    }

    /// Passes a result on, and writes an event where it says that somebody tried what is not
    /// theirs to do.
    pub(crate) async fn told<T>(
        &self,
        actor: &Person,
        about: &About,
        what: &str,
        result: Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let (rule, stamp) = match &result {
            Err(Refusal::Denied { rule, stamp, .. }) => (rule.clone(), Some(stamp.clone())),
            Err(Refusal::Forbidden { .. } | Refusal::NotFound) => (None, None),
            _ => return result,
        };
        if let Err(refusal) = &result {
            let (what, why) = (what.to_owned(), refusal.to_string());
            let fact = Fact::Refused { what, why, rule, stamp };
            self.write(self.event(Some(actor), about, fact)).await?;
        }
        result
    }
}
