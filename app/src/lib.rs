//! The pages, as Leptos views.
//!
//! A page is a file in `pages/`: it asks the [`domain::broker::Broker`] of the request it is
//! rendered for and awaits the answer, so that the HTML is whole before anything is sent. Every
//! form works without script. What makes a page lively is said in the HTML itself (`data-live`,
//! `data-key`, `data-countdown`, …) and done by one small script.
//!
//! Architecture invariant: nothing here knows HTTP, a database or a cluster, and no file has a
//! `cfg` of a feature. To add a page, add its file, its line in [`App`], and its states to the
//! gallery in `examples/`.

pub mod api;
mod context;
mod favourites;
#[expect(unreachable_pub, reason = "the component macro makes every function pub")]
mod pages;
#[expect(unreachable_pub, reason = "the component macro makes every function pub")]
mod parts;
mod render;
#[expect(unreachable_pub, reason = "the component macro makes every function pub")]
pub mod terminal;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

pub use context::{Assets, Outcome, PageContext, Rejected, Theme, Visit};
pub use favourites::Favourites;
pub use render::render;

use pages::{
    AskPage, AuditPage, ChangePage, ExtendPage, InboxPage, MissingPage, NamespacesPage, PolicyPage,
    RecordingPage, RecordingsPage, RequestPage, SessionPage, SessionsPage, ShellPage, SignInPage,
};

/// The route table; every page is a whole HTML document.
#[component]
pub fn App() -> impl IntoView {
    const WHOLE: SsrMode = SsrMode::Async;
    view! {
        <Router>
            <FlatRoutes fallback=MissingPage>
                <Route path=path!("/sign-in") view=SignInPage ssr=WHOLE />
                <Route path=path!("/") view=NamespacesPage ssr=WHOLE />
                <Route path=path!("/ns/:cluster/:namespace") view=AskPage ssr=WHOLE />
                <Route path=path!("/requests/:id") view=RequestPage ssr=WHOLE />
                <Route path=path!("/requests/:id/change") view=ChangePage ssr=WHOLE />
                <Route path=path!("/requests/:id/extend") view=ExtendPage ssr=WHOLE />
                <Route path=path!("/policy") view=PolicyPage ssr=WHOLE />
                <Route path=path!("/requests/:id/shell") view=ShellPage ssr=WHOLE />
                <Route path=path!("/inbox") view=InboxPage ssr=WHOLE />
                <Route path=path!("/sessions") view=SessionsPage ssr=WHOLE />
                <Route path=path!("/sessions/:id") view=SessionPage ssr=WHOLE />
                <Route path=path!("/recordings") view=RecordingsPage ssr=WHOLE />
                <Route path=path!("/recordings/:id") view=RecordingPage ssr=WHOLE />
                <Route path=path!("/audit") view=AuditPage ssr=WHOLE />
            </FlatRoutes>
        </Router>
    }
}
