//! Whether a request comes from the portal's own pages.

use axum::http::{HeaderMap, header};
use url::Url;

/// Whether the header `Origin` is there once and names exactly the portal (W-01).
///
/// Every browser sends it with form posts and WebSocket handshakes (Fetch, 3.2; RFC 6455, 4.1), so
/// nothing stands in where it is missing. Pages are sent with `Referrer-Policy: same-origin`:
/// under `no-referrer` it would be `null` on the portal's own forms.
pub(super) fn is_own(headers: &HeaderMap, public_url: &Url) -> bool {
    let mut named = headers.get_all(header::ORIGIN).iter();
    let own = public_url.origin().ascii_serialization();
    named.next().is_some_and(|origin| origin.as_bytes() == own.as_bytes()) && named.next().is_none()
}
