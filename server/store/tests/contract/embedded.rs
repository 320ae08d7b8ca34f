//! What only the embedded database has: a file.

use std::os::unix::fs::PermissionsExt as _;

use broker::port::Store;
use domain::Fact;
use store::{Database, DatabaseUrl, OpenError};

use crate::audit::{first_bad, whole_log};
use crate::home::Home;
use crate::samples::event;

#[tokio::test]
async fn nobody_else_on_the_machine_reads_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shorepass.db");
    let store = Database::open(&DatabaseUrl::file(&path)).await.unwrap();
    store.append(&[event(Fact::Watched)]).await.unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
        files += 1;
    }
    assert_eq!(files, 3, "database, log and its index");
}

/// What a killed process leaves is what its files hold at that instant.
#[tokio::test]
async fn what_was_acknowledged_is_in_the_files_before_they_are_closed() {
    let (running, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Database::open(&DatabaseUrl::file(running.path().join("db"))).await.unwrap();
    for _ in 0..50 {
        store.append(&[event(Fact::Watched)]).await.unwrap();
    }
    for file in ["db", "db-wal"] {
        std::fs::copy(running.path().join(file), left.path().join(file)).unwrap();
    }
    let after = Database::open(&DatabaseUrl::file(left.path().join("db"))).await.unwrap();
    let log = whole_log(&after).await;
    assert_eq!((log.len(), first_bad(&log)), (50, None));
    assert_eq!(log, whole_log(&store).await);
}

#[tokio::test]
async fn any_path_is_the_path_of_the_file() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a b?mode=memory#x.db", "100%25.db", "ü'\".db", ":memory:"] {
        let path = directory.path().join(name);
        let store = Database::open(&DatabaseUrl::file(&path)).await.unwrap();
        store.append(&[event(Fact::Watched)]).await.unwrap();
        store.close().await;
        assert!(path.metadata().unwrap().len() > 0, "{name}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("missing").join("shorepass.db");
    let refused = Database::open(&DatabaseUrl::file(&path)).await;
    assert!(matches!(&refused, Err(OpenError::File { path: named, .. }) if *named == path));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("letter.txt");
    std::fs::write(&path, "dear reader, ".repeat(500)).unwrap();
    assert!(Database::open(&DatabaseUrl::file(&path)).await.is_err());
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("dear reader"));
}

#[tokio::test]
async fn the_file_has_a_write_ahead_log() {
    let home = Home::sqlite();
    let store = home.open().await;
    let intruder = home.intruder().await;
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&intruder).await.unwrap();
    assert_eq!(mode, "wal");
    store.close().await;
}
