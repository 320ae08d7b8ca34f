//! Signing in and out, and what a browser keeps by itself: a file for each route.

mod callback;
mod favourite;
mod sign_out;
mod start;
mod theme;

pub(crate) use callback::callback;
pub(crate) use favourite::favourite;
pub(crate) use sign_out::sign_out;
pub(crate) use start::start;
pub(crate) use theme::theme;

use std::collections::BTreeMap;

use axum::http::StatusCode;

use super::page::LocalPath;
use super::{SignInTrouble, State};

/// The address wanted after signing in, from a query; anything odd leads to the first page.
fn wanted(query: &BTreeMap<String, String>) -> LocalPath {
    query.get("to").and_then(|to| LocalPath::parse(to)).unwrap_or_default()
}

/// Logs and notes why nobody is signed in; returns what to tell the person.
async fn troubled(state: &State, trouble: SignInTrouble) -> (String, StatusCode) {
    match trouble {
        SignInTrouble::Away { words, why } => {
            tracing::warn!(%why, "the identity provider cannot be used");
            (words, StatusCode::SERVICE_UNAVAILABLE)
        }
        SignInTrouble::Refused { words, why } => {
            tracing::warn!(%why, "a sign-in was refused");
            if state.strangers.is_written_down() {
                state.brokers.sign_in_refused(&why).await;
            }
            (words, StatusCode::FORBIDDEN)
        }
    }
}
