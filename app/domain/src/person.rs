//! Who signed in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{GroupName, Username};

/// What makes a person the same person: issuer and subject, never the e-mail (O-11, O-12).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonKey {
    /// The provider's issuer URL, exactly as it announces itself.
    pub issuer: String,
    /// The provider's `sub` claim, at most 255 characters.
    pub subject: String,
}

/// A person with what the provider said of them at sign-in or at the last re-check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Issuer and subject.
    pub key: PersonKey,
    /// The claim that names them towards clusters and on pages.
    pub username: Username,
    /// The provider's groups; empty when the claim was missing or malformed (O-14).
    pub groups: BTreeSet<GroupName>,
    /// Why the groups are empty, in words for the person, where the claim was unusable.
    pub groups_missing: Option<String>,
}

impl Person {
    /// Whether the person is in at least one of these groups.
    pub fn is_in_any<'a>(&self, groups: impl IntoIterator<Item = &'a GroupName>) -> bool {
        groups.into_iter().any(|group| self.groups.contains(group))
    }
}
