//! `POST /requests/{id}/take-back`

use axum::response::Response;

use super::button::Button;
use crate::http::page::Notice;

/// Takes one's approval back before the grant is made.
pub(crate) async fn take_back(button: Button) -> Response {
    button.press(Notice::TakenBack, |broker, id| broker.take_back(id)).await
}
