//! Whether somebody who signed in still is who they were.

use domain::Person;
use jiff::Timestamp;
use openidconnect::{
    Nonce, OAuth2TokenResponse as _, RefreshToken, RequestTokenError, TokenResponse as _,
    core::CoreErrorResponseType,
};
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::{
    NotIdentified, Provider, ProviderTrouble, TokenRefused,
    sign_in::{TokenError, said},
    token::Expected,
};

/// What it takes to ask about a person again.
///
/// It holds a refresh token: serialise it into the server's own session store and nowhere else.
/// Providers may give a new token each time and refuse the old one: only the latest one counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Renewal {
    pub(crate) refresh: RefreshToken,
    pub(crate) nonce: Nonce,
    pub(crate) subject: String,
}

/// What the provider says now.
#[derive(Debug)]
pub struct Rechecked {
    /// The same person, with the groups of this moment; those of before are not kept (O-14).
    pub person: Person,
    /// With what to ask the next time, in place of what was used.
    pub renewal: Renewal,
}

/// Why the provider does not vouch for a person now, for operators.
#[derive(Debug, thiserror::Error)]
pub enum RecheckRefused {
    /// The person was disabled, signed out, or the refresh token ended: their sign-in ends (O-21).
    #[error("the provider no longer vouches for the person: {0}")]
    Gone(String),
    /// The answer cannot be trusted or names somebody else: the sign-in ends too.
    #[error("the provider's answer names nobody that can be trusted")]
    NotIdentified(#[source] NotIdentified),
    /// The provider cannot be asked. Ask again; how long to wait is the caller's to decide.
    #[error("the provider cannot be asked")]
    ProviderAway(#[source] ProviderTrouble),
}

impl From<NotIdentified> for RecheckRefused {
    fn from(error: NotIdentified) -> Self {
        match error {
            NotIdentified::Provider(trouble) => Self::ProviderAway(trouble),
            other => Self::NotIdentified(other),
        }
    }
}

impl RecheckRefused {
    /// Whether the person's sign-in ends now.
    pub fn ends_sign_in(&self) -> bool {
        !matches!(self, Self::ProviderAway(_))
    }
}

impl Provider {
    /// Asks the provider about a person again.
    ///
    /// # Errors
    /// [`RecheckRefused::ends_sign_in`] says whether the person has to sign in anew.
    pub async fn recheck(
        &self,
        renewal: &Renewal,
        now: Timestamp,
    ) -> Result<Rechecked, RecheckRefused> {
        let known = self.known(now).await.map_err(RecheckRefused::ProviderAway)?;
        let tokens = known
            .client
            .exchange_refresh_token(&renewal.refresh)
            .request_async(&self.http)
            .await
            .map_err(refresh_refused)?;
        // A provider need not send a new ID token; the userinfo endpoint then speaks for it.
        let claims = match tokens.id_token() {
            Some(_) => {
                let expected = Expected::SentAtSignIn(&renewal.nonce);
                let believed = self.believed(&tokens, known.clone(), expected, now).await?;
                if believed.subject != renewal.subject {
                    return Err(NotIdentified::from(TokenRefused::OtherSubject).into());
                }
                believed.claims
            }
            None if known.metadata.userinfo_endpoint().is_some() => Map::new(),
            None => return Err(NotIdentified::from(TokenRefused::Missing).into()),
        };
        let person =
            self.person(renewal.subject.clone(), claims, tokens.access_token(), &known).await?;
        let refresh = tokens.refresh_token().unwrap_or(&renewal.refresh).clone();
        Ok(Rechecked { person, renewal: Renewal { refresh, ..renewal.clone() } })
    }
}

fn refresh_refused(error: TokenError) -> RecheckRefused {
    match error {
        RequestTokenError::ServerResponse(response)
            if *response.error() == CoreErrorResponseType::InvalidGrant =>
        {
            RecheckRefused::Gone(said(&response))
        }
        RequestTokenError::ServerResponse(response) => {
            RecheckRefused::ProviderAway(ProviderTrouble::ClientRefused(said(&response)))
        }
        RequestTokenError::Request(trouble) => RecheckRefused::ProviderAway(trouble),
        RequestTokenError::Parse(error, _) => {
            NotIdentified::from(TokenRefused::Unreadable { path: error.path().to_string() }).into()
        }
        RequestTokenError::Other(words) => {
            RecheckRefused::ProviderAway(ProviderTrouble::Malformed(words))
        }
    }
}
