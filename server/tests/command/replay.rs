//! `shorepass policy replay`

use std::fs;
use std::time::Duration;

use broker::port::{Clock as _, Store as _, SystemClock};
use domain::policy::{Asked, Asker, Circumstances, Policy, Question, Urgency};
use domain::{Person, PersonKey, Place, Request, RequestId, RequestState, Scope};
use store::{Database, DatabaseUrl};
use tempfile::TempDir;

use super::{CONFIG, failed, home, policy, printed, said};

/// A request of ana's for a shell in payments, as the demo's policy decides it.
fn request() -> Request {
    let policy = Policy::parse(&fs::read_to_string(policy::demo()).unwrap()).unwrap();
    let person = Person {
        key: PersonKey { issuer: "https://id.example".into(), subject: "ana".into() },
        username: "ana".parse().unwrap(),
        groups: ["oncall".parse().unwrap()].into(),
        groups_missing: None,
    };
    let place = Place { cluster: "main".parse().unwrap(), namespace: "payments".parse().unwrap() };
    let role = "shell".parse().unwrap();
    let (length, reason) = (Duration::from_hours(2), "the queue grew again".to_owned());
    let (sent_at, circumstances) = (SystemClock.now(), Circumstances::default());
    let ruling = policy.decide(&Question {
        asker: Asker { person: &person, at: sent_at, holds: &circumstances.holds },
        place: &place,
        labels: &circumstances.labels,
        role: &role,
        urgency: Urgency::Usual,
        asked: Some(Asked { scope: &Scope::Namespace, length, reason: &reason, ticket: "" }),
    });
    Request {
        id: RequestId(uuid::Uuid::from_u128(1)),
        person,
        place,
        scope: Scope::Namespace,
        role,
        length,
        reason,
        ticket: None,
        starts_at: None,
        extends: None,
        lapses_at: domain::later(sent_at, ruling.terms.lapse_after),
        ruling,
        circumstances,
        sent_at,
        approvals: Vec::new(),
        reminded_at: None,
        state: RequestState::Pending,
        review: None,
    }
}

/// A portal's database with that request, and its configuration.
async fn sent() -> (TempDir, String) {
    let (home, config) = home(CONFIG);
    let url = DatabaseUrl::file(home.path().join("data/shorepass.db"));
    let database = Database::open(&url).await.unwrap();
    database.insert_request(&request(), None, 0, &[]).await.unwrap();
    database.close().await;
    (home, config)
}

#[tokio::test]
async fn the_same_policy_differs_in_nothing_and_another_in_what_it_says_and_asks() {
    let (home, config) = sent().await;
    let other = home.path().join("other.yaml");
    let demo = fs::read_to_string(policy::demo()).unwrap();
    let replay = |from: &str, to: &str, more: &[&str]| {
        assert!(demo.contains(from), "{from}");
        fs::write(&other, demo.replace(from, to)).unwrap();
        let other = other.to_str().unwrap();
        let words = ["policy", "replay", "--config", &config, "--against", other];
        said(&[&words[..], more].concat())
    };
    let fails: &[&str] = &["--exit-code"];
    let (sound, same) = replay("approve: {}", "approve: {}", fails);
    assert!(sound && same.contains("decides 0 of 1 requests of the last 30 days"), "{same}");
    for (from, to, words) in [
        ("approvers: [payments-leads]", "approvers: [leads]", "now 1 of leads"),
        ("longest: 2h", "longest: 1h", "for a shorter time"),
        ("at_least: 10", "at_least: 30", "with another reason"),
        (
            "limits:",
            "ticket: { pattern: 'OPS-[0-9]+', example: OPS-1 }\nlimits:",
            "with another ticket",
        ),
        ("limits:", "clock: { starts: first-use, use_within: 30m }\nlimits:", "with another clock"),
    ] {
        let (sound, told) = replay(from, to, &[]);
        assert!(sound && told.contains("decides 1 of 1") && told.contains(words), "{told}");
        let (sound, told) = replay(from, to, fails);
        assert!(!sound && told.contains("requests would be decided otherwise"), "{told}");
    }
    let (_, told) = replay("longest: 2h", "longest: 1h", &["--markdown"]);
    assert!(told.contains("| Sent (UTC) | Who | What | Was | Now |\n|---|"), "{told}");
    assert!(told.contains(" | ana | shell in payments | "), "{told}");
}

#[tokio::test]
async fn where_no_portal_keeps_anything_nothing_is_compared() {
    let (home, config) = home(CONFIG);
    let demo = policy::demo();
    let words = ["policy", "replay", "--config", &config, "--against", demo.to_str().unwrap()];
    let why = failed(&words);
    assert!(why.contains("shorepass.db cannot be opened"), "{why}");
    let path = home.path().join("data/shorepass.db");
    assert!(!path.exists(), "it made a database");
    Database::open(&DatabaseUrl::file(path)).await.unwrap().close().await;
    assert!(printed(&words).contains("decides 0 of 0"));
}
