//! `GET /recordings/{id}/stretch?at=MICROSECONDS`
//!
//! The answer is binary, because what a terminal shows need not be text. Integers are big-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 7 | the mark at which it begins, in microseconds |
//! | 8 to 15 | the next mark; all ones at the end of the recording |
//! | 16 to 19 | columns and rows of the screen there |
//! | 20 to 23 | length of what draws that screen |
//! | 24 … | what draws it, on a terminal that was reset |
//!
//! and then each event:
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 7 | microseconds from the beginning of the recording |
//! | 8 | 1 output, 2 standard error, 3 a size (`COLUMNSxROWS`), 4 an exit code |
//! | 9 to 12 | length of the payload |
//! | 13 … | the payload |

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use broker::port::{Stream, Stretch};
use domain::SessionId;
use serde::Deserialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{PathId, status};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// Microseconds from the beginning.
    at: u64,
}

/// Sends the part of a recording in which an instant lies.
pub(crate) async fn stretch(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<SessionId>,
    place: Result<Query<Place>, QueryRejection>,
) -> Response {
    let Ok(Query(Place { at })) = place else { return StatusCode::NOT_FOUND.into_response() };
    match shared.brokers.stretch(&login.person, login.id, id, at).await {
        Ok(stretch) => {
            let kind = HeaderValue::from_static("application/octet-stream");
            ([(header::CONTENT_TYPE, kind)], encoded(&stretch)).into_response()
        }
        Err(refusal) => status(&refusal).into_response(),
    }
}

fn encoded(stretch: &Stretch) -> Vec<u8> {
    let Stretch { from, screen, events, next } = stretch;
    let payloads: usize = events.iter().map(|(.., payload)| payload.len() + 13).sum();
    let mut bytes = Vec::with_capacity(24 + screen.drawing.len() + payloads);
    bytes.extend_from_slice(&from.at_us.to_be_bytes());
    bytes.extend_from_slice(&next.unwrap_or(u64::MAX).to_be_bytes());
    bytes.extend_from_slice(&screen.size.0.to_be_bytes());
    bytes.extend_from_slice(&screen.size.1.to_be_bytes());
    put(&mut bytes, &screen.drawing);
    for (at_us, stream, payload) in events {
        bytes.extend_from_slice(&at_us.to_be_bytes());
        bytes.push(match stream {
            Stream::Output => 1,
            Stream::Error => 2,
            Stream::Size => 3,
            Stream::Exit => 4,
        });
        put(&mut bytes, payload);
    }
    bytes
}

/// A payload behind its length; none is as long as four bytes can say.
fn put(bytes: &mut Vec<u8>, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use broker::port::{Mark, Screen};
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_stretch_is_sent_as_it_is_documented() {
        let drawing = Bytes::from_static(b"\x1b[H");
        let stretch = Stretch {
            from: Mark { at_us: 10, offset: 5 },
            screen: Screen { offset: 5, size: (80, 24), drawing },
            events: vec![
                (11, Stream::Output, Bytes::from_static(b"\xff\0")),
                (12, Stream::Size, Bytes::from_static(b"90x30")),
            ],
            next: None,
        };
        let expected = [
            &[0, 0, 0, 0, 0, 0, 0, 10][..],
            &[255; 8],
            &[0, 80, 0, 24],
            b"\0\0\0\x03\x1b[H",
            b"\0\0\0\0\0\0\0\x0b\x01\0\0\0\x02\xff\0",
            b"\0\0\0\0\0\0\0\x0c\x03\0\0\0\x0590x30",
        ]
        .concat();
        assert_eq!(encoded(&stretch), expected);
    }
}
