//! Export as asciicast v3 (<https://docs.asciinema.org/manual/asciicast/v3/>).
//!
//! An export, never the evidence: it cannot hold bytes that are not UTF-8.

use std::path::PathBuf;

use broker::port::RecorderError;
use bytes::Bytes;
use domain::wire::Size;
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use serde_json::json;

use super::{Reader, VerifyError};
use crate::frame::Kind;

/// How much of the recording is read at a time, in bytes of output.
const STRETCH: usize = 256 * 1024;

type Line = Result<Bytes, RecorderError>;

/// The lines of the export, each with its line break; the file is read as they are taken.
pub(crate) fn asciicast(path: PathBuf) -> BoxStream<'static, Line> {
    stream::try_unfold(Some(Place::Before(path)), |place| async {
        let Some(place) = place else { return Ok(None) };
        tokio::task::spawn_blocking(move || place.advance())
            .await
            .map_err(|cause| RecorderError::Unreadable(cause.to_string()))
            .map(Some)
    })
    .map_ok(stream::iter)
    .try_flatten()
    .boxed()
}

/// How far the export is.
enum Place {
    Before(PathBuf),
    Within(Cast),
}

impl Place {
    /// The next lines, and where they end.
    fn advance(self) -> (Vec<Line>, Option<Self>) {
        let cast = match self {
            Self::Within(cast) => cast,
            Self::Before(path) => match Reader::open(&path) {
                Ok(reader) => return first(reader),
                Err(cause) => return (vec![Err(cause.into())], None),
            },
        };
        cast.advance()
    }
}

fn first(reader: Reader) -> (Vec<Line>, Option<Place>) {
    let header = reader.header();
    let line = json!({
        "version": 3,
        "term": { "cols": header.size.0, "rows": header.size.1 },
        "timestamp": header.began_at.as_second(),
        "title": header.title,
    });
    let cast = Cast { reader, shown_us: 0, held: Vec::new() };
    (vec![Ok(format!("{line}\n").into())], Some(Place::Within(cast)))
}

/// A recording that becomes lines.
struct Cast {
    reader: Reader,
    /// Time of the last event, in microseconds.
    shown_us: u64,
    /// The beginning of a character whose rest has not come yet.
    held: Vec<u8>,
}

/// What becomes of a frame.
enum Step {
    Line(Bytes),
    Silence,
    End,
}

impl Cast {
    fn advance(mut self) -> (Vec<Line>, Option<Place>) {
        let (mut lines, mut read) = (Vec::new(), 0);
        while read < STRETCH {
            match self.step(&mut read) {
                Ok(Step::Line(line)) => lines.push(Ok(line)),
                Ok(Step::Silence) => {}
                Ok(Step::End) => return (lines, None),
                Err(cause) => {
                    lines.push(Err(cause));
                    return (lines, None);
                }
            }
        }
        (lines, Some(Place::Within(self)))
    }

    /// What the next frame becomes.
    fn step(&mut self, read: &mut usize) -> Result<Step, RecorderError> {
        let Some(entry) = self.reader.next()? else {
            self.reader.sealed()?;
            return Ok(Step::End);
        };
        *read += entry.payload.len().max(1);
        let time_us = entry.time_us;
        let (code, text) = match entry.kind {
            Kind::Header => return Ok(Step::Silence),
            Kind::Output => ("o", whole_characters(&mut self.held, entry.payload)),
            Kind::Size => ("r", size(entry.payload)?),
            Kind::Exit => ("x", exit(entry.payload)?),
            Kind::Seal if self.held.is_empty() => return Ok(Step::Silence),
            Kind::Seal => {
                self.held.clear();
                ("o", char::REPLACEMENT_CHARACTER.to_string())
            }
        };
        if text.is_empty() {
            return Ok(Step::Silence);
        }
        let interval = time_us.saturating_sub(self.shown_us);
        self.shown_us = time_us;
        let (seconds, rest) = (interval / 1_000_000, interval % 1_000_000);
        let text = serde_json::Value::from(text);
        Ok(Step::Line(format!("[{seconds}.{rest:06}, \"{code}\", {text}]\n").into()))
    }
}

/// What can be shown of the bytes; the beginning of a character at their end is held back, and
/// what can never become one is replaced.
fn whole_characters(held: &mut Vec<u8>, bytes: &[u8]) -> String {
    held.extend_from_slice(bytes);
    let mut text = String::with_capacity(held.len());
    let mut rest = 0;
    for chunk in held.utf8_chunks() {
        text.push_str(chunk.valid());
        rest += chunk.valid().len();
        if rest + chunk.invalid().len() == held.len() && may_continue(chunk.invalid()) {
            break;
        }
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        rest += chunk.invalid().len();
    }
    held.drain(..rest);
    text
}

/// Whether more bytes can make a character of these.
fn may_continue(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

fn size(payload: &[u8]) -> Result<String, RecorderError> {
    let numbers = std::str::from_utf8(payload).ok().and_then(|text| text.split_once('x'));
    let (columns, rows) = numbers
        .and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)))
        .ok_or_else(|| RecorderError::Unreadable("a size is not a size".to_owned()))?;
    let size = Size::clamped(columns, rows);
    Ok(format!("{}x{}", size.columns, size.rows))
}

fn exit(payload: &[u8]) -> Result<String, RecorderError> {
    let code = std::str::from_utf8(payload).ok().and_then(|text| text.parse::<u8>().ok());
    code.map(|code| code.to_string())
        .ok_or_else(|| RecorderError::Unreadable("an exit code is not an exit code".to_owned()))
}

impl From<VerifyError> for RecorderError {
    fn from(cause: VerifyError) -> Self {
        match cause {
            VerifyError::Io(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                Self::NotFound
            }
            VerifyError::Io(cause) => cause.into(),
            other => Self::Unreadable(other.to_string()),
        }
    }
}
