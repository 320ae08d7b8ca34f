//! Approvers who decide at the same instant, on two replicas.

use broker::port::{Made, RequestQuery, SaveError, Store, Versioned};
use domain::policy::Policy;
use domain::{Fact, GrantId, Request, RequestRefusal, RequestState};
use store::Database;
use tokio::task::JoinSet;

use crate::audit::{first_bad, whole_log};
use crate::home::{Home, on_both_databases};
use crate::samples::{at, event, groups, id, person, request};

on_both_databases!(
    a_02_a_hundred_approvers_on_two_replicas_count_once_each_and_make_one_grant,
    approvals_groups_tickets_and_reviews_are_read_as_they_were_written,
    what_was_decided_on_is_what_stands_there_when_it_is_kept,
);

/// Reads, decides and saves until nobody else was faster; whether it was counted.
async fn approve(store: &Database, asked: &Request, name: &str) -> bool {
    let mut approver = person(name);
    approver.groups = groups(&["leads"]);
    let policy = Policy::parse("roles: {}\nrules: []\n").unwrap();
    loop {
        let Versioned { version, value } = store.request(asked.id).await.unwrap().unwrap();
        let shown = value.digest();
        let value = match value.approve(&approver, &shown, policy.aliases(), at(1)) {
            Ok(request) => request,
            Err(RequestRefusal::AlreadyApproved | RequestRefusal::Enough(_)) => return false,
            Err(other) => panic!("{other}"),
        };
        let events = [event(Fact::Refused {
            what: "approve".into(),
            why: name.into(),
            rule: None,
            stamp: None,
        })];
        match store.save_request(&Versioned { version, value }, None, &events).await {
            Ok(()) => return true,
            Err(SaveError::Conflict) => {}
            Err(SaveError::Store(cause)) => panic!("{cause:?}"),
        }
    }
}

/// Makes the grant unless somebody else did; whether it was this one.
async fn grant(store: &Database, asked: &Request) -> bool {
    let Versioned { version, value } = store.request(asked.id).await.unwrap().unwrap();
    let Ok((value, grant)) = value.grant(GrantId(id()), at(7)) else { return false };
    let events = [event(Fact::Refused {
        what: "grant".into(),
        why: String::new(),
        rule: None,
        stamp: None,
    })];
    let made = Made { grant: &grant, decided_on: 0 };
    match store.save_request(&Versioned { version, value }, Some(made), &events).await {
        Ok(()) => true,
        Err(SaveError::Conflict) => false,
        Err(SaveError::Store(cause)) => panic!("{cause:?}"),
    }
}

async fn a_02_a_hundred_approvers_on_two_replicas_count_once_each_and_make_one_grant(home: Home) {
    // Each has connections and a writer of its own, as two processes have.
    let replicas = [home.open().await, home.open().await];
    let asked = request("ana", 0);
    replicas[0].insert_request(&asked, None, 0, &[]).await.unwrap();
    let mut clients = JoinSet::new();
    for client in 0..100 {
        let (store, asked) = (replicas[client % 2].clone(), asked.clone());
        // Everybody clicks twice, once on each replica.
        let name = format!("lead-{}", client / 2);
        clients.spawn(async move { approve(&store, &asked, &name).await });
    }
    let counted = clients.join_all().await.into_iter().filter(|counted| *counted).count();
    assert_eq!(counted, 2, "the quorum is two people");
    let mut sweeps = JoinSet::new();
    for sweep in 0..20 {
        let (store, asked) = (replicas[sweep % 2].clone(), asked.clone());
        sweeps.spawn(async move { grant(&store, &asked).await });
    }
    let made = sweeps.join_all().await.into_iter().filter(|made| *made).count();
    assert_eq!(made, 1, "both replicas want to make the grant");
    let request = replicas[1].request(asked.id).await.unwrap().unwrap().value;
    assert!(matches!(request.state, RequestState::Approved { .. }));
    assert_ne!(request.approvals[0].by, request.approvals[1].by);
    assert_eq!(replicas[0].active_grants().await.unwrap().len(), 1);
    let log = whole_log(&replicas[1]).await;
    assert_eq!((log.len(), first_bad(&log)), (3, None), "who lost a race wrote nothing");
}

async fn approvals_groups_tickets_and_reviews_are_read_as_they_were_written(home: Home) {
    let store = home.open().await;
    let mut asked = request("ana", 0);
    asked.approvals = vec![crate::samples::approval(&asked, "ben", 2)];
    asked.extends = Some(domain::Extension { grant: GrantId(id()), until: at(7) });
    asked.review = Some(domain::GlassReview {
        by: crate::samples::signer("cleo"),
        at: at(9),
        words: "needed; 'really'".into(),
    });
    store.insert_request(&asked, None, 0, &[]).await.unwrap();
    assert_eq!(store.request(asked.id).await.unwrap().unwrap().value, asked);
    let sent = RequestQuery::SentSince(at(0));
    assert_eq!(store.requests(&sent).await.unwrap().len(), 1);
    let later = RequestQuery::SentSince(at(1));
    assert_eq!(store.requests(&later).await.unwrap().len(), 0);
    let owed = RequestQuery::ReviewOwed;
    assert_eq!(store.requests(&owed).await.unwrap().len(), 0);
}

/// Sends a request that may only be the first, unless somebody was faster; whether it was kept.
async fn send_the_first(store: &Database) -> bool {
    let decided_on = store.newest_access().await.unwrap();
    if !store.requests(&RequestQuery::Pending).await.unwrap().is_empty() {
        return false;
    }
    let sent = event(Fact::GrantBegan {
        role: "shell".parse().unwrap(),
        group: String::new(),
        begins: None,
        not_after: at(9),
    });
    match store.insert_request(&request("ana", 0), None, decided_on, &[sent]).await {
        Ok(()) => true,
        Err(SaveError::Conflict) => false,
        Err(SaveError::Store(cause)) => panic!("{cause:?}"),
    }
}

async fn what_was_decided_on_is_what_stands_there_when_it_is_kept(home: Home) {
    let replicas = [home.open().await, home.open().await];
    assert_eq!(replicas[0].newest_access().await.unwrap(), 0);
    let mut clients = JoinSet::new();
    for client in 0..50 {
        let store = replicas[client % 2].clone();
        clients.spawn(async move { send_the_first(&store).await });
    }
    let kept = clients.join_all().await.into_iter().filter(|kept| *kept).count();
    assert_eq!(kept, 1);
    assert_eq!(replicas[1].newest_access().await.unwrap(), 1);
    replicas[1].append(&[event(Fact::Watched)]).await.unwrap();
    assert_eq!(replicas[0].newest_access().await.unwrap(), 1, "it is not of access");
    // So are grants that are made of what waits.
    let asked = replicas[0].requests(&RequestQuery::Pending).await.unwrap().remove(0);
    let grant = crate::samples::grant(&asked.value);
    let granted = Versioned { value: crate::samples::approved(&asked.value, &grant), ..asked };
    for (decided_on, kept) in [(0, false), (1, true)] {
        let made = Made { grant: &grant, decided_on };
        let saved = replicas[1].save_request(&granted, Some(made), &[]).await;
        assert_eq!(saved.is_ok(), kept, "{saved:?}");
    }
}
