//! From columns to values, and back.

use std::error::Error;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Fault;

type Cause = Box<dyn Error + Send + Sync>;

/// A row that holds what this version cannot understand.
#[derive(Debug, thiserror::Error)]
#[error("table {table}, column {column} cannot be read")]
pub struct Unreadable {
    /// The table.
    pub table: &'static str,
    /// The column, or the first of several that belong together.
    pub column: &'static str,
    /// What is wrong with the value.
    #[source]
    pub cause: Cause,
}

/// A table by name, as its rows are read and written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table(pub(crate) &'static str);

impl Table {
    pub(crate) fn unreadable(self, column: &'static str, cause: impl Into<Cause>) -> Unreadable {
        Unreadable { table: self.0, column, cause: cause.into() }
    }

    /// A value with a grammar of its own.
    pub(crate) fn parse<T>(self, column: &'static str, text: &str) -> Result<T, Unreadable>
    where
        T: FromStr<Err: Error + Send + Sync + 'static>,
    {
        text.parse().map_err(|cause: T::Err| self.unreadable(column, cause))
    }

    /// An instant, from microseconds UTC.
    pub(crate) fn time(self, column: &'static str, value: i64) -> Result<Timestamp, Unreadable> {
        Timestamp::from_microsecond(value).map_err(|cause| self.unreadable(column, cause))
    }

    /// A count that is never negative.
    pub(crate) fn count<T>(self, column: &'static str, value: i64) -> Result<T, Unreadable>
    where
        T: TryFrom<i64, Error: Error + Send + Sync + 'static>,
    {
        T::try_from(value).map_err(|cause| self.unreadable(column, cause))
    }

    /// A small JSON document.
    pub(crate) fn document<T>(self, column: &'static str, text: &str) -> Result<T, Unreadable>
    where
        T: DeserializeOwned,
    {
        serde_json::from_str(text).map_err(|cause| self.unreadable(column, cause))
    }

    /// A value that must be there in this state.
    pub(crate) fn present<T>(
        self,
        column: &'static str,
        value: Option<T>,
    ) -> Result<T, Unreadable> {
        value.ok_or_else(|| self.unreadable(column, "the value is missing"))
    }

    /// A document as it is kept.
    pub(crate) fn write_document(self, value: &impl Serialize) -> Result<String, Fault> {
        serde_json::to_string(value)
            .map_err(|cause| Fault::Unwritable { table: self.0, cause: cause.into() })
    }

    /// A count as it is kept.
    pub(crate) fn write_count(self, value: u64) -> Result<i64, Fault> {
        i64::try_from(value)
            .map_err(|cause| Fault::Unwritable { table: self.0, cause: cause.into() })
    }
}
