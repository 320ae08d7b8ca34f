//! `POST /requests/{id}/withdraw`

use axum::response::Response;

use super::button::Button;
use crate::http::page::Notice;

/// Takes back a request that waits.
pub(crate) async fn withdraw(button: Button) -> Response {
    button.press(Notice::Withdrawn, |broker, id| broker.withdraw(id)).await
}
