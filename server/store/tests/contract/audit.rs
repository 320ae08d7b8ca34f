//! The audit log.

use broker::port::{Logged, Store};
use domain::broker::AuditFilter;
use domain::{Event, EventId, Fact, FactKind, GrantId, RequestId, SessionId};
use jiff::Timestamp;
use store::Database;
use store::chain::{self, Checkpoint};

use crate::home::{Home, on_both_databases};
use crate::samples::{approved, event, grant, id, place, request, session, signer};

on_both_databases!(
    events_come_back_whole_numbered_from_one,
    l_01_an_edit_a_deletion_or_a_swap_breaks_the_chain,
    an_event_with_more_than_microseconds_still_fits_its_digest,
    every_filter_narrows_the_log,
    filters_are_values_never_sql,
    the_log_is_read_page_by_page,
    a_story_is_told_by_request_grant_and_session,
);

/// The first event that does not follow from those before it.
pub(crate) fn first_bad(events: &[Logged]) -> Option<u64> {
    let mut last = Checkpoint::origin();
    for event in events {
        match last.then(event) {
            Ok(next) => last = next,
            Err(_) => return Some(last.number + 1),
        }
    }
    None
}

pub(crate) async fn whole_log(store: &Database) -> Vec<Logged> {
    store.events_after(0, u16::MAX).await.unwrap()
}

fn refused(why: &str) -> Event {
    event(Fact::Refused { what: "ask".into(), why: why.into(), rule: None, stamp: None })
}

async fn events_come_back_whole_numbered_from_one(home: Home) {
    let store = home.open().await;
    let mut full = event(Fact::SignedIn { groups: vec!["a \"quoted\" group".into()] });
    full.place = Some(place("payments"));
    full.request = Some(RequestId(id()));
    full.grant = Some(GrantId(id()));
    full.session = Some(SessionId(id()));
    let mut bare = refused("nobody\u{0}\u{1f980}");
    bare.actor = None;
    let events = [full, bare, event(Fact::Watched)];
    store.append(&events).await.unwrap();
    store.append(&[]).await.unwrap();
    let logged = whole_log(&store).await;
    assert_eq!(logged.iter().map(|logged| logged.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(logged.iter().map(|logged| &logged.event).eq(&events));
    assert_eq!(first_bad(&logged), None);
    assert_eq!(store.newest_event().await.unwrap(), 3);
}

async fn l_01_an_edit_a_deletion_or_a_swap_breaks_the_chain(home: Home) {
    for (damage, expected) in [
        ("UPDATE events SET fact = replace(fact, 'third', 'first') WHERE number = 3", 3),
        ("UPDATE events SET happened_at = happened_at + 1 WHERE number = 2", 2),
        ("UPDATE events SET by_username = 'zoe' WHERE number = 4", 4),
        ("UPDATE events SET namespace = 'staging' WHERE number = 1", 1),
        ("DELETE FROM events WHERE number = 2", 2),
        (
            "UPDATE events SET number = 99 WHERE number = 2; \
             UPDATE events SET number = 2 WHERE number = 3; \
             UPDATE events SET number = 3 WHERE number = 99",
            2,
        ),
        (
            "DELETE FROM events WHERE number = 2; \
             UPDATE events SET number = number - 1 WHERE number = 3; \
             UPDATE events SET number = number - 1 WHERE number = 4",
            2,
        ),
        ("UPDATE events SET digest = 'beef' WHERE number = 4", 4),
    ] {
        let store = home.open().await;
        let base = store.newest_event().await.unwrap();
        assert_eq!(base, 0, "each case has its own log");
        for word in ["first", "second", "third", "fourth"] {
            let place = Some(place("payments"));
            store.append(&[Event { place, ..refused(word) }]).await.unwrap();
        }
        assert_eq!(first_bad(&whole_log(&store).await), None);
        for statement in damage.split("; ") {
            home.tamper(statement).await;
        }
        assert_eq!(first_bad(&whole_log(&store).await), Some(expected), "{damage}");
        home.tamper("DELETE FROM events").await;
        let origin = chain::ORIGIN;
        home.tamper(&format!("UPDATE audit_head SET number = 0, digest = '{origin}'")).await;
    }
}

async fn an_event_with_more_than_microseconds_still_fits_its_digest(home: Home) {
    let store = home.open().await;
    let at: Timestamp = "2027-03-01T12:00:00.123456789Z".parse().unwrap();
    store.append(&[Event { at, ..event(Fact::Watched) }]).await.unwrap();
    let logged = whole_log(&store).await;
    assert_eq!(first_bad(&logged), None);
    assert_eq!(logged[0].event.at, "2027-03-01T12:00:00.123456Z".parse().unwrap());
}

async fn every_filter_narrows_the_log(home: Home) {
    let store = home.open().await;
    let (asked, granted, opened) = (RequestId(id()), GrantId(id()), SessionId(id()));
    let events = [
        Event { place: Some(place("payments")), request: Some(asked), ..refused("1") },
        Event { actor: Some(signer("ben")), grant: Some(granted), ..refused("2") },
        Event {
            actor: Some(signer("ben")),
            place: Some(place("payments")),
            session: Some(opened),
            ..event(Fact::Watched)
        },
        Event { actor: None, place: Some(place("checkout")), ..event(Fact::Watched) },
    ];
    store.append(&events).await.unwrap();
    let numbers = async |filter: AuditFilter, limit| -> Vec<u64> {
        let events = store.events(&filter, limit).await.unwrap();
        events.iter().map(|logged| logged.number).collect()
    };
    let all = AuditFilter::default();
    let some = |text: &str| Some(text.to_owned());
    let of = |kind| AuditFilter { kind: Some(kind), ..all.clone() };
    let about = |id: String| AuditFilter { about: Some(id), ..all.clone() };
    assert_eq!(numbers(all.clone(), 9).await, [4, 3, 2, 1]);
    assert_eq!(numbers(all.clone(), 2).await, [4, 3]);
    assert_eq!(numbers(AuditFilter { before: Some(3), ..all.clone() }, 9).await, [2, 1]);
    assert_eq!(numbers(AuditFilter { before: Some(u64::MAX), ..all.clone() }, 1).await, [4]);
    assert_eq!(numbers(AuditFilter { actor: some("ben"), ..all.clone() }, 9).await, [3, 2]);
    assert_eq!(numbers(AuditFilter { actor: some("be"), ..all.clone() }, 9).await, [0_u64; 0]);
    assert_eq!(numbers(of(FactKind::Watched), 9).await, [4, 3]);
    let payments = AuditFilter { namespace: some("payments"), ..all.clone() };
    assert_eq!(numbers(payments.clone(), 9).await, [3, 1]);
    assert_eq!(numbers(about(asked.to_string()), 9).await, [1]);
    assert_eq!(numbers(about(granted.to_string()), 9).await, [2]);
    assert_eq!(numbers(about(opened.to_string()), 9).await, [3]);
    assert_eq!(numbers(AuditFilter { actor: some("ben"), ..payments.clone() }, 9).await, [3]);
    let every = AuditFilter {
        actor: some("ben"),
        kind: Some(FactKind::Watched),
        namespace: some("payments"),
        about: Some(opened.to_string()),
        before: Some(4),
    };
    assert_eq!(numbers(every.clone(), 9).await, [3]);
    let kind = Some(FactKind::Refused);
    assert_eq!(numbers(AuditFilter { kind, ..every }, 9).await, [0_u64; 0]);
}

async fn filters_are_values_never_sql(home: Home) {
    let store = home.open().await;
    store.append(&[event(Fact::Watched)]).await.unwrap();
    for text in ["' OR '1'='1", "ana'; DROP TABLE events; --", "%", "$1", "\\", ""] {
        let text = Some(text.to_owned());
        let filter = AuditFilter {
            actor: text.clone(),
            namespace: text.clone(),
            about: text.clone(),
            ..AuditFilter::default()
        };
        assert_eq!(store.events(&filter, 9).await.unwrap(), [], "{text:?}");
    }
    assert_eq!(store.newest_event().await.unwrap(), 1);
}

async fn the_log_is_read_page_by_page(home: Home) {
    let store = home.open().await;
    for _ in 0..7 {
        store.append(&[event(Fact::Watched)]).await.unwrap();
    }
    let (mut after, mut pages) = (0, Vec::new());
    loop {
        let page = store.events_after(after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.number;
        pages.push(page.iter().map(|logged| logged.number).collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec![1, 2, 3], vec![4, 5, 6], vec![7]]);
    assert_eq!(store.events_after(u64::MAX, 3).await.unwrap(), []);
}

async fn a_story_is_told_by_request_grant_and_session(home: Home) {
    let store = home.open().await;
    let asked = request("ana", 0);
    let made = grant(&asked);
    let opened = session(&made, 1);
    store.insert_request(&approved(&asked, &made), Some(&made), 0, &[]).await.unwrap();
    store.insert_session(&opened, &[]).await.unwrap();
    let other = request("ben", 0);
    store.insert_request(&other, None, 0, &[]).await.unwrap();
    store
        .append(&[
            Event { request: Some(asked.id), ..refused("1") },
            Event { request: Some(other.id), ..refused("another request") },
            Event { grant: Some(made.id), ..refused("2") },
            Event { grant: Some(GrantId(id())), ..refused("another grant") },
            Event { session: Some(opened.id), ..refused("3") },
            refused("nobody's"),
            Event {
                request: Some(asked.id),
                grant: Some(made.id),
                session: Some(opened.id),
                ..refused("4")
            },
        ])
        .await
        .unwrap();
    let story = store.story(asked.id).await.unwrap();
    let numbers: Vec<u64> = story.iter().map(|logged| logged.number).collect();
    assert_eq!(numbers, [1, 3, 5, 7]);
}

/// The digests of these events must never change: logs that were written would not verify.
#[test]
fn digests_stay_what_they_were() {
    let fixed = |fact| Event {
        id: EventId("019570a2-0000-7000-8000-000000000001".parse().unwrap()),
        at: "2027-03-01T12:00:00.123456Z".parse().unwrap(),
        actor: Some(signer("ana")),
        place: Some(place("payments")),
        request: Some(RequestId("019570a2-0000-7000-8000-000000000002".parse().unwrap())),
        grant: None,
        session: None,
        fact,
    };
    let signed_in = Fact::SignedIn { groups: vec!["oncall".into()] };
    let first = chain::link(chain::ORIGIN, &fixed(signed_in)).unwrap();
    let second = chain::link(&first, &fixed(Fact::Watched)).unwrap();
    insta::assert_snapshot!(format!("{first}\n{second}"), @"
    58c22c64655209a75e868e5c2dc7053f163d009e71bf4a4606be001a418fcb79
    70c97145c30f01ab9a64aa6fea80d9a3ec2f674da44285fe053a9100bc348c82
    ");
}
