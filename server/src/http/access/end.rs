//! `POST /requests/{id}/end`

use axum::response::Response;

use super::button::Button;
use crate::http::page::Notice;

/// Ends the access that a request was granted, and every session under it.
pub(crate) async fn end(button: Button) -> Response {
    button.press(Notice::AccessEnded, |broker, id| broker.end_grant(id)).await
}
