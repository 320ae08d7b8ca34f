//! From the token endpoint's answer to a person: the way that sign-in and re-check share.

use std::sync::Arc;

use domain::Person;
use jiff::Timestamp;
use openidconnect::{
    AccessToken, EmptyAdditionalClaims, OAuth2TokenResponse as _, SubjectIdentifier,
    TokenResponse as _, UserInfoClaims, UserInfoError, core::CoreGenderClaim,
};
use serde_json::{Map, Value};

use crate::{
    Provider, ProviderTrouble, TokenRefused, UsernameRefused, claims,
    discovery::Known,
    token::{self, Believed, Expected, Tokens},
};

/// Why an answer of the provider names nobody, for operators.
#[derive(Debug, thiserror::Error)]
pub enum NotIdentified {
    /// The provider could not be asked.
    #[error("the provider cannot be asked")]
    Provider(#[from] ProviderTrouble),
    /// What it says cannot be trusted.
    #[error("what the provider says cannot be trusted")]
    Token(#[from] TokenRefused),
    /// The person has no name that a cluster may see.
    #[error("the person has no usable name")]
    Username(#[from] UsernameRefused),
}

impl Provider {
    /// The claims of the ID token, checked; with newer keys if it names one that is not known.
    pub(crate) async fn believed(
        &self,
        tokens: &Tokens,
        known: Arc<Known>,
        expected: Expected<'_>,
        now: Timestamp,
    ) -> Result<Believed, NotIdentified> {
        let token = tokens.id_token().ok_or(TokenRefused::Missing)?;
        let access_token = tokens.access_token();
        match token::believe(token, access_token, &known, expected, now) {
            Err(refused) if refused.is_unknown_key() => {
                let known = self.newer_than(&known, now).await?;
                Ok(token::believe(token, access_token, &known, expected, now)?)
            }
            result => Ok(result?),
        }
    }

    /// The person, after asking the userinfo endpoint for what the claims lack.
    pub(crate) async fn person(
        &self,
        subject: String,
        mut claims: Map<String, Value>,
        access_token: &AccessToken,
        known: &Known,
    ) -> Result<Person, NotIdentified> {
        if claims::lacks_any(&self.settings, &claims)
            && known.metadata.userinfo_endpoint().is_some()
        {
            claims::add(&mut claims, self.userinfo(&subject, access_token, known).await?);
        }
        Ok(claims::person(&self.settings, subject, &claims)?)
    }

    async fn userinfo(
        &self,
        subject: &str,
        access_token: &AccessToken,
        known: &Known,
    ) -> Result<Map<String, Value>, NotIdentified> {
        // RFC 6750, section 2.1. The library panics where a token cannot be a header.
        if !access_token.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenRefused::Unreadable { path: "access_token".to_owned() }.into());
        }
        let subject = SubjectIdentifier::new(subject.to_owned());
        let http = self.http.keeping();
        let _checked: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> = known
            .client
            .user_info(access_token.clone(), Some(subject))
            .map_err(|error| ProviderTrouble::Malformed(error.to_string()))?
            .request_async(&http)
            .await
            .map_err(userinfo_refused)?;
        // As they were sent, as JSON or in a token: the library has read and checked the same.
        let sent = http.answer();
        Ok(serde_json::from_slice(sent).or_else(|_| token::claims_of(sent))?)
    }
}

fn userinfo_refused(error: UserInfoError<ProviderTrouble>) -> NotIdentified {
    match error {
        UserInfoError::Request(trouble) => trouble.into(),
        UserInfoError::ClaimsVerification(cause) => TokenRefused::Claims(cause).into(),
        UserInfoError::Parse(error) => {
            TokenRefused::Unreadable { path: error.path().to_string() }.into()
        }
        UserInfoError::Response(status, ..) => {
            ProviderTrouble::Malformed(format!("userinfo answers with status {status}")).into()
        }
        _ => ProviderTrouble::Malformed("userinfo does not answer as it should".to_owned()).into(),
    }
}
