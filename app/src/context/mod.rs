//! What the server tells a page about the request it is rendered for.

mod assets;
mod outcome;
mod rejected;
mod theme;

pub use assets::Assets;
pub use outcome::Outcome;
pub use rejected::Rejected;
pub use theme::Theme;

use std::sync::Arc;

use domain::broker::Broker;
use jiff::Timestamp;
use leptos::prelude::{expect_context, provide_context};

use crate::Favourites;

/// One request for a page.
#[derive(Clone)]
pub struct Visit {
    /// The broker of whoever is signed in; none where nobody is.
    pub broker: Option<Arc<dyn Broker>>,
    /// What every page needs.
    pub page: PageContext,
    /// The form post that was refused, where the page answers one.
    pub rejected: Option<Rejected>,
    /// Where the page says with which status it is to be sent.
    pub outcome: Outcome,
}

/// What every page needs, signed in or not.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// The addresses of style sheets, scripts and icons.
    pub assets: Arc<Assets>,
    /// The colours that were chosen, from a cookie.
    pub theme: Theme,
    /// The namespaces that were marked, from a cookie.
    pub favourites: Favourites,
    /// The value of the response's Content-Security-Policy nonce.
    pub nonce: String,
    /// The instant from which the page counts.
    pub now: Timestamp,
    /// The identity provider's name, as people know it.
    pub provider: String,
    /// The portal's version.
    pub version: &'static str,
    /// What to tell an operator, to find this request in the log.
    pub request_id: String,
    /// What was just done, said once after a redirect.
    pub notice: Option<String>,
    /// Why the last sign-in did not work, as a sentence.
    pub sign_in_problem: Option<String>,
}

impl Visit {
    /// Makes all of it readable by the pages that are rendered under the current owner.
    pub fn provide(self) {
        provide_context(self);
    }

    pub(crate) fn current() -> Self {
        expect_context()
    }
}

impl PageContext {
    pub(crate) fn current() -> Self {
        Visit::current().page
    }
}
