//! Accounts that belong to one person.

use std::collections::BTreeSet;

use crate::{PersonKey, Signer, Username};

/// Sets of usernames, each of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aliases(Vec<BTreeSet<Username>>);

impl Aliases {
    /// Accounts of one person each; no username stands in two sets.
    pub(super) fn new(sets: Vec<BTreeSet<Username>>) -> Self {
        Self(sets)
    }

    /// Whether two accounts are of one person: the same key, or declared as such.
    pub fn are_one(&self, one: &Account<'_>, other: &Account<'_>) -> bool {
        one.key == other.key
            || self.0.iter().any(|set| set.contains(one.username) && set.contains(other.username))
    }
}

/// An account: of a person who is here, or who signed something.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    key: &'a PersonKey,
    username: &'a Username,
}

impl<'a> From<&'a Signer> for Account<'a> {
    fn from(signer: &'a Signer) -> Self {
        Self { key: &signer.key, username: &signer.username }
    }
}

impl<'a> From<&'a crate::Person> for Account<'a> {
    fn from(person: &'a crate::Person) -> Self {
        Self { key: &person.key, username: &person.username }
    }
}
