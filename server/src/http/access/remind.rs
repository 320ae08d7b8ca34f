//! `POST /requests/{id}/remind`

use axum::response::Response;

use super::button::Button;
use crate::http::page::Notice;

/// Reminds those who decide.
pub(crate) async fn remind(button: Button) -> Response {
    button.press(Notice::Reminded, |broker, id| broker.remind(id)).await
}
