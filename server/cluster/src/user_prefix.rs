//! What stands before every username that a cluster hears.

use std::fmt;

use domain::Username;

/// E.g. `shorepass:`, so that nobody's name is that of a user of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPrefix(String);

/// The prefix could make one of Kubernetes' own names of a username.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the user prefix {0:?} is not 1 to 39 of a-z, 0-9, - and . with a colon after them, or reads \
     as system:"
)]
pub struct BadUserPrefix(String);

impl UserPrefix {
    /// Checks the grammar: 1 to 39 of a-z, 0-9, `-` and `.`, then a colon. The colon keeps a
    /// prefix such as `sys` from becoming `system:` together with a username (H-02).
    ///
    /// # Errors
    /// It does not follow the grammar, or reads as `system:`.
    pub fn parse(prefix: impl Into<String>) -> Result<Self, BadUserPrefix> {
        let prefix = prefix.into();
        let fits = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
        };
        let sound = prefix
            .strip_suffix(':')
            .is_some_and(|stem| (1..=39).contains(&stem.len()) && stem.bytes().all(fits));
        if sound && Username::parse(format!("{prefix}x")).is_ok() {
            Ok(Self(prefix))
        } else {
            Err(BadUserPrefix(prefix))
        }
    }

    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for UserPrefix {
    fn default() -> Self {
        Self("shorepass:".to_owned())
    }
}

impl fmt::Display for UserPrefix {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h_02_a_prefix_cannot_make_a_system_name_of_a_username() {
        for prefix in ["", ":", "sys", "system:", "sys-tem:", "SYSTEM:", "a b:", "ä:", "a"] {
            assert!(UserPrefix::parse(prefix).is_err(), "{prefix:?}");
        }
        for prefix in ["shorepass:", "jit.example.com:", "ecosystem:"] {
            assert!(UserPrefix::parse(prefix).is_ok(), "{prefix:?}");
        }
    }
}
