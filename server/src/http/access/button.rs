//! Forms about a request that are no more than a button.

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use domain::RequestId;
use domain::broker::{Broker, Refusal};
use futures::future::BoxFuture;
use serde::Deserialize;

use super::{Back, answered};
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm};

/// A button that somebody pressed.
pub(crate) struct Button {
    shared: Shared,
    actor: Actor,
    id: RequestId,
    back: Back,
    redo: Redo,
}

/// A form with nothing in it but where it returns to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(default)]
    back: Back,
}

impl FromRequest<Shared> for Button {
    type Rejection = Response;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Response> {
        type Parts = (Actor, PathId<RequestId>, PageRequest, StrictForm<Fields>);
        let (actor, PathId(id), page, StrictForm { form: Fields { back }, values }) =
            Parts::from_request(request, shared).await?;
        let redo = Redo { page, path: back.again(id), values };
        Ok(Self { shared: Shared::clone(shared), actor, id, back, redo })
    }
}

impl Button {
    /// Does what it stands for, and leads back to where it was.
    pub(super) async fn press(
        self,
        notice: Notice,
        act: for<'a> fn(&'a dyn Broker, RequestId) -> BoxFuture<'a, Result<(), Refusal>>,
    ) -> Response {
        let Self { shared, actor, id, back, redo } = self;
        let broker = shared.brokers.bound(&actor.login.person, actor.login.id);
        answered(act(&*broker, id).await, &back.again(id), notice, redo).await
    }
}
