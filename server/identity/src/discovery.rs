//! What the provider announces of itself.

use jiff::Timestamp;
use openidconnect::{
    AdditionalProviderMetadata, AuthType, Client as OpenIdClient, ClientId, ClientSecret,
    EmptyAdditionalClaims, EndSessionUrl, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    LogoutProviderMetadata, ProviderMetadata, RedirectUrl, StandardErrorResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod,
        CoreErrorResponseType, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
        CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreSubjectIdentifierType, CoreTokenIntrospectionResponse,
    },
};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use crate::{ProviderTrouble, Settings, http::Http, settings::is_secure, token::Tokens};

/// The discovery document, with logout and RFC 9207.
pub(crate) type Metadata = ProviderMetadata<
    LogoutProviderMetadata<ResponseIssuer>,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The portal as a client of this provider.
pub(crate) type Client = OpenIdClient<
    EmptyAdditionalClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointMaybeSet,
>;

/// Whether callbacks carry `iss` (RFC 9207, section 3).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ResponseIssuer {
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for ResponseIssuer {}

/// A provider that was discovered.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) metadata: Metadata,
    pub(crate) client: Client,
    pub(crate) since: Timestamp,
}

impl Known {
    /// Asks for the discovery document and the keys, and checks them (O-07).
    pub(crate) async fn discover(
        settings: &Settings,
        http: &Http,
        now: Timestamp,
    ) -> Result<Self, ProviderTrouble> {
        let issuer = IssuerUrl::new(settings.issuer.clone())
            .map_err(|error| ProviderTrouble::Malformed(error.to_string()))?;
        let metadata = Metadata::discover_async(issuer, http).await?;
        // Browsers are sent to these two; whatever the portal asks itself, `Http` checks.
        let sent_to = [
            Some(metadata.authorization_endpoint().url()),
            metadata.additional_metadata().end_session_endpoint.as_ref().map(EndSessionUrl::url),
        ];
        if let Some(url) = sent_to.into_iter().flatten().find(|url| !is_secure(url)) {
            return Err(ProviderTrouble::NotSecure { url: url.to_string() });
        }
        let client = client(settings, &metadata)?;
        Ok(Self { metadata, client, since: now })
    }
}

fn client(settings: &Settings, metadata: &Metadata) -> Result<Client, ProviderTrouble> {
    let token_endpoint = metadata
        .token_endpoint()
        .cloned()
        .ok_or_else(|| ProviderTrouble::Malformed("no token endpoint is announced".to_owned()))?;
    let secret = settings
        .client_secret
        .as_ref()
        .map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
    let client = OpenIdClient::from_provider_metadata(
        metadata.clone(),
        ClientId::new(settings.client_id.clone()),
        secret,
    );
    Ok(client
        .set_token_uri(token_endpoint)
        .set_redirect_uri(RedirectUrl::from_url(settings.redirect_uri.clone()))
        .set_auth_type(auth_type(metadata)))
}

/// Basic, which every provider has to support (RFC 6749, section 2.3.1), unless it says otherwise.
fn auth_type(metadata: &Metadata) -> AuthType {
    let announced = metadata.token_endpoint_auth_methods_supported();
    let has = |method| announced.is_none_or(|methods| methods.contains(&method));
    if has(CoreClientAuthMethod::ClientSecretBasic) || !has(CoreClientAuthMethod::ClientSecretPost)
    {
        AuthType::BasicAuth
    } else {
        AuthType::RequestBody
    }
}
