//! Forms about requests: a file for each.

mod approve;
mod ask;
mod button;
mod change;
mod comment;
mod deny;
mod end;
mod extend;
mod fields;
mod remind;
mod review;
mod take_back;
mod withdraw;

pub(crate) use approve::approve;
pub(crate) use ask::ask;
pub(crate) use change::change;
pub(crate) use comment::comment;
pub(crate) use deny::deny;
pub(crate) use end::end;
pub(crate) use extend::extend;
pub(crate) use remind::remind;
pub(crate) use review::review;
pub(crate) use take_back::take_back;
pub(crate) use withdraw::withdraw;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use domain::RequestId;
use domain::broker::{Broker, Refusal};
use serde::Deserialize;

use super::Shared;
use super::login::{Actor, NotLookedUp};
use super::page::{Notice, Redo, done};

/// The page that a form is on, and returns to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Back {
    /// The request's own page.
    #[default]
    Request,
    /// The inbox.
    Inbox,
}

impl Back {
    /// Where to go when all went well.
    fn path(self, id: RequestId) -> String {
        match self {
            Self::Request => format!("/requests/{id}"),
            Self::Inbox => "/inbox".to_owned(),
        }
    }

    /// Where the form is shown again.
    fn again(self, id: RequestId) -> String {
        match self {
            Self::Request => format!("/requests/{id}"),
            Self::Inbox => format!("/inbox?selected={id}"),
        }
    }
}

/// Leads on, or shows the form again.
async fn answered(
    result: Result<(), Refusal>,
    done_at: &str,
    notice: Notice,
    redo: Redo,
) -> Response {
    match result {
        Ok(()) => done(done_at, Some(notice)),
        Err(refusal) => redo.because(refusal).await,
    }
}

/// The use cases with the person's groups of this moment: who decides must have the right to now
/// (O-15).
async fn deciding(shared: &Shared, actor: &Actor) -> Result<Arc<dyn Broker>, NotLookedUp> {
    let login = shared.logins.looked_up_again(actor.key).await?;
    Ok(shared.brokers.bound(&login.person, login.id))
}

/// Says that nothing was decided, because nobody could say whether the person still may.
async fn undecided(cause: NotLookedUp, redo: Redo) -> Response {
    let why = match cause {
        NotLookedUp::SignedOut => "You are signed out, so nothing was decided.",
        NotLookedUp::ProviderAway => {
            "Nothing was decided: the identity provider could not be asked whether you still may. \
             Try again in a moment, or sign in again."
        }
        NotLookedUp::StoreAway => "Nothing was decided: the database is away.",
    };
    let status = match cause {
        NotLookedUp::SignedOut => StatusCode::UNAUTHORIZED,
        NotLookedUp::ProviderAway | NotLookedUp::StoreAway => StatusCode::SERVICE_UNAVAILABLE,
    };
    redo.saying(status, why).await
}
