//! Tickets for terminals.

use domain::broker::{Refusal, Ticket};
use domain::{SessionEnd, SessionId};
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, JsonEncoding};
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why there is no ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TicketRefused {
    /// There will not be one: a sentence.
    Never(String),
    /// The session is over: how, as a sentence.
    Over(String),
    /// The session was lost with the server that ran it.
    Lost,
    /// Nobody is signed in.
    SignedOut,
    /// Asking again may help: the server or a part of it is out of reach.
    NotNow,
}

/// Asks for the right to attach one socket to a session, once, within 30 s (W-03).
#[server(prefix = "/api", endpoint = "terminal_ticket", input = Json, output = Json)]
pub async fn terminal_ticket(session: SessionId) -> Result<Ticket, TicketRefused> {
    use std::sync::Arc;

    use domain::broker::Broker;

    let broker = use_context::<Arc<dyn Broker>>().ok_or(TicketRefused::SignedOut)?;
    Ok(broker.terminal_ticket(session).await?)
}

impl From<Refusal> for TicketRefused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unavailable { .. } => Self::NotNow,
            Refusal::Over { how: SessionEnd::PortalStopped } => Self::Lost,
            Refusal::Over { how } => Self::Over(how.words()),
            Refusal::NotFound
            | Refusal::Forbidden { .. }
            | Refusal::Denied { .. }
            | Refusal::Conflict { .. }
            | Refusal::Invalid(_) => Self::Never(refusal.to_string()),
        }
    }
}

impl FromServerFnError for TicketRefused {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::NotNow
    }
}
