//! Names: a value that exists is a valid one, and is shared rather than copied.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// A name that does not follow its grammar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a {kind}: {rule}")]
pub struct BadName {
    /// What the value should have been.
    pub kind: &'static str,
    /// The grammar in words.
    pub rule: &'static str,
    /// The value as it was given, cut at 80 characters.
    pub value: String,
}

macro_rules! name {
    ($(#[$docs:meta])* $Name:ident, $kind:literal, $rule:expr, $holds:expr) => {
        $(#[$docs])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $Name(Arc<str>);

        impl $Name {
            /// Checks the grammar and keeps the very bytes that were checked.
            pub fn parse(value: impl Into<String>) -> Result<Self, BadName> {
                let value = value.into();
                let holds: fn(&str) -> bool = $holds;
                if holds(&value) {
                    Ok(Self(value.into()))
                } else {
                    let value = value.chars().take(80).collect();
                    Err(BadName { kind: $kind, rule: $rule, value })
                }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl fmt::Debug for $Name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, out)
            }
        }

        impl TryFrom<String> for $Name {
            type Error = BadName;
            fn try_from(value: String) -> Result<Self, BadName> {
                Self::parse(value)
            }
        }

        impl std::str::FromStr for $Name {
            type Err = BadName;
            fn from_str(value: &str) -> Result<Self, BadName> {
                Self::parse(value)
            }
        }

        impl From<$Name> for String {
            fn from(name: $Name) -> Self {
                name.as_str().to_owned()
            }
        }
    };
}

const LABEL: &str =
    "1 to 63 characters of a-z, 0-9 and -, beginning and ending with a letter or digit";
const SUBDOMAIN: &str = "labels of a-z, 0-9 and - joined by dots, at most 253 characters";

name!(
    /// A cluster, as the configuration names it (RFC 1123 label).
    ClusterName, "cluster name", LABEL, is_label
);
name!(
    /// A Kubernetes namespace (RFC 1123 label).
    Namespace, "namespace", LABEL, is_label
);
name!(
    /// A Kubernetes pod (RFC 1123 subdomain).
    PodName, "pod name", SUBDOMAIN, is_subdomain
);
name!(
    /// A container inside a pod (RFC 1123 label).
    ContainerName, "container name", LABEL, is_label
);
name!(
    /// A role that policy lets people ask for.
    RoleName, "role name", "1 to 40 characters of a-z, 0-9 and -, beginning with a letter",
    |value| value.len() <= 40 && is_label(value) && value.starts_with(|first: char| first.is_ascii_lowercase())
);
name!(
    /// A command that a role lists.
    CommandName, "command name", LABEL, is_label
);
name!(
    /// A rule of the policy.
    RuleName, "rule name", LABEL, is_label
);
name!(
    /// A group as the identity provider names it. Never sent to a cluster (H-06).
    GroupName, "group name", "1 to 200 visible characters",
    |value| is_visible(value, 200)
);
name!(
    /// The claim that names a person towards a cluster.
    ///
    /// Refused are the empty and the blank (CVE-2026-23990: an empty `Impersonate-User` means *no*
    /// impersonation), control, format and invisible characters, and whatever reads as `system:…`
    /// once folded (H-01 to H-03).
    Username, "username", "1 to 128 visible characters that do not read as system:…",
    |value| is_visible(value, 128) && !reads_as_system(value)
);

fn is_label(value: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| inner(*byte) && *byte != b'-');
    let bytes = value.as_bytes();
    bytes.len() <= 63
        && bytes.iter().all(|byte| inner(*byte))
        && edge(bytes.first())
        && edge(bytes.last())
}

pub(crate) fn is_subdomain(value: &str) -> bool {
    value.len() <= 253 && value.split('.').all(is_label)
}

fn is_visible(value: &str, longest: usize) -> bool {
    !value.is_empty()
        && value.chars().count() <= longest
        && value.trim() == value
        && !value.chars().any(is_unseen)
}

/// Control, format, bidirectional, filler and private-use characters: they change what is read
/// without being seen.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{e000}'..='\u{f8ff}'
            | '\u{f0000}'..='\u{10ffff}')
}

/// Whether a reader, or a lenient parser, could take the name for one of Kubernetes' own.
///
/// Compatible forms are what they stand for (NFKC, UAX 15), and only ASCII letters, digits and the
/// colon decide: everything else is dropped. So `ＳＹＳＴＥＭ：masters`, `𝐬𝐲𝐬𝐭𝐞𝐦:masters`, `sys-tem:x` and
/// `System :x` are all caught.
fn reads_as_system(value: &str) -> bool {
    let folded: String = value
        .nfkc()
        .map(|character| match character {
            '\u{2236}' | '\u{a789}' | '\u{fe55}' | '\u{fe13}' => ':',
            other => other,
        })
        .filter(|character| character.is_ascii_alphanumeric() || *character == ':')
        .map(|character| character.to_ascii_lowercase())
        .collect();
    folded.trim_start_matches(':').starts_with("system:")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn h_01_a_username_that_is_empty_blank_or_invisible_is_refused() {
        for value in
            ["", " ", "\t", "\u{200b}", "\u{3164}", "\u{2800}", "ana ", " ana", "a\u{ad}na"]
        {
            assert!(Username::parse(value).is_err(), "{value:?}");
        }
    }

    #[test]
    fn h_02_a_username_that_reads_as_system_is_refused() {
        for value in [
            "system:masters",
            "SYSTEM:masters",
            "sYsTeM:node:n",
            "ｓｙｓｔｅｍ：masters",
            "system：x",
            ":system:x",
            "sys-tem:x",
            "system :x",
            "system\u{2236}x",
            "𝐬𝐲𝐬𝐭𝐞𝐦:masters",
            "ſystem:masters",
            "ⓢystem:x",
        ] {
            assert!(Username::parse(value).is_err(), "{value:?}");
        }
        for value in ["ana", "ana@example.com", "ecosystem", "system", "zoë", "a,b%20c"] {
            assert_eq!(Username::parse(value).map(String::from).as_deref(), Ok(value));
        }
    }

    #[test]
    fn n_01_kubernetes_names_follow_their_grammar() {
        for value in
            ["", "-a", "a-", "A", "a_b", "a/b", "..", "a..b", "a%2fb", "é", &"a".repeat(64)]
        {
            assert!(Namespace::parse(value).is_err(), "{value:?}");
            assert!(ContainerName::parse(value).is_err(), "{value:?}");
        }
        assert!(PodName::parse("web-7d9f8c-x2k.a").is_ok());
        assert!(PodName::parse("a..b").is_err());
        assert!(PodName::parse(["a"; 200].join(".")).is_err());
    }

    proptest! {
        #[test]
        fn a_name_keeps_its_bytes(value in "\\PC{0,80}") {
            if let Ok(name) = Username::parse(value.clone()) {
                prop_assert_eq!(name.as_str(), value.as_str());
            }
        }
    }
}
