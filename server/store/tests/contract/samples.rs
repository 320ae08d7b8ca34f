//! People, places and things for the tests.

use std::collections::BTreeSet;
use std::num::NonZeroU8;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::policy::{Circumstances, Decision, Holding, PolicyDigest, Quorum, Ruling, Terms};
use domain::{
    Approval, ClusterName, ContainerName, Event, EventId, Fact, Grant, GrantId, GrantState,
    GroupName, Namespace, Person, PersonKey, Place, PodName, Request, RequestId, RequestState,
    RoleName, RuleName, Session, SessionId, SessionState, Signer, Target, Username,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

static IDS: AtomicU64 = AtomicU64::new(1);

pub(crate) fn id() -> Uuid {
    Uuid::from_u128(u128::from(IDS.fetch_add(1, Ordering::Relaxed)))
}

/// Some minutes after a fixed instant.
pub(crate) fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2027-03-01T12:00:00.123456Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

pub(crate) fn person(name: &str) -> Person {
    Person {
        key: PersonKey { issuer: "https://idp.example".into(), subject: format!("{name}-7") },
        username: Username::parse(name).unwrap(),
        groups: groups(&["oncall", "payments, \"leads\""]),
        groups_missing: None,
    }
}

pub(crate) fn groups(names: &[&str]) -> BTreeSet<GroupName> {
    names.iter().map(|name| GroupName::parse(*name).unwrap()).collect()
}

pub(crate) fn place(namespace: &str) -> Place {
    Place {
        cluster: ClusterName::parse("main").unwrap(),
        namespace: Namespace::parse(namespace).unwrap(),
    }
}

pub(crate) fn signer(name: &str) -> Signer {
    Signer::from(&person(name))
}

pub(crate) fn request(name: &str, sent: i64) -> Request {
    let quorum = Quorum {
        count: NonZeroU8::new(2).unwrap(),
        approvers: groups(&["leads"]),
        from: NonZeroU8::MIN,
        later: Vec::new(),
    };
    Request {
        id: RequestId(id()),
        person: person(name),
        place: place("payments"),
        scope: "Deployment/web".parse().unwrap(),
        role: RoleName::parse("shell").unwrap(),
        length: Duration::from_mins(30),
        reason: "the ledger is stuck; 'quoted' -- and\nbroken".into(),
        ticket: Some("OPS-1 'quoted'".into()),
        starts_at: Some(at(sent + 5)),
        extends: None,
        ruling: Ruling {
            decision: Decision::Ask(quorum),
            rule: Some(RuleName::parse("payments-shell").unwrap()),
            policy: PolicyDigest("ab".repeat(32).into()),
            commit: None,
            longest: Duration::from_hours(1),
            terms: Terms::default(),
            preliminary: false,
        },
        circumstances: Circumstances {
            labels: [("env".to_owned(), "production".to_owned())].into(),
            holds: vec![Holding {
                place: place("checkout"),
                role: RoleName::parse("observe").unwrap(),
            }],
        },
        sent_at: at(sent),
        lapses_at: at(sent + 60),
        approvals: Vec::new(),
        reminded_at: Some(at(sent + 6)),
        state: RequestState::Pending,
        review: None,
    }
}

pub(crate) fn approval(request: &Request, name: &str, minute: i64) -> Approval {
    let groups = groups(&["leads"]);
    Approval { by: signer(name), groups, at: at(minute), digest: request.digest() }
}

pub(crate) fn grant(request: &Request) -> Grant {
    Grant {
        id: GrantId(id()),
        request: request.id,
        person: request.person.clone(),
        place: request.place.clone(),
        scope: request.scope.clone(),
        role: request.role.clone(),
        not_before: request.sent_at,
        not_after: domain::later(request.sent_at, request.length),
        extends: Some(GrantId(id())),
        broke_glass: true,
        unclaimed: None,
        state: GrantState::Active,
    }
}

/// The request as it is when this grant was made.
pub(crate) fn approved(request: &Request, grant: &Grant) -> Request {
    let state = RequestState::Approved { at: grant.not_before, grant: grant.id };
    Request { state, ..request.clone() }
}

pub(crate) fn session(grant: &Grant, asked: i64) -> Session {
    Session {
        id: SessionId(id()),
        grant: grant.id,
        person: grant.person.clone(),
        target: Target {
            place: grant.place.clone(),
            pod: PodName::parse("web-7d9f8c-x2k").unwrap(),
            container: ContainerName::parse("web").unwrap(),
        },
        asked_at: at(asked),
        not_after: grant.not_after,
        state: SessionState::Starting,
    }
}

/// An event of this kind, by ana, that concerns nothing yet.
pub(crate) fn event(fact: Fact) -> Event {
    Event {
        id: EventId(id()),
        at: at(0),
        actor: Some(signer("ana")),
        place: None,
        request: None,
        grant: None,
        session: None,
        fact,
    }
}
