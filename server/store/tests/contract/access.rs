//! Requests, approvals, grants and sessions.

use broker::port::{Made, RequestQuery, SaveError, SessionQuery, Store, Versioned};
use domain::{
    Fact, Grant, GrantEnd, GrantState, LeftBehind, Request, RequestId, RequestState, Sealed,
    Session, SessionEnd, SessionState,
};
use store::{Database, Unreadable};

use crate::home::{Home, on_both_databases};
use crate::samples::{approval, approved, at, event, grant, id, person, request, session, signer};

on_both_databases!(
    every_state_of_a_request_comes_back_as_it_was_saved,
    every_state_of_a_grant_comes_back_as_it_was_saved,
    every_state_of_a_session_comes_back_as_it_was_saved,
    what_is_not_there_is_none,
    a_change_over_another_version_is_a_conflict_and_leaves_nothing,
    a_02_one_person_counts_once_whatever_the_writer_says,
    a_02_of_approvals_at_the_same_instant_one_is_saved_and_the_others_conflict,
    a_request_becomes_one_grant_at_most,
    a_session_belongs_to_a_grant_that_is_there,
    a_17_a_failing_event_leaves_nothing_of_its_change,
    requests_are_listed_newest_first,
    sessions_are_listed_newest_first,
    a_row_that_cannot_be_understood_is_named,
);

async fn keep(store: &Database, request: &Request) {
    store.insert_request(request, None, 0, &[event(Fact::RequestLapsed)]).await.unwrap();
}

/// An active grant with the approved request it comes from.
async fn granted(store: &Database, asked: &Request) -> Grant {
    let grant = grant(asked);
    store.insert_request(&approved(asked, &grant), Some(&grant), 0, &[]).await.unwrap();
    grant
}

async fn every_state_of_a_request_comes_back_as_it_was_saved(home: Home) {
    let store = home.open().await;
    let mut asked = request("ana", 0);
    asked.person.groups_missing = Some("the claim was a number".into());
    for state in [
        RequestState::Pending,
        RequestState::Approved { at: at(9), grant: grant(&asked).id },
        RequestState::Denied { at: at(3), by: signer("ben"), why: "not \u{1f980} now".into() },
        RequestState::Withdrawn { at: at(4) },
        RequestState::Lapsed { at: at(60) },
    ] {
        asked.id = RequestId(id());
        asked.state = RequestState::Pending;
        asked.approvals.clear();
        keep(&store, &asked).await;
        let kept = store.request(asked.id).await.unwrap().unwrap();
        assert_eq!(kept, Versioned { version: 0, value: asked.clone() });

        asked.approvals = vec![approval(&asked, "zoe", 1), approval(&asked, "ben", 2)];
        asked.state = state;
        store
            .save_request(&Versioned { version: 0, value: asked.clone() }, None, &[])
            .await
            .unwrap();
        let saved = store.request(asked.id).await.unwrap().unwrap();
        assert_eq!(saved, Versioned { version: 1, value: asked.clone() });
    }
}

async fn every_state_of_a_grant_comes_back_as_it_was_saved(home: Home) {
    let store = home.open().await;
    for how in [GrantEnd::Expired, GrantEnd::Surrendered, GrantEnd::Revoked { by: signer("ben") }] {
        let grant = granted(&store, &request("ana", 0)).await;
        let kept = store.grant(grant.id).await.unwrap().unwrap();
        assert_eq!(kept, Versioned { version: 0, value: grant.clone() });
        assert_eq!(store.active_grants().await.unwrap(), std::slice::from_ref(&kept));

        let ended = Grant { state: GrantState::Ended { at: at(5), how }, ..grant };
        let change = Versioned { version: 0, value: ended.clone() };
        store.save_grant(&change, &[]).await.unwrap();
        let saved = store.grant(ended.id).await.unwrap().unwrap();
        assert_eq!(saved, Versioned { version: 1, value: ended });
        assert_eq!(store.active_grants().await.unwrap(), []);
    }
}

async fn every_state_of_a_session_comes_back_as_it_was_saved(home: Home) {
    let store = home.open().await;
    let grant = granted(&store, &request("ana", 0)).await;
    let sealed = Sealed { bytes: 5_000_000_000, digest: "cd".repeat(32) };
    let ended = |how, left, recording| SessionState::Ended { at: at(8), how, left, recording };
    for state in [
        SessionState::Live { since: at(2) },
        ended(SessionEnd::TimeIsUp, LeftBehind::Nothing, Some(sealed.clone())),
        ended(SessionEnd::Revoked { by: signer("ben") }, LeftBehind::Unknown, Some(sealed)),
        ended(SessionEnd::Exited { code: 137 }, LeftBehind::Processes { count: 3 }, None),
        ended(SessionEnd::NotOpened { why: "no \"shell\"".into() }, LeftBehind::Nothing, None),
        ended(SessionEnd::Cut { what: "1006".into() }, LeftBehind::Unknown, None),
    ] {
        let started = session(&grant, 1);
        store.insert_session(&started, &[]).await.unwrap();
        let kept = store.session(started.id).await.unwrap().unwrap();
        assert_eq!(kept, Versioned { version: 0, value: started.clone() });

        let changed = Session { state, ..started };
        let change = Versioned { version: 0, value: changed.clone() };
        store.save_session(&change, &[]).await.unwrap();
        let saved = store.session(changed.id).await.unwrap().unwrap();
        assert_eq!(saved, Versioned { version: 1, value: changed });
    }
}

async fn what_is_not_there_is_none(home: Home) {
    let store = home.open().await;
    let stranger = request("ana", 0);
    let grant = grant(&stranger);
    assert_eq!(store.request(stranger.id).await.unwrap(), None);
    assert_eq!(store.grant(grant.id).await.unwrap(), None);
    assert_eq!(store.session(session(&grant, 0).id).await.unwrap(), None);
    assert_eq!(store.story(stranger.id).await.unwrap(), []);
    assert_eq!(store.newest_event().await.unwrap(), 0);
}

async fn a_change_over_another_version_is_a_conflict_and_leaves_nothing(home: Home) {
    let store = home.open().await;
    let asked = request("ana", 0);
    keep(&store, &asked).await;
    let grant = granted(&store, &request("ana", 0)).await;
    let started = session(&grant, 1);
    store.insert_session(&started, &[]).await.unwrap();
    let before = store.newest_event().await.unwrap();

    let events = [event(Fact::RequestWithdrawn)];
    let withdrawn = Request { state: RequestState::Withdrawn { at: at(1) }, ..asked.clone() };
    let over = |version| Versioned { version, value: withdrawn.clone() };
    let late = store.save_request(&over(1), None, &events).await;
    assert!(matches!(late, Err(SaveError::Conflict)), "{late:?}");
    let ended = GrantState::Ended { at: at(2), how: GrantEnd::Expired };
    let late = Versioned { version: 7, value: Grant { state: ended, ..grant.clone() } };
    let late = store.save_grant(&late, &events).await;
    assert!(matches!(late, Err(SaveError::Conflict)), "{late:?}");
    let live = SessionState::Live { since: at(2) };
    let late = Versioned { version: 1, value: Session { state: live, ..started.clone() } };
    let late = store.save_session(&late, &events).await;
    assert!(matches!(late, Err(SaveError::Conflict)), "{late:?}");

    assert_eq!(store.newest_event().await.unwrap(), before);
    assert_eq!(store.request(asked.id).await.unwrap().unwrap().value, asked);
    assert_eq!(store.grant(grant.id).await.unwrap().unwrap().value, grant);
    assert_eq!(store.session(started.id).await.unwrap().unwrap().value, started);

    store.save_request(&over(0), None, &events).await.unwrap();
    let again = store.save_request(&over(0), None, &events).await;
    assert!(matches!(again, Err(SaveError::Conflict)), "{again:?}");
}

async fn a_02_one_person_counts_once_whatever_the_writer_says(home: Home) {
    let store = home.open().await;
    let asked = request("ana", 0);
    keep(&store, &asked).await;
    let mut twice = asked.clone();
    let mut renamed = approval(&asked, "ben", 2);
    renamed.by.username = "ben-again".parse().unwrap();
    twice.approvals = vec![approval(&asked, "ben", 1), renamed];
    let grant = grant(&asked);
    let granted = Versioned { version: 0, value: approved(&twice, &grant) };
    let made = Made { grant: &grant, decided_on: 0 };
    let refused = store.save_request(&granted, Some(made), &[event(Fact::RequestWithdrawn)]).await;
    assert!(matches!(refused, Err(SaveError::Store(_))), "{refused:?}");

    let kept = store.request(asked.id).await.unwrap().unwrap();
    assert_eq!(kept, Versioned { version: 0, value: asked });
    assert_eq!(store.grant(grant.id).await.unwrap(), None);
    assert_eq!(store.newest_event().await.unwrap(), 1);
}

async fn a_02_of_approvals_at_the_same_instant_one_is_saved_and_the_others_conflict(home: Home) {
    // Two handles, as two replicas have.
    let stores = [home.open().await, home.open().await];
    let asked = request("ana", 0);
    keep(&stores[0], &asked).await;
    let mut racers = tokio::task::JoinSet::new();
    for number in 0..20 {
        let store = stores[number % 2].clone();
        let mut value = asked.clone();
        value.approvals = vec![approval(&asked, &format!("lead{number}"), 1)];
        racers.spawn(async move {
            let fact = Fact::RequestApproved { count: 1, needed: 2, digest: String::new() };
            store.save_request(&Versioned { version: 0, value }, None, &[event(fact)]).await
        });
    }
    let results = racers.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let conflicts =
        results.iter().filter(|result| matches!(result, Err(SaveError::Conflict))).count();
    assert_eq!(conflicts, 19, "{results:?}");
    let saved = stores[1].request(asked.id).await.unwrap().unwrap();
    assert_eq!((saved.version, saved.value.approvals.len()), (1, 1));
    assert_eq!(stores[1].newest_event().await.unwrap(), 2);
}

async fn a_request_becomes_one_grant_at_most(home: Home) {
    let store = home.open().await;
    let asked = request("ana", 0);
    let first = granted(&store, &asked).await;
    let second = grant(&asked);
    let again = Versioned { version: 0, value: approved(&asked, &second) };
    let made = Made { grant: &second, decided_on: 0 };
    let refused = store.save_request(&again, Some(made), &[]).await;
    assert!(matches!(refused, Err(SaveError::Store(_))), "{refused:?}");
    assert_eq!(store.grant(second.id).await.unwrap(), None);
    let kept = store.request(asked.id).await.unwrap().unwrap().value;
    assert_eq!(kept, approved(&asked, &first));
}

async fn a_session_belongs_to_a_grant_that_is_there(home: Home) {
    let store = home.open().await;
    let stray = session(&grant(&request("ana", 0)), 0);
    assert!(store.insert_session(&stray, &[event(Fact::Watched)]).await.is_err());
    assert_eq!(store.session(stray.id).await.unwrap(), None);
    assert_eq!(store.newest_event().await.unwrap(), 0);
}

async fn a_17_a_failing_event_leaves_nothing_of_its_change(home: Home) {
    let store = home.open().await;
    let taken = event(Fact::RequestWithdrawn);
    store.append(std::slice::from_ref(&taken)).await.unwrap();
    // The second event fails, because its name is taken.
    let events = [event(Fact::RequestWithdrawn), taken];

    let asked = request("ana", 0);
    let made = grant(&asked);
    let new = store.insert_request(&approved(&asked, &made), Some(&made), 0, &events).await;
    assert!(new.is_err());
    assert_eq!(store.request(asked.id).await.unwrap(), None);
    assert_eq!(store.grant(made.id).await.unwrap(), None);

    keep(&store, &asked).await;
    let mut changed = approved(&asked, &made);
    changed.approvals = vec![approval(&asked, "ben", 1)];
    let changed = Versioned { version: 0, value: changed };
    let late = Made { grant: &made, decided_on: 0 };
    let saved = store.save_request(&changed, Some(late), &events).await;
    assert!(matches!(saved, Err(SaveError::Store(_))), "{saved:?}");
    let kept = store.request(asked.id).await.unwrap().unwrap();
    assert_eq!(kept, Versioned { version: 0, value: asked.clone() });
    assert_eq!(store.grant(made.id).await.unwrap(), None);

    let grant = granted(&store, &request("ana", 0)).await;
    let started = session(&grant, 0);
    assert!(store.insert_session(&started, &events).await.is_err());
    assert_eq!(store.session(started.id).await.unwrap(), None);
    assert!(store.append(&events).await.is_err());
    assert_eq!(store.newest_event().await.unwrap(), 2);
}

async fn requests_are_listed_newest_first(home: Home) {
    let store = home.open().await;
    let mut settled = Vec::new();
    let mut pending = Vec::new();
    for minute in 0..4 {
        let mut open = request("ana", minute);
        open.approvals = vec![approval(&open, "ben", 1), approval(&open, "cleo", 1)];
        keep(&store, &open).await;
        pending.insert(0, open.id);
        let mut gone = request("ben", minute);
        // What was sent last was settled first.
        gone.state = RequestState::Withdrawn { at: at(100 - minute) };
        keep(&store, &gone).await;
        settled.push(gone.id);
    }
    let ids = async |query: &RequestQuery| -> Vec<RequestId> {
        let requests = store.requests(query).await.unwrap();
        requests.iter().map(|request| request.value.id).collect()
    };
    assert_eq!(ids(&RequestQuery::Pending).await, pending);
    assert_eq!(ids(&RequestQuery::Settled { limit: 3 }).await, settled[..3]);
    let of = |name, limit| RequestQuery::Of { person: person(name).key, limit };
    assert_eq!(ids(&of("ana", 2)).await, pending[..2]);
    assert_eq!(ids(&of("eve", 9)).await, []);
    let listed = store.requests(&RequestQuery::Pending).await.unwrap();
    assert!(listed.iter().all(|request| request.value.approvals.len() == 2));
}

async fn sessions_are_listed_newest_first(home: Home) {
    let store = home.open().await;
    let grant = granted(&store, &request("ana", 0)).await;
    let other = granted(&store, &request("ben", 0)).await;
    let mut ids = Vec::new();
    for minute in 0..4 {
        let mut started = session(if minute == 3 { &other } else { &grant }, minute);
        if minute % 2 == 1 {
            let sealed = Sealed { bytes: 7, digest: "d1ge57".to_owned() };
            started.state = SessionState::Ended {
                at: at(50 - minute),
                how: SessionEnd::Abandoned,
                left: LeftBehind::Nothing,
                recording: (minute == 1).then_some(sealed),
            };
        }
        store.insert_session(&started, &[]).await.unwrap();
        ids.push(started.id);
    }
    let list = async |query: SessionQuery| -> Vec<_> {
        let sessions = store.sessions(&query).await.unwrap();
        sessions.iter().map(|session| session.value.id).collect()
    };
    assert_eq!(list(SessionQuery::Running).await, [ids[2], ids[0]]);
    assert_eq!(list(SessionQuery::Under(grant.id)).await, [ids[2], ids[1], ids[0]]);
    assert_eq!(list(SessionQuery::Ended { limit: 9 }).await, [ids[1], ids[3]]);
    assert_eq!(list(SessionQuery::Ended { limit: 1 }).await, [ids[1]]);
    assert_eq!(list(SessionQuery::Unsealed).await, [ids[3]]);
}

async fn a_row_that_cannot_be_understood_is_named(home: Home) {
    let store = home.open().await;
    let asked = request("ana", 0);
    keep(&store, &asked).await;
    home.tamper("UPDATE requests SET namespace = '../kube-system'").await;
    let failure = store.request(asked.id).await.unwrap_err();
    let mut cause: Option<&dyn std::error::Error> = Some(&failure);
    let unreadable = std::iter::from_fn(|| {
        let this = cause?;
        cause = this.source();
        Some(this)
    })
    .find_map(|error| error.downcast_ref::<Unreadable>());
    let unreadable = unreadable.expect("the cause names the column");
    assert_eq!((unreadable.table, unreadable.column), ("requests", "namespace"));
}
