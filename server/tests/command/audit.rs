//! `shorepass audit verify`

use std::path::Path;

use broker::port::Store as _;
use domain::{Event, EventId, Fact};
use jiff::Timestamp;
use sqlx::Connection as _;
use store::{Database, DatabaseUrl};
use tempfile::TempDir;

use super::{CONFIG, failed, home, printed};

fn event(place: u128) -> Event {
    Event {
        id: EventId(uuid::Uuid::from_u128(place)),
        at: Timestamp::UNIX_EPOCH,
        actor: None,
        place: None,
        request: None,
        grant: None,
        session: None,
        fact: Fact::PortalStarted { version: place.to_string() },
    }
}

/// A portal's database with so many events, and what verifies it.
async fn log(events: u128) -> (TempDir, Vec<String>) {
    let (home, config) = home(CONFIG);
    let url = DatabaseUrl::file(home.path().join("data/shorepass.db"));
    let database = Database::open(&url).await.unwrap();
    let events: Vec<_> = (1..=events).map(event).collect();
    database.append(&events).await.unwrap();
    database.close().await;
    (home, ["audit", "verify", "--config", &config].map(str::to_owned).to_vec())
}

fn words(verify: &[String]) -> Vec<&str> {
    verify.iter().map(String::as_str).collect()
}

fn checkpoint(verify: &[String]) -> String {
    let said = printed(&words(verify));
    let found = said.lines().find_map(|line| line.strip_prefix("checkpoint "));
    found.unwrap().to_owned()
}

/// What somebody does who can write the database.
async fn tamper(home: &Path, sql: &'static str) {
    let url = format!("sqlite:{}", home.join("data/shorepass.db").display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn l_01_a_change_is_named_by_its_place() {
    let (_whole, verify) = log(1_500).await;
    assert!(checkpoint(&verify).starts_with("1500:"));
    for (sql, said) in [
        (
            "UPDATE events SET fact = replace(fact, '\"7\"', '\"8\"') WHERE number = 7",
            "event 7 is not",
        ),
        ("DELETE FROM events WHERE number = 3", "event 3 is missing"),
        (
            "UPDATE events SET by_username = 'eve', by_issuer = 'x', by_subject = 'x' WHERE number = 9",
            "event 9 is not",
        ),
        (
            "UPDATE events SET number = 99 WHERE number = 4; UPDATE events SET number = 4 WHERE number = 5; UPDATE events SET number = 5 WHERE number = 99",
            "event 4 is not",
        ),
        ("DELETE FROM events WHERE number > 8", "the log ends with event 8, and once had event 10"),
    ] {
        let (home, verify) = log(10).await;
        tamper(home.path(), sql).await;
        let why = failed(&words(&verify));
        assert!(why.contains(said), "{sql}: {why}");
    }
}

#[tokio::test]
async fn l_02_a_cut_or_another_chain_does_not_pass_a_checkpoint() {
    let (home, mut verify) = log(10).await;
    let kept = checkpoint(&verify);
    verify.extend(["--checkpoint".to_owned(), kept.clone()]);
    printed(&words(&verify));
    let cut = "DELETE FROM events WHERE number > 8; \
        UPDATE audit_head SET number = 8, digest = (SELECT digest FROM events WHERE number = 8)";
    tamper(home.path(), cut).await;
    let why = failed(&words(&verify));
    assert!(why.contains("once had event 10"), "{why}");
    // Another log of the same length, whole by itself.
    let (_other, mut verify) = log(10).await;
    let (number, digest) = kept.split_once(':').unwrap();
    let other = format!("{number}:{}", digest.chars().rev().collect::<String>());
    verify.extend(["--checkpoint".to_owned(), other]);
    let why = failed(&words(&verify));
    assert!(why.contains("event 10 is not the one of the checkpoint"), "{why}");
}

#[tokio::test]
async fn l_06_nothing_and_foreign_data_are_not_proven() {
    let (_empty, verify) = log(0).await;
    let why = failed(&words(&verify));
    assert!(why.contains("the log is empty"), "{why}");
    let (home, config) = home(CONFIG);
    std::fs::write(home.path().join("data/shorepass.db"), "no database").unwrap();
    failed(&["audit", "verify", "--config", &config]);
}
