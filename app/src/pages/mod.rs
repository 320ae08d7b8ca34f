//! A file for each page.

mod ask;
mod audit;
mod inbox;
mod missing;
mod namespaces;
mod policy;
mod recording;
mod recordings;
mod request;
mod session;
mod sessions;
mod shell;
mod sign_in;

pub(crate) use ask::{AskPage, ChangePage, ExtendPage};
pub(crate) use audit::AuditPage;
pub(crate) use inbox::InboxPage;
pub(crate) use missing::MissingPage;
pub(crate) use namespaces::NamespacesPage;
pub(crate) use policy::PolicyPage;
pub(crate) use recording::RecordingPage;
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

/// An address with a query of the values that are there.
fn address(path: &str, values: &[(&str, Option<&str>)]) -> String {
    let values: Vec<_> = values
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", encoded((*value)?))))
        .collect();
    if values.is_empty() { path.to_owned() } else { format!("{path}?{}", values.join("&")) }
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
fn encoded(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// Whether the query has a parameter, empty or not.
fn is_in_query(name: &str) -> bool {
    use_query_map().read_untracked().get(name).is_some()
}

/// A parameter of the query, trimmed; none where it is empty.
fn query(name: &str) -> Option<String> {
    let value = use_query_map().read_untracked().get(name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}
