//! Export as asciicast v3 (<https://docs.asciinema.org/manual/asciicast/v3/>).
//!
//! An export, never the evidence: it cannot hold bytes that are not UTF-8.

use std::path::PathBuf;
use std::sync::Arc;

use broker::port::RecorderError;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use serde_json::json;

use super::{Keys, Reader, VerifyError, payload};
use crate::frame::Kind;
use crate::text::Decoder;

/// How many lines are made at a time.
const LINES: usize = 512;

/// The lines of the export, each with its line break; the file is read as they are taken.
pub(crate) fn asciicast(
    path: PathBuf,
    keys: Arc<Keys>,
) -> BoxStream<'static, Result<Bytes, RecorderError>> {
    stream::try_unfold(None, move |cast| {
        let (path, keys) = (path.clone(), Arc::clone(&keys));
        async move {
            let advance = move || {
                let mut cast = match cast {
                    Some(cast) => cast,
                    None => Asciicast::new(Reader::open(&path, &keys)?),
                };
                let lines: Vec<_> = cast.by_ref().take(LINES).collect();
                Ok::<_, RecorderError>((!lines.is_empty()).then_some((lines, Some(cast))))
            };
            tokio::task::spawn_blocking(advance)
                .await
                .map_err(|cause| RecorderError::Unreadable(cause.to_string()))?
        }
    })
    .map_ok(|lines| stream::iter(lines).map_err(RecorderError::from))
    .try_flatten()
    .boxed()
}

/// A recording that becomes lines, each with its line break; nothing comes after an error.
pub(crate) struct Asciicast {
    reader: Reader,
    place: Place,
    /// Time of the last event, in microseconds.
    shown_us: u64,
    decoder: Decoder,
}

/// How far the export is.
enum Place {
    Before,
    Within,
    After,
}

impl Asciicast {
    pub(crate) fn new(reader: Reader) -> Self {
        Self { reader, place: Place::Before, shown_us: 0, decoder: Decoder::default() }
    }

    fn first(&self) -> Bytes {
        let header = self.reader.header();
        let line = json!({
            "version": 3,
            "term": { "cols": header.size.0, "rows": header.size.1 },
            "timestamp": header.began_at.as_second(),
            "title": header.title,
        });
        format!("{line}\n").into()
    }

    /// The next line that stands for an event; none at the end.
    fn line(&mut self) -> Result<Option<Bytes>, VerifyError> {
        loop {
            let Some(entry) = self.reader.next()? else {
                self.reader.sealed()?;
                return Ok(None);
            };
            let time_us = entry.head.time_us;
            let event = match entry.head.kind {
                Kind::Header => continue,
                // The format has no code for a standard error.
                Kind::Output | Kind::Error => Some(("o", self.decoder.decode(entry.payload))),
                Kind::Size => payload::size(entry.payload)
                    .map(|size| ("r", format!("{}x{}", size.columns, size.rows))),
                Kind::Exit => payload::exit(entry.payload).map(|code| ("x", code.to_string())),
                Kind::Seal if self.decoder.held().is_empty() => continue,
                Kind::Seal => Some(("o", char::REPLACEMENT_CHARACTER.to_string())),
            };
            let (code, text) = event.ok_or_else(|| self.reader.senseless())?;
            if text.is_empty() {
                continue;
            }
            let interval = time_us.saturating_sub(self.shown_us);
            self.shown_us = time_us;
            let (seconds, rest) = (interval / 1_000_000, interval % 1_000_000);
            let text = serde_json::Value::from(text);
            return Ok(Some(format!("[{seconds}.{rest:06}, \"{code}\", {text}]\n").into()));
        }
    }
}

impl Iterator for Asciicast {
    type Item = Result<Bytes, VerifyError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.place {
            Place::Before => {
                self.place = Place::Within;
                Some(Ok(self.first()))
            }
            Place::Within => {
                let line = self.line().transpose();
                if !matches!(line, Some(Ok(_))) {
                    self.place = Place::After;
                }
                line
            }
            Place::After => None,
        }
    }
}

impl From<VerifyError> for RecorderError {
    fn from(cause: VerifyError) -> Self {
        match cause {
            VerifyError::Io(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                Self::NotFound
            }
            VerifyError::Io(cause) => cause.into(),
            VerifyError::Locked => Self::Locked,
            other => Self::Unreadable(other.to_string()),
        }
    }
}
