//! What every request passes, from the outside in: headers of the answer, words for a bare error,
//! id and log line, the portal's name, the route's own demands.

mod admit;
mod error_page;
mod host;
mod origin;
mod protect;
mod trace;

pub(crate) use admit::admit;
pub(crate) use error_page::explain;
pub(crate) use host::own_host;
pub(crate) use protect::{Nonce, protect};
pub(crate) use trace::{HttpRequestId, trace};
