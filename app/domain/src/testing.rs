//! People and places for this crate's tests.

use crate::{ClusterName, GroupName, Namespace, Person, PersonKey, Place, Username};

pub(crate) fn person(name: &str, groups: &[&str]) -> Person {
    Person {
        key: PersonKey { issuer: "https://idp.example".into(), subject: name.into() },
        username: Username::parse(name).unwrap(),
        groups: groups.iter().map(|group| GroupName::parse(*group).unwrap()).collect(),
        groups_missing: None,
    }
}

pub(crate) fn place(namespace: &str) -> Place {
    Place {
        cluster: ClusterName::parse("main").unwrap(),
        namespace: Namespace::parse(namespace).unwrap(),
    }
}
