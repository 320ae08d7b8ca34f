//! `GET /recordings/{id}/download`

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::SessionId;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{PageRequest, PathId, Redo};

/// Sends a recording as a file.
pub(crate) async fn download(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<SessionId>,
    page: PageRequest,
) -> Response {
    match shared.brokers.recording(&login.person, login.id, id).await {
        Ok(file) => {
            let kind = HeaderValue::from_static("application/x-asciicast");
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, attachment(&file.name)),
            ];
            (headers, Body::from_stream(file.lines)).into_response()
        }
        Err(refusal) => {
            let path = "/recordings".to_owned();
            Redo { page, path, values: BTreeMap::new() }.because(refusal).await
        }
    }
}

/// A file name of letters, digits, dots and dashes; anything else becomes a dash.
fn attachment(name: &str) -> HeaderValue {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    let name: String =
        name.chars().map(|letter| if plain(letter) { letter } else { '-' }).take(200).collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_01_a_file_name_is_never_a_path_or_a_header() {
        let name = attachment("../web\"\r\nX: é.cast");
        assert_eq!(name, "attachment; filename=\"..-web---X---.cast\"");
    }
}
