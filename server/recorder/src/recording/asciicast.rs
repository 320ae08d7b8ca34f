//! Export as asciicast v3 (<https://docs.asciinema.org/manual/asciicast/v3/>).
//!
//! An export, never the evidence: it cannot hold bytes that are not UTF-8.

use std::path::PathBuf;

use broker::port::RecorderError;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use serde_json::json;

use super::{Reader, VerifyError, payload};
use crate::frame::Kind;
use crate::text::Decoder;

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
    let cast = Cast { reader, shown_us: 0, decoder: Decoder::default() };
    (vec![Ok(format!("{line}\n").into())], Some(Place::Within(cast)))
}

/// A recording that becomes lines.
struct Cast {
    reader: Reader,
    /// Time of the last event, in microseconds.
    shown_us: u64,
    decoder: Decoder,
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
        let time_us = entry.head.time_us;
        let nonsense = |what: &str| RecorderError::Unreadable(format!("{what} makes no sense"));
        let (code, text) = match entry.head.kind {
            Kind::Header => return Ok(Step::Silence),
            // The format has no code for a standard error.
            Kind::Output | Kind::Error => ("o", self.decoder.decode(entry.payload)),
            Kind::Size => {
                let size = payload::size(entry.payload).ok_or_else(|| nonsense("a size"))?;
                ("r", format!("{}x{}", size.columns, size.rows))
            }
            Kind::Exit => {
                let code = payload::exit(entry.payload).ok_or_else(|| nonsense("an exit code"))?;
                ("x", code.to_string())
            }
            Kind::Seal if self.decoder.held().is_empty() => return Ok(Step::Silence),
            Kind::Seal => ("o", char::REPLACEMENT_CHARACTER.to_string()),
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
