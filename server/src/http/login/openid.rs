//! The OpenID Connect provider as the edge's identity provider.

use async_trait::async_trait;
use identity::{Provider, ProviderTrouble, SignInRefused};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::{RecheckRefused, Rechecked, Secret, SignIn, SignInTrouble, SignedIn};

#[async_trait]
impl SignIn for Provider {
    fn name(&self) -> &str {
        &self.settings().name
    }

    fn trouble(&self) -> Option<String> {
        Provider::trouble(self).map(|trouble| sentence(&trouble))
    }

    async fn begin(&self, now: Timestamp) -> Result<(Url, Secret), SignInTrouble> {
        let (url, attempt) = Provider::begin(self, now).await.map_err(|trouble| away(&trouble))?;
        Ok((url, kept(&attempt).map_err(refused)?))
    }

    async fn finish(
        &self,
        attempt: Option<Secret>,
        query: &str,
        now: Timestamp,
    ) -> Result<SignedIn, SignInTrouble> {
        let attempt = attempt.map(read).transpose().map_err(refused)?;
        // Parameters that stand twice are refused here (RFC 6749, 3.1).
        let callback = serde_urlencoded::from_str(query).map_err(refused)?;
        let signed_in =
            Provider::finish(self, attempt, callback, now).await.map_err(|cause| match cause {
                SignInRefused::NotIdentified(identity::NotIdentified::Provider(trouble)) => {
                    away(&trouble)
                }
                cause => SignInTrouble::Refused { words: cause.words(), why: whole(&cause) },
            })?;
        let renewal = signed_in.renewal.as_ref().map(kept).transpose().map_err(refused)?;
        Ok(SignedIn { person: signed_in.person, renewal })
    }

    async fn recheck(&self, renewal: &Secret, now: Timestamp) -> Result<Rechecked, RecheckRefused> {
        let unreadable = |cause: serde_json::Error| RecheckRefused::Gone(cause.to_string());
        let renewal = read(renewal.clone()).map_err(unreadable)?;
        let answer = Provider::recheck(self, &renewal, now).await.map_err(|cause| {
            let why = whole(&cause);
            if cause.ends_sign_in() { RecheckRefused::Gone(why) } else { RecheckRefused::Away(why) }
        })?;
        let renewal = kept(&answer.renewal).map_err(unreadable)?;
        Ok(Rechecked { person: answer.person, renewal })
    }

    fn logout_url(&self) -> Option<Url> {
        Provider::logout_url(self)
    }
}

fn kept(value: &impl Serialize) -> Result<Secret, serde_json::Error> {
    serde_json::to_value(value).map(Secret)
}

fn read<T: DeserializeOwned>(Secret(value): Secret) -> Result<T, serde_json::Error> {
    serde_json::from_value(value)
}

/// The reason is shown: whoever cannot sign in can tell the operators nothing else (O-07).
fn sentence(trouble: &ProviderTrouble) -> String {
    format!("The identity provider cannot be used: {trouble}.")
}

fn away(trouble: &ProviderTrouble) -> SignInTrouble {
    SignInTrouble::Away { words: sentence(trouble), why: whole(trouble) }
}

fn refused(cause: impl std::error::Error) -> SignInTrouble {
    let words = "The provider's answer cannot be read. Please start again.".to_owned();
    SignInTrouble::Refused { words, why: whole(&cause) }
}

/// An error with all its causes.
fn whole(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
