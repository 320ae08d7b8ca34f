//! The connections.

use std::fs::OpenOptions;
use std::future::Future;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, absolute};
use std::time::Duration;

use domain::Event;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migrate as _, MigrateError};
use sqlx::{AnyPool, ConnectOptions as _, Executor as _};
use url::Url;

use crate::change::{Change, Subject};
use crate::error::{Fault, OpenError, Unsaved};
use crate::location::{DatabaseUrl, Location, secured};
use crate::writer::{Connections, Writer};

/// Longest wait for any answer: a portal whose audit log is stuck must notice in time to end its
/// sessions within 5 s (docs/threats.md, invariant 7).
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// Connections that read the embedded database; pages are short, so a few suffice.
const READERS: u32 = 4;
/// Connections to PostgreSQL, of each replica.
const SERVER_CONNECTIONS: u32 = 10;
/// Older ones can corrupt the file when a WAL is reset while another connection reads.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// WAL lets pages read while events are written; FULL makes a commit durable on return.
const WRITER_SETTINGS: &str = "PRAGMA busy_timeout = 3000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
const READER_SETTINGS: &str = "PRAGMA busy_timeout = 3000; PRAGMA query_only = ON;";

/// The portal's database. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Database {
    connections: Connections,
    /// Shares commits, and so is quick where many write at once.
    writer: Writer,
    readers: AnyPool,
}

impl Database {
    /// Connects, checks that the database keeps what it acknowledges, and brings its tables up to
    /// date.
    ///
    /// # Errors
    /// When it cannot be reached, is not durable, or its tables are of a newer version.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        if let Location::File(path) = &url.0 {
            // The log names people: nobody else on the machine reads it.
            file(path, OpenOptions::new().create(true).append(true).mode(0o600))?;
        }
        let (connections, readers) = connect(url).await?;
        sqlx::migrate!().run(&connections.pool).await.map_err(OpenError::Migrate)?;
        Ok(Self::with(connections, readers))
    }

    /// Connects to a portal's database for whoever reads it beside the portal: nothing is made
    /// that is not there, and the tables stay as they are.
    ///
    /// # Errors
    /// When it is not there, cannot be reached, is not durable, or its tables are of another
    /// version.
    pub async fn open_existing(url: &DatabaseUrl) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        if let Location::File(path) = &url.0 {
            file(path, OpenOptions::new().append(true))?;
        }
        let (connections, readers) = connect(url).await?;
        check_version(&connections.pool).await?;
        Ok(Self::with(connections, readers))
    }

    fn with(connections: Connections, readers: AnyPool) -> Self {
        let writer = Writer::start(connections.clone());
        Self { connections, writer, readers }
    }

    /// Waits for what is being written, then disconnects.
    pub async fn close(&self) {
        self.readers.close().await;
        self.connections.pool.close().await;
    }

    /// Where to read from.
    pub(crate) fn readers(&self) -> &AnyPool {
        &self.readers
    }

    /// Writes a change of state with its events.
    pub(crate) async fn write(&self, subject: Subject, events: &[Event]) -> Result<(), Unsaved> {
        self.writer.write(Change { subject, events: events.to_vec() }).await
    }

    /// Where to write single rows that are not audited.
    pub(crate) fn unaudited(&self) -> &AnyPool {
        &self.connections.pool
    }
}

/// Gives up on a database that does not answer.
pub(crate) async fn in_time<T, E: From<Fault>>(
    work: impl Future<Output = Result<T, E>> + Send,
) -> Result<T, E> {
    tokio::time::timeout(LONGEST_WAIT, work).await.unwrap_or(Err(Fault::Slow.into()))
}

/// Opens the database's file once, as it must be there.
fn file(path: &Path, options: &OpenOptions) -> Result<(), OpenError> {
    let wrong = |cause: io::Error| OpenError::File { path: path.to_owned(), cause };
    options.open(path).map(drop).map_err(wrong)
}

async fn connect(url: &DatabaseUrl) -> Result<(Connections, AnyPool), OpenError> {
    match &url.0 {
        Location::File(path) => embedded(path).await,
        Location::Server(url) => server(url).await,
    }
}

/// Compares the tables' versions with those that this program makes.
async fn check_version(pool: &AnyPool) -> Result<(), OpenError> {
    let migrator = sqlx::migrate!();
    let mut connection = pool.acquire().await.map_err(OpenError::Connect)?;
    let applied = connection.list_applied_migrations(&migrator.table_name).await;
    let applied = applied.map_err(|cause| match cause {
        // There is a database, and no table that names versions.
        MigrateError::Execute(sqlx::Error::Database(_)) => OpenError::OtherVersion,
        other => OpenError::Migrate(other),
    })?;
    let applied = applied.iter().map(|applied| (applied.version, &applied.checksum));
    let own = migrator.iter().map(|migration| (migration.version, &migration.checksum));
    if applied.eq(own) { Ok(()) } else { Err(OpenError::OtherVersion) }
}

async fn embedded(path: &Path) -> Result<(Connections, AnyPool), OpenError> {
    let file = |cause: io::Error| OpenError::File { path: path.to_owned(), cause };
    let options = connect_options(&sqlite_url(path).map_err(file)?)?;
    let writer = embedded_pool(1, WRITER_SETTINGS)
        .connect_with(options.clone())
        .await
        .map_err(OpenError::Connect)?;
    check_sqlite(&writer).await?;
    let readers = embedded_pool(READERS, READER_SETTINGS).connect_lazy_with(options);
    // The lock is taken at once: a transaction that reads first could not be upgraded.
    Ok((Connections { pool: writer, begin: "BEGIN IMMEDIATE" }, readers))
}

async fn server(url: &Url) -> Result<(Connections, AnyPool), OpenError> {
    let pool = AnyPoolOptions::new()
        .max_connections(SERVER_CONNECTIONS)
        .acquire_timeout(LONGEST_WAIT)
        .connect_with(connect_options(&secured(url).map_err(OpenError::Connect)?)?)
        .await
        .map_err(OpenError::Connect)?;
    check_server(&pool).await?;
    // Conditional updates count on seeing the newest row once its lock is free.
    let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
    Ok((Connections { pool: pool.clone(), begin }, pool))
}

fn connect_options(url: &Url) -> Result<AnyConnectOptions, OpenError> {
    AnyConnectOptions::from_url(url).map_err(OpenError::Connect)
}

/// The path as sqlx reads it back: percent-encoded where it holds `?`, `#` or `%`.
fn sqlite_url(path: &Path) -> io::Result<Url> {
    let invalid = |what: &'static str| io::Error::new(io::ErrorKind::InvalidInput, what);
    let file = Url::from_file_path(absolute(path)?).map_err(|()| invalid("not a path"))?;
    let url = format!("sqlite://{}?mode=rw", file.path());
    url.parse().map_err(|_| invalid("not a path"))
}

/// Connections to a file stay open: there is no server that could lose them.
fn embedded_pool(connections: u32, settings: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(LONGEST_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move { connection.execute(sqlx::raw_sql(settings)).await.map(drop) })
        })
}

async fn check_sqlite(pool: &AnyPool) -> Result<(), OpenError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(pool)
        .await
        .map_err(OpenError::Connect)?;
    if is_sound(&found) { Ok(()) } else { Err(OpenError::OldSqlite { found }) }
}

fn is_sound(version: &str) -> bool {
    let parts: Result<Vec<u32>, _> = version.split('.').map(str::parse).collect();
    parts.is_ok_and(|parts| parts.as_slice() >= OLDEST_SQLITE.as_slice())
}

async fn check_server(pool: &AnyPool) -> Result<(), OpenError> {
    for setting in ["fsync", "synchronous_commit"] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(pool)
            .await
            .map_err(OpenError::Connect)?;
        if value == "off" {
            return Err(OpenError::NotDurable { setting });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use broker::port::Store as _;
    use domain::{EventId, Fact};
    use jiff::Timestamp;
    use sqlx::AssertSqlSafe;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn a_commit_of_the_embedded_database_is_durable_and_readers_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::file(directory.path().join("shorepass.db"));
        let database = Database::open(&url).await.unwrap();
        let setting = async |pool: &AnyPool, pragma: &'static str| -> i64 {
            sqlx::query_scalar(pragma).fetch_one(pool).await.unwrap()
        };
        let full = 2;
        assert_eq!(setting(database.unaudited(), "PRAGMA synchronous").await, full);
        assert_eq!(setting(database.unaudited(), "PRAGMA foreign_keys").await, 1);
        assert_eq!(setting(database.readers(), "PRAGMA query_only").await, 1);
        let written = sqlx::query("DELETE FROM events").execute(database.readers()).await;
        assert!(written.is_err());
    }

    #[tokio::test]
    async fn what_is_only_read_is_neither_made_nor_brought_up_to_date() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("shorepass.db");
        let url = DatabaseUrl::file(path.clone());
        let missing = Database::open_existing(&url).await;
        assert!(matches!(missing, Err(OpenError::File { .. })), "{missing:?}");
        assert!(!path.exists());
        std::fs::write(&path, "").unwrap();
        let empty = Database::open_existing(&url).await;
        assert!(matches!(empty, Err(OpenError::OtherVersion)), "{empty:?}");
        let database = Database::open(&url).await.unwrap();
        Database::open_existing(&url).await.unwrap().close().await;
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 7")
            .execute(database.unaudited())
            .await
            .unwrap();
        let older = Database::open_existing(&url).await;
        assert!(matches!(older, Err(OpenError::OtherVersion)), "{older:?}");
    }

    #[tokio::test]
    async fn once_there_is_room_again_the_embedded_database_is_written_again() {
        let directory = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::file(directory.path().join("shorepass.db"));
        let database = Database::open(&url).await.unwrap();
        let pragma = async |text: String| {
            let _: i64 = sqlx::query_scalar(AssertSqlSafe(text))
                .fetch_one(database.unaudited())
                .await
                .unwrap();
        };
        let event = || Event {
            id: EventId(Uuid::from_u128(7)),
            at: Timestamp::UNIX_EPOCH,
            actor: None,
            place: None,
            request: None,
            grant: None,
            session: None,
            fact: Fact::PortalStarted { version: "long".repeat(100_000) },
        };
        pragma("PRAGMA max_page_count = 1".to_owned()).await;
        assert!(database.append(&[event()]).await.is_err(), "there is room");
        pragma(format!("PRAGMA max_page_count = {}", u32::MAX - 1)).await;
        database.append(&[event()]).await.unwrap();
    }

    #[test]
    fn sqlite_versions_with_the_wal_reset_bug_are_refused() {
        for version in ["3.51.3", "3.52.0", "4.0.0", "3.51.10"] {
            assert!(is_sound(version), "{version}");
        }
        for version in ["3.51.2", "3.9.9", "2.99.9", "", "new"] {
            assert!(!is_sound(version), "{version}");
        }
    }
}
