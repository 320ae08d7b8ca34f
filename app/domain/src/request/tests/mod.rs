//! A request of ana's, and the people around it.

mod deciding;
mod granting;
mod histories;

use std::collections::BTreeSet;
use std::num::NonZeroU8;
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::policy::{Aliases, Policy, PolicyDigest, Terms};
use crate::testing::{person, place};
use crate::{Grant, GroupName};

const PEOPLE: [(&str, &[&str]); 7] = [
    ("ana", &["leads", "platform"]),
    ("ana-admin", &["leads"]),
    ("ben", &["leads"]),
    ("cleo", &["platform"]),
    ("dora", &["leads", "platform"]),
    ("eve", &["none"]),
    ("ben-admin", &["leads", "platform"]),
];
const GRANT: GrantId = GrantId(uuid::Uuid::from_u128(7));
const MINUTE: Duration = Duration::from_mins(1);
/// How long the request waits.
const LAPSES: u64 = 60;
/// When the further approvers may decide.
const LATER: u64 = 20;

fn aliases() -> Aliases {
    let text = "roles: {}\nrules: []\naliases: [[ana, ana-admin], [ben, ben-admin]]\n";
    Policy::parse(text).unwrap().aliases().clone()
}

fn groups(names: &[&str]) -> BTreeSet<GroupName> {
    names.iter().map(|name| GroupName::parse(*name).unwrap()).collect()
}

fn who(index: usize) -> Person {
    let (name, groups) = PEOPLE[index];
    person(name, groups)
}

fn at(minute: u64) -> Timestamp {
    crate::later(Timestamp::UNIX_EPOCH, Duration::from_secs(minute * 60))
}

fn quorum(count: u8, from: u8) -> Quorum {
    Quorum {
        count: NonZeroU8::new(count).unwrap(),
        approvers: groups(&["leads"]),
        from: NonZeroU8::new(from).unwrap(),
        later: vec![crate::policy::Escalation {
            after: MINUTE * u32::try_from(LATER).unwrap(),
            approvers: groups(&["platform"]),
        }],
    }
}

/// A request of ana's.
fn asked(count: u8, from: u8) -> Request {
    Request {
        id: RequestId(uuid::Uuid::from_u128(1)),
        person: who(0),
        place: place("payments"),
        scope: Scope::Namespace,
        role: RoleName::parse("shell").unwrap(),
        length: MINUTE * 30,
        reason: "it is stuck".into(),
        ticket: None,
        starts_at: None,
        extends: None,
        ruling: Ruling {
            decision: Decision::Ask(quorum(count, from)),
            rule: None,
            policy: PolicyDigest("p".into()),
            longest: MINUTE * 60,
            terms: Terms {
                lapse_after: MINUTE * u32::try_from(LAPSES).unwrap(),
                ..Terms::default()
            },
            commit: None,
            preliminary: false,
        },
        circumstances: Circumstances::default(),
        sent_at: at(0),
        lapses_at: at(LAPSES),
        approvals: Vec::new(),
        reminded_at: None,
        state: RequestState::Pending,
        review: None,
    }
}
