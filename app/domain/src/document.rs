//! Reviewed files in YAML: what is wrong with one is said with its line and field.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file, where there is more than one.
    pub file: Option<String>,
    /// Counted from 1.
    pub line: u64,
    /// The field, as a path such as `rules.payments-shell.ask.count`.
    pub field: String,
    /// What is wrong, in words.
    pub problem: String,
}

impl Mistake {
    /// A mistake in this line.
    pub fn new(line: u64, field: &str, problem: &str) -> Self {
        Self { file: None, line, field: field.to_owned(), problem: problem.to_owned() }
    }

    /// A mistake in the line of this value.
    pub fn at<T>(value: &Spanned<T>, field: &str, problem: &str) -> Self {
        Self::new(value.referenced.line(), field, problem)
    }

    /// The same mistake in a file of several.
    #[must_use]
    pub fn of(self, file: Option<&str>) -> Self {
        Self { file: file.map(ToOwned::to_owned), ..self }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, field, problem } = self;
        if let Some(file) = file {
            write!(out, "{file}: ")?;
        }
        write!(out, "line {line}: {field}: {problem}")
    }
}

impl std::error::Error for Mistake {}

/// Reads a file into a type that refuses unknown fields; fields that stand twice are refused here
/// (N-06).
///
/// # Errors
/// When the text is not YAML, or not of the expected shape.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Mistake> {
    let mut field = String::from("?");
    serde_saphyr::with_deserializer_from_str(text, |deserializer| {
        serde_path_to_error::deserialize(deserializer).map_err(|cause| {
            // `Spanned` shows as a field of its own, which nobody wrote.
            field = cause.path().to_string().replace(".value", "");
            cause.into_inner()
        })
    })
    .map_err(|cause| {
        let line = cause.location().map_or(1, |location| location.line());
        let field = if matches!(field.as_str(), "?" | ".") { "file" } else { &field };
        Mistake::new(line, field, &plain(&cause.without_snippet().to_string()))
    })
}

/// The library's message without what stands beside it already, or is meant for programmers.
fn plain(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    message.split(", set DuplicateKeyPolicy").next().unwrap_or(message).to_owned()
}
