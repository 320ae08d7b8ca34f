//! `GET /sessions/{id}/terminal`: the WebSocket of a terminal.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use broker::FirstMessage;
use broker::port::{LETS_GO_WITHIN, Viewer as _};
use domain::SessionId;
use domain::broker::Refusal;
use domain::wire::{BrowserMessage, CloseCode, LARGEST_FROM_BROWSER, LARGEST_FROM_SERVER};
use tokio::time::timeout;

use super::socket::Socket;
use crate::http::login::{Actor, Guard, News, Presence};
use crate::http::page::PathId;
use crate::http::slots::{Slot, Slots};
use crate::http::{Connection, Shared};

/// A socket says which session it wants within this time.
const ATTACHES_WITHIN: Duration = Duration::from_secs(10);
/// How long the other side may take to close. What it has not taken by then is thrown away.
const CLOSES_WITHIN: Duration = Duration::from_millis(500);
// No byte passes later than a second after a deadline (docs/threats.md, invariant 3).
const _: () = assert!(LETS_GO_WITHIN.as_millis() + CLOSES_WITHIN.as_millis() < 1_000);
/// Bytes read at once; the library's default would cost 128 KiB for each socket.
const READ_AT_ONCE: usize = 8 * 1024;
/// Two messages: one on its way, one that a ping pushed behind it.
const MOST_UNSENT: usize = 2 * LARGEST_FROM_SERVER;

/// Handshakes at once: each is over in an instant, or after [`ATTACHES_WITHIN`]. All pages come
/// back together when the network does; who finds no room tries again.
const MOST_HANDSHAKES: usize = 256;
/// Handshakes of one sign-in, so that no browser takes the room of all others.
const MOST_HANDSHAKES_EACH: usize = 16;

/// Sockets that have not said yet what they want (W-06).
pub(crate) struct Handshakes(Slots);

impl Default for Handshakes {
    fn default() -> Self {
        Self(Slots::new(MOST_HANDSHAKES, MOST_HANDSHAKES_EACH))
    }
}

/// Opens the socket.
pub(crate) async fn terminal(
    State(shared): State<Shared>,
    actor: Actor,
    PathId(session): PathId<SessionId>,
    connection: Option<Extension<Connection>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let (upgrade, Extension(connection)) = match (upgrade, connection) {
        (Ok(upgrade), Some(connection)) => (upgrade, connection),
        (Ok(_), None) => return StatusCode::NOT_IMPLEMENTED.into_response(),
        (Err(rejection), _) => return rejection.status().into_response(),
    };
    let Some(slot) = shared.handshakes.0.take(actor.login.id) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    if connection.resets().is_err() {
        // The browser is gone.
        return StatusCode::BAD_REQUEST.into_response();
    }
    upgrade
        .read_buffer_size(READ_AT_ONCE)
        .write_buffer_size(0)
        .max_write_buffer_size(MOST_UNSENT)
        .max_message_size(LARGEST_FROM_BROWSER)
        .max_frame_size(LARGEST_FROM_BROWSER)
        .on_upgrade(move |socket| {
            let tasks = connection.tasks.clone();
            tasks.track_future(async move {
                let (code, socket) = serve(shared, actor, session, socket, slot).await;
                let closing = async {
                    socket.close(code).await;
                    connection.end().await
                };
                // Whatever came of it, both are dropped by now.
                let _ = timeout(CLOSES_WITHIN, closing).await;
            })
        })
}

/// Serves the socket to its end; says why it is to be closed.
async fn serve(
    shared: Shared,
    actor: Actor,
    session: SessionId,
    socket: WebSocket,
    slot: Slot,
) -> (CloseCode, Socket<WebSocket>) {
    let mut socket = Socket::new(socket, Arc::clone(&shared.clock));
    let mut guard = Guard::new(&shared.logins, &actor);
    let typed = socket.typed();
    let presence = || if typed.take() { Presence::Active } else { Presence::Background };
    // Whose session it is keeps it when groups change: what was granted stays granted. Whoever only
    // looks on must still be allowed to.
    let allowed_no_more = async {
        loop {
            if guard.news(presence).await == News::Ended {
                return CloseCode::SignedOut;
            }
            let broker = shared.brokers.bound(guard.person(), actor.login.id);
            if matches!(broker.session(session).await, Err(Refusal::NotFound)) {
                return CloseCode::NotAllowed;
            }
        }
    };
    let served = async {
        let first = match timeout(ATTACHES_WITHIN, first(&mut socket)).await {
            Ok(Ok(first)) => first,
            Ok(Err(code)) => return code,
            Err(_) => return CloseCode::NotAllowed,
        };
        drop(slot);
        let person = &actor.login.person;
        shared.brokers.attach(person, actor.login.id, session, first, &mut socket).await
    };
    let code = tokio::select! {
        code = served => code,
        code = allowed_no_more => code,
        () = shared.stopping.cancelled() => CloseCode::Restarting,
    };
    (code, socket)
}

/// What the socket wants: always its first message (W-08).
async fn first(socket: &mut Socket<WebSocket>) -> Result<FirstMessage, CloseCode> {
    let message = socket.halves().0.receive().await.map_err(|_| CloseCode::Malformed)?;
    match BrowserMessage::decode(&message) {
        Ok(BrowserMessage::Attach { offset, turn, size, ticket }) => {
            Ok(FirstMessage { offset, turn, size, ticket })
        }
        Ok(_) | Err(_) => Err(CloseCode::Malformed),
    }
}
