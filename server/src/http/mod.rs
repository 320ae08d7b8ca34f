//! The HTTP edge: from a request to the use cases and back.
//!
//! [`router`] makes an [`Edge`] answer requests, and [`serve`] makes it answer connections. An edge
//! is put together from
//!
//! - [`Brokers`]: the use cases, for whoever a request turns out to come from;
//! - [`SignIn`]: the identity provider; [`identity::Provider`] is one;
//! - a [`tower_sessions::SessionStore`], which keeps sign-ins under random keys;
//! - a [`broker::port::Clock`], the portal's own address, the issuer, and [`Limits`];
//! - a [`Site`]: [`Site::embedded`] is what was built with the program;
//! - a token that is cancelled when connections must end, after the sessions were ended.
//!
//! What every request passes is in `gate`:
//! its id and log line, the headers of its answer, the name it calls the portal by, and the
//! route's own demands, which stand in [`routes::ROUTES`]. `login` knows who somebody is, `page`
//! renders the pages of `app`, and the other folders hold a file for each route.
//!
//! To add a route: a line in [`routes::ROUTES`], and a file with its handler.
//!
//! Architecture invariant: handlers decide nothing. They read a form strictly, call the
//! [`domain::broker::Broker`] of the person who is signed in, and say what came of it.
//!
//! Sign-ins that the provider does not vouch for any more end within [`Limits::recheck`]. Where
//! the provider cannot be asked, they go on until its last answer is twice that old; approvals and
//! denials do not wait that long: they are refused until the provider answers.

mod access;
mod account;
mod brokers;
mod edge;
mod gate;
mod live;
mod login;
mod page;
mod recording;
pub mod routes;
mod serve;
mod shell;
mod site;
mod slots;
mod strangers;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use tower_http::timeout::TimeoutLayer;

pub use brokers::Brokers;
pub use edge::{Edge, Limits};
pub use login::{LoginEnd, RecheckRefused, Rechecked, Secret, SignIn, SignInTrouble, SignedIn};
pub(crate) use serve::Connection;
pub use serve::{serve, serve_at_most};
pub use site::Site;

pub(crate) use edge::{Shared, State};

/// The largest body of a request, in bytes. The longest form is a reason of 1,000 characters.
const LARGEST_BODY: usize = 64 * 1024;
/// A request is answered, or begins to be, within this time.
const ANSWERED_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

/// Every route, behind the gate. Terminals need connections that come through [`serve`].
pub fn router(edge: Edge) -> Router {
    let shared: Shared = Arc::new(State::from(edge));
    routes::router()
        .route_layer(from_fn_with_state(Arc::clone(&shared), gate::admit))
        .fallback(page::missing)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWERED_WITHIN))
        .layer(from_fn_with_state(Arc::clone(&shared), gate::own_host))
        .layer(from_fn_with_state(Arc::clone(&shared), gate::trace))
        .layer(from_fn_with_state(Arc::clone(&shared), gate::explain))
        .layer(from_fn_with_state(Arc::clone(&shared), gate::protect))
        .with_state(shared)
}
