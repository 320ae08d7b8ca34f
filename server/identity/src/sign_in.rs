//! The end of a sign-in.

use domain::Person;
use jiff::Timestamp;
use openidconnect::{
    OAuth2TokenResponse as _, RequestTokenError, StandardErrorResponse, core::CoreErrorResponseType,
};

use crate::{
    Attempt, Callback, NotIdentified, Provider, ProviderTrouble, Renewal, TokenRefused,
    discovery::Known, token::Expected, trouble::without_secrets,
};

/// Somebody who just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// With what to ask again later; none where the provider gives no refresh token.
    pub renewal: Option<Renewal>,
}

/// Why somebody is not signed in: as [`std::fmt::Display`] for operators, as words for the person.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefused {
    /// This browser began no sign-in, or this one was used already.
    #[error("no sign-in was begun in this browser")]
    NotBegun,
    /// The callback carries no state.
    #[error("the callback carries no state")]
    StateMissing,
    /// The callback carries the state of another attempt.
    #[error("the callback carries another state")]
    StateWrong,
    /// The person took longer than ten minutes.
    #[error("the sign-in was begun more than ten minutes ago")]
    TooLate,
    /// The provider announces `iss` in its responses and this one has none (RFC 9207).
    #[error("the callback does not name its issuer, as the provider announces")]
    IssuerMissing,
    /// The callback comes from another provider (RFC 9207).
    #[error("the callback names another issuer")]
    IssuerWrong,
    /// The provider says no.
    #[error("the provider refuses: {error:?} {description:?}")]
    Refused {
        /// Its error code.
        error: String,
        /// What it adds, with everything that could be a secret taken out.
        description: String,
    },
    /// The callback carries neither a code nor an error.
    #[error("the callback carries no code")]
    CodeMissing,
    /// The provider does not take the code.
    #[error("the provider does not take the code: {0}")]
    CodeRefused(String),
    /// The provider's answer names nobody.
    #[error("nobody was identified")]
    NotIdentified(#[from] NotIdentified),
}

impl From<ProviderTrouble> for SignInRefused {
    fn from(trouble: ProviderTrouble) -> Self {
        Self::NotIdentified(trouble.into())
    }
}

impl SignInRefused {
    /// What to tell the person: what they can do, and nothing from inside.
    pub fn words(&self) -> String {
        let words = match self {
            Self::NotBegun | Self::StateMissing | Self::StateWrong => {
                "This sign-in was begun elsewhere or is used up. Please start again."
            }
            Self::TooLate => "This sign-in took longer than ten minutes. Please start again.",
            Self::IssuerMissing | Self::IssuerWrong => {
                "This answer does not come from the provider that was asked. Please start again."
            }
            Self::Refused { error, .. } if error == "access_denied" => {
                "The provider did not let you in."
            }
            Self::Refused { .. } | Self::CodeMissing | Self::CodeRefused(_) => {
                "The provider could not sign you in. Please start again."
            }
            Self::NotIdentified(NotIdentified::Provider(_)) => {
                "The provider cannot be reached. Please try again in a moment."
            }
            Self::NotIdentified(NotIdentified::Token(_)) => {
                "The provider's answer could not be verified, so you are not signed in."
            }
            Self::NotIdentified(NotIdentified::Username(refused)) => return refused.words(),
        };
        words.to_owned()
    }
}

impl Provider {
    /// Turns what a browser brought back into a person.
    ///
    /// The attempt is the one that was kept for exactly this browser, removed from where it was
    /// kept; none where there was none.
    ///
    /// # Errors
    /// Whatever cannot be verified is refused; nobody is signed in by half.
    pub async fn finish(
        &self,
        attempt: Option<Attempt>,
        callback: Callback,
        now: Timestamp,
    ) -> Result<SignedIn, SignInRefused> {
        let attempt = attempt.ok_or(SignInRefused::NotBegun)?;
        attempt.accepts(&callback, now)?;
        let known = self.known(now).await?;
        check_issuer(&known, callback.iss.as_deref())?;
        if let Some(error) = callback.error {
            let description = callback.error_description.unwrap_or_default();
            return Err(SignInRefused::Refused {
                error: without_secrets(&error),
                description: without_secrets(&description),
            });
        }
        let code = callback.code.ok_or(SignInRefused::CodeMissing)?;
        let tokens = known
            .client
            .exchange_code(code)
            .set_pkce_verifier(attempt.verifier)
            .request_async(&self.http)
            .await
            .map_err(code_refused)?;
        let believed =
            self.believed(&tokens, known.clone(), Expected::Sent(&attempt.nonce), now).await?;
        let person =
            self.person(believed.subject, believed.claims, tokens.access_token(), &known).await?;
        let renewal = tokens.refresh_token().map(|refresh| Renewal {
            refresh: refresh.clone(),
            nonce: attempt.nonce,
            subject: person.key.subject.clone(),
        });
        Ok(SignedIn { person, renewal })
    }
}

/// RFC 9207, section 2.4: simple string comparison; also where it was not announced.
fn check_issuer(known: &Known, iss: Option<&str>) -> Result<(), SignInRefused> {
    let announced = &known.metadata.additional_metadata().additional_metadata;
    match iss {
        None if announced.authorization_response_iss_parameter_supported => {
            Err(SignInRefused::IssuerMissing)
        }
        Some(iss) if iss != known.metadata.issuer().as_str() => Err(SignInRefused::IssuerWrong),
        _ => Ok(()),
    }
}

pub(crate) type TokenError =
    RequestTokenError<ProviderTrouble, StandardErrorResponse<CoreErrorResponseType>>;

/// What the token endpoint said, without what it may have repeated.
pub(crate) fn said(response: &StandardErrorResponse<CoreErrorResponseType>) -> String {
    without_secrets(&response.to_string())
}

fn code_refused(error: TokenError) -> SignInRefused {
    match error {
        RequestTokenError::ServerResponse(response) => SignInRefused::CodeRefused(said(&response)),
        RequestTokenError::Request(trouble) => trouble.into(),
        RequestTokenError::Parse(error, _) => {
            NotIdentified::from(TokenRefused::Unreadable { path: error.path().to_string() }).into()
        }
        RequestTokenError::Other(words) => ProviderTrouble::Malformed(words).into(),
    }
}
