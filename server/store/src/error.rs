//! What can go wrong with a database.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use broker::port::{SaveError, StoreError};

use crate::Unreadable;

/// Why the database cannot be used: the portal does not start then.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be made or opened.
    #[error("the database file {path} cannot be opened")]
    File {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It does not answer, or refuses.
    #[error("the database cannot be reached")]
    Connect(#[source] sqlx::Error),
    /// This SQLite can corrupt a file in WAL mode.
    #[error("SQLite {found} can corrupt its file; 3.51.3 or newer is needed")]
    OldSqlite {
        /// The version that was found.
        found: String,
    },
    /// This PostgreSQL acknowledges what a crash would lose.
    #[error("PostgreSQL is not durable: {setting} is off")]
    NotDurable {
        /// The server's setting.
        setting: &'static str,
    },
    /// Another version of the portal made the tables, or none did.
    #[error("the database's tables are not those of this version of the portal")]
    OtherVersion,
    /// The tables cannot be brought up to date.
    #[error("the database's tables cannot be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
}

/// Why a query failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("a query failed")]
    Query(#[from] sqlx::Error),
    #[error("a row cannot be read")]
    Unreadable(#[from] Unreadable),
    #[error("a value for table {table} cannot be kept")]
    Unwritable {
        table: &'static str,
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("nothing could be committed")]
    Together(#[source] Arc<Fault>),
    #[error("the database did not answer in time")]
    Slow,
    #[error("the database is closed")]
    Stopped,
}

/// Why a change was not saved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsaved {
    #[error("another version is there")]
    Conflict,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Unsaved {
    fn from(cause: sqlx::Error) -> Self {
        Self::Fault(Fault::Query(cause))
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self(Box::new(fault))
    }
}

impl From<Unsaved> for StoreError {
    fn from(unsaved: Unsaved) -> Self {
        match unsaved {
            Unsaved::Fault(fault) => fault.into(),
            Unsaved::Conflict => Self(Box::new(unsaved)),
        }
    }
}

impl From<Unsaved> for SaveError {
    fn from(unsaved: Unsaved) -> Self {
        match unsaved {
            Unsaved::Conflict => Self::Conflict,
            Unsaved::Fault(fault) => Self::Store(fault.into()),
        }
    }
}
