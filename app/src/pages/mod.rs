//! A file for each page.

mod ask;
mod audit;
mod inbox;
mod missing;
mod namespaces;
mod recordings;
mod request;
mod session;
mod sessions;
mod shell;
mod sign_in;

pub(crate) use ask::AskPage;
pub(crate) use audit::AuditPage;
pub(crate) use inbox::InboxPage;
pub(crate) use missing::MissingPage;
pub(crate) use namespaces::NamespacesPage;
pub(crate) use recordings::RecordingsPage;
pub(crate) use request::RequestPage;
pub(crate) use session::SessionPage;
pub(crate) use sessions::SessionsPage;
pub(crate) use shell::ShellPage;
pub(crate) use sign_in::SignInPage;

use std::str::FromStr;

use domain::broker::Refusal;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A parameter of the route; whatever does not parse names nothing that exists.
fn param<T: FromStr>(name: &str) -> Result<T, Refusal> {
    use_params_map()
        .read_untracked()
        .get_str(name)
        .and_then(|value| value.parse().ok())
        .ok_or(Refusal::NotFound)
}

/// A parameter of the query, trimmed; none where it is empty.
fn query(name: &str) -> Option<String> {
    let value = use_query_map().read_untracked().get(name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}
