//! What can be wrong with a provider itself.

use std::{sync::Arc, time::Duration};

use openidconnect::DiscoveryError;

/// Why the provider cannot be used now, in words for operators.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProviderTrouble {
    /// Nobody answers.
    #[error("{url} cannot be reached")]
    Unreachable {
        /// The address, without its query.
        url: String,
        /// What the network says.
        #[source]
        cause: Arc<reqwest::Error>,
    },
    /// The answer takes too long.
    #[error("{url} did not answer within {limit:?}")]
    TooSlow {
        /// The address, without its query.
        url: String,
        /// How long was waited.
        limit: Duration,
    },
    /// The answer is longer than any lawful one.
    #[error("{url} answers with more than {limit} bytes")]
    TooLarge {
        /// The address, without its query.
        url: String,
        /// Most bytes that are read.
        limit: usize,
    },
    /// The answer sends us elsewhere.
    #[error("{url} answers with a redirect, and redirects are not followed")]
    Redirected {
        /// The address, without its query.
        url: String,
    },
    /// The answer is an error of the server.
    #[error("{url} answers with status {status}")]
    Failing {
        /// The address, without its query.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The discovery document names another issuer.
    #[error("discovery is not this issuer's: {0}")]
    OtherIssuer(String),
    /// The discovery document names an endpoint that others could listen to.
    #[error("the endpoint {url:?} is neither https nor http on this machine")]
    NotSecure {
        /// The address as announced.
        url: String,
    },
    /// The answer is not what the specification says.
    #[error("the provider does not answer as OpenID Connect specifies: {0}")]
    Malformed(String),
    /// The provider refuses the portal itself.
    #[error("the provider refuses the portal: {0}")]
    ClientRefused(String),
}

impl From<DiscoveryError<Self>> for ProviderTrouble {
    fn from(error: DiscoveryError<Self>) -> Self {
        match error {
            DiscoveryError::Request(trouble) => trouble,
            DiscoveryError::Validation(words) => Self::OtherIssuer(words),
            DiscoveryError::Parse(error) => Self::Malformed(error.to_string()),
            DiscoveryError::Response(_, _, words) | DiscoveryError::Other(words) => {
                Self::Malformed(words)
            }
            other => Self::Malformed(other.to_string()),
        }
    }
}

/// A provider's own words with every long run of characters taken out: it could be a code or a
/// token that the provider repeats.
pub(crate) fn without_secrets(words: &str) -> String {
    const LONGEST_WORD: usize = 24;
    const LONGEST_TEXT: usize = 300;
    let words: Vec<&str> = words
        .split_whitespace()
        .map(|word| if word.chars().count() > LONGEST_WORD { "…" } else { word })
        .collect();
    words.join(" ").chars().filter(|character| !character.is_control()).take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_that_repeats_a_secret_is_not_quoted_with_it() {
        let words = "the code qTlrNFl3vX0zZtTnB4uO1zYlYqY is\nused \u{7}up";
        assert_eq!(without_secrets(words), "the code … is used up");
        assert_eq!(without_secrets(&"a ".repeat(1_000)).chars().count(), 300);
    }
}
