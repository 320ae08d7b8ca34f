//! Server functions: what the rich pages ask the server for.

#[allow(missing_docs, unreachable_pub, reason = "the macro writes a public struct of its own")]
mod terminal;

pub use terminal::{TerminalTicket, TicketRefused, terminal_ticket};
