//! The people of the demo, one request and one session.

use std::time::Duration;

use domain::broker::{Offer, RequestRow, RequestView, SessionRow, Standing};
use domain::policy::{Asker, Circumstances, Labels, Policy, Question, Ruling, Urgency};
use domain::{
    ContainerName, GrantId, GroupName, Person, PersonKey, Place, PodName, Request, RequestId,
    RequestState, Risk, RoleName, Session, SessionId, SessionState, Target, Username,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::provider::ISSUER;

pub const REQUEST: &str = "0192f0c1-0000-7000-8000-000000000001";
pub const SESSION: &str = "0192f0c1-0000-7000-8000-000000000002";
pub const DIGEST: &str = "d1ge57";

const POLICY: &str = include_str!("../../../../end2end/demo/policy.yaml");

pub fn person(name: &str) -> Person {
    let groups: &[&str] = match name {
        "ana" => &["oncall"],
        "ben" => &["payments-leads"],
        "cleo" => &["security"],
        _ => &[],
    };
    Person {
        key: PersonKey { issuer: ISSUER.into(), subject: name.into() },
        username: Username::parse(name).unwrap(),
        groups: groups.iter().map(|group| GroupName::parse(*group).unwrap()).collect(),
        groups_missing: None,
    }
}

pub fn place() -> Place {
    Place { cluster: "main".parse().unwrap(), namespace: "payments".parse().unwrap() }
}

fn policy() -> Policy {
    Policy::parse(POLICY).unwrap()
}

fn ruled(policy: &Policy, person: &Person, place: &Place, role: &RoleName) -> Ruling {
    policy.decide(&Question {
        asker: Asker { person, at: Timestamp::UNIX_EPOCH, holds: &[] },
        place,
        labels: &Labels::new(),
        role,
        urgency: Urgency::Usual,
        asked: None,
    })
}

pub fn offers(person: &Person) -> Vec<Offer> {
    let (policy, place) = (policy(), place());
    let offers = policy.roles().map(|role| {
        let ruling = ruled(&policy, person, &place, &role.name);
        Offer { role: role.clone(), ruling, glass: None }
    });
    offers.filter(|offer| offer.ruling.decision.is_requestable()).collect()
}

/// A request as a list shows it.
pub fn row(view: RequestView) -> RequestRow {
    let RequestView { request, role, risk, standing, grant, now, .. } = view;
    RequestRow { request, role, risk, standing, grant, now }
}

/// Ana's request for a shell in payments, as somebody sees it.
pub fn request(seen_by: &Person) -> RequestView {
    let (ana, place) = (person("ana"), place());
    let role = RoleName::parse("shell").unwrap();
    let ruling = ruled(&policy(), &ana, &place, &role);
    let now = Timestamp::UNIX_EPOCH;
    let own = seen_by.key == ana.key;
    let request = Request {
        id: RequestId(REQUEST.parse().unwrap()),
        person: ana,
        place,
        scope: domain::Scope::Namespace,
        role: role.clone(),
        length: Duration::from_mins(30),
        reason: "the queue is stuck".into(),
        ticket: None,
        starts_at: None,
        extends: None,
        ruling,
        circumstances: Circumstances::default(),
        sent_at: now,
        lapses_at: Timestamp::MAX,
        approvals: Vec::new(),
        reminded_at: None,
        state: RequestState::Pending,
        review: None,
    };
    RequestView {
        digest: domain::RequestDigest(DIGEST.into()),
        role: policy().role(&role).cloned(),
        request,
        risk: Risk::Production,
        pods: None,
        group: "jit:shell:payments".into(),
        standing: Standing { own, may_decide: !own, may_change: own, ..Standing::default() },
        smaller: Vec::new(),
        parts: Vec::new(),
        insight: None,
        grant: None,
        remaining: Duration::ZERO,
        sessions: Vec::new(),
        events: Vec::new(),
        now,
    }
}

/// Ana's session, as somebody sees it.
pub fn session(seen_by: &Person) -> SessionRow {
    let ana = person("ana");
    let own = seen_by.key == ana.key;
    SessionRow {
        session: Session {
            id: SessionId(SESSION.parse().unwrap()),
            grant: GrantId(Uuid::nil()),
            person: ana,
            target: Target {
                place: place(),
                pod: PodName::parse("web-1").unwrap(),
                container: ContainerName::parse("web").unwrap(),
            },
            asked_at: Timestamp::UNIX_EPOCH,
            not_after: Timestamp::MAX,
            state: SessionState::Starting,
        },
        request: RequestId(REQUEST.parse().unwrap()),
        risk: Risk::Production,
        broke_glass: false,
        remaining: Duration::from_mins(30),
        own,
        may_end: true,
        may_replay: false,
    }
}
