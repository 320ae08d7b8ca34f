//! `GET /events`: what changes, as server-sent events.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use broker::Change;
use futures::stream::{self, BoxStream, Stream, StreamExt as _};

use crate::http::Shared;
use crate::http::login::{Actor, Guard, News, Presence};
use crate::http::slots::{Slot, Slots};

/// A silent connection says this often that it lives.
const LIVES_EACH: Duration = Duration::from_secs(10);
/// Standard, though not in the library's list (HTML, 9.2.4).
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Streams in all: more than there can be connections, which are what bounds them.
const MOST_STREAMS: usize = 10_000;
/// Streams of one sign-in: nobody works in more tabs, and one browser cannot take all connections.
const MOST_STREAMS_EACH: usize = 50;
/// Tells proxies not to hold events back.
const NOT_BUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Open streams of events: one for each browser, whose tabs share it; without Web Locks, one for
/// each tab.
pub(crate) struct Streams(Slots);

impl Default for Streams {
    fn default() -> Self {
        Self(Slots::new(MOST_STREAMS, MOST_STREAMS_EACH))
    }
}

/// Tells an open page what changes, from the event on that it has seen.
pub(crate) async fn events(
    State(shared): State<Shared>,
    actor: Actor,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let resumed = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let asked = resumed.or(query.get("after").map(String::as_str));
    let after = asked.and_then(|after| after.parse().ok()).unwrap_or_default();
    let Some(slot) = shared.streams.0.take(actor.login.id) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let told = Told {
        guard: Guard::new(&shared.logins, &actor),
        changes: shared.brokers.changes(&actor.login.person, after),
        shared,
        _slot: slot,
    };
    let keep_alive = KeepAlive::new().interval(LIVES_EACH);
    ([NOT_BUFFERED], Sse::new(told.stream()).keep_alive(keep_alive)).into_response()
}

struct Told {
    guard: Guard,
    changes: BoxStream<'static, Change>,
    shared: Shared,
    _slot: Slot,
}

impl Told {
    /// Ends when the sign-in does, or when what the person may see changes: the browser then
    /// comes back, and is told what it missed, or that it may not.
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut told| async move {
            let change = tokio::select! {
                biased;
                News::Ended | News::Changed = told.guard.news(|| Presence::Background) => None,
                () = told.shared.stopping.cancelled() => None,
                change = told.changes.next() => change,
            };
            let change = change?;
            let event = Event::default().event("change").id(change.number.to_string());
            event.json_data(&change.topics).ok().map(|event| (Ok(event), told))
        })
    }
}
