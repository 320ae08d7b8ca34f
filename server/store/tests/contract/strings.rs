//! Text that tries to be something else.

use broker::port::Store;
use domain::{Event, Fact, Request, RequestId, RequestState, SessionEnd, Username};
use proptest::prelude::*;
use proptest::test_runner::Config;
use tokio::runtime::Handle;

use crate::audit::{first_bad, whole_log};
use crate::home::{Home, on_both_databases};
use crate::samples::{approved, event, grant, id, request, session, signer};

on_both_databases!(any_text_comes_back_as_it_was, a_null_character_is_kept_or_refused_whole);

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| text.replace('\0', "")),
        prop::sample::select(vec![
            "",
            " ",
            "'",
            "''",
            "\"",
            "\\",
            "\\'",
            "$1",
            "?",
            "?1",
            ":a",
            "%",
            "_",
            "--",
            "/*",
            ";",
            "NULL",
            "null",
            "0",
            "1e9",
            "{}",
            "\u{feff}",
            "\u{202e}x",
            "e\u{301}",
            "é",
            "\r\n",
            "\u{1f469}\u{200d}\u{1f52c}",
            "\u{10ffff}",
            "\u{1}\u{7f}\u{85}",
            "'; DROP TABLE events; --",
        ])
        .prop_map(str::to_owned),
    ]
}

async fn any_text_comes_back_as_it_was(home: Home) {
    let store = home.open().await;
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let texts = prop::array::uniform5(any_text());
    tokio::task::block_in_place(|| {
        proptest!(config, |(texts in texts, name in "\\PC{1,128}")| {
            Handle::current().block_on(round_trip(&store, texts, &name))?;
        });
    });
    assert_eq!(first_bad(&whole_log(&store).await), None);
}

async fn round_trip(
    store: &store::Database,
    [issuer, subject, reason, why, what]: [String; 5],
    name: &str,
) -> Result<(), TestCaseError> {
    let mut asked = request("ana", 0);
    asked.person.key.issuer = issuer;
    asked.person.key.subject = subject;
    asked.person.groups_missing = Some(what.clone());
    asked.reason = reason;
    let mut by = signer("ben");
    if let Ok(username) = Username::parse(name) {
        by.username = username;
    }
    asked.state = RequestState::Denied { at: asked.sent_at, by: by.clone(), why: why.clone() };
    let noted = Event {
        actor: Some(by),
        ..event(Fact::Refused { what: what.clone(), why, rule: None, stamp: None })
    };
    store.insert_request(&asked, None, 0, std::slice::from_ref(&noted)).await.unwrap();
    let kept = store.request(asked.id).await.unwrap().unwrap().value;
    prop_assert_eq!(&kept, &asked);
    prop_assert_eq!(kept.digest(), asked.digest());
    let newest = store.newest_event().await.unwrap();
    let logged = store.events_after(newest - 1, 1).await.unwrap().remove(0);
    prop_assert_eq!(logged.event, noted);

    asked.id = RequestId(id());
    let made = grant(&asked);
    let asked: Request = approved(&asked, &made);
    store.insert_request(&asked, Some(&made), 0, &[]).await.unwrap();
    let mut opened = session(&made, 0);
    opened.state = domain::SessionState::Ended {
        at: opened.asked_at,
        how: SessionEnd::Cut { what },
        left: domain::LeftBehind::Unknown,
        recording: None,
    };
    store.insert_session(&opened, &[]).await.unwrap();
    prop_assert_eq!(store.session(opened.id).await.unwrap().unwrap().value, opened);
    Ok(())
}

/// PostgreSQL's TEXT cannot hold it; SQLite's can.
async fn a_null_character_is_kept_or_refused_whole(home: Home) {
    let store = home.open().await;
    let mut asked = request("ana", 0);
    asked.reason = "a\0b".into();
    let written = store.insert_request(&asked, None, 0, &[event(Fact::Watched)]).await;
    let kept = store.request(asked.id).await.unwrap().map(|request| request.value);
    let expected = written.is_ok().then_some(asked);
    assert_eq!(kept, expected);
    assert_eq!(store.newest_event().await.unwrap(), u64::from(expected.is_some()));
}
