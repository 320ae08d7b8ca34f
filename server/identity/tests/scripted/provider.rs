//! An OpenID Connect provider without any will of its own.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use identity::{
    Attempt, Callback, Provider, RecheckRefused, Rechecked, Renewal, Settings, SignInRefused,
    SignedIn,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

use crate::keys::EdKey;

pub(crate) const SECRET: &str = "canary-client-secret";
pub(crate) const CODE: &str = "canary-code";
pub(crate) const ACCESS: &str = "canary-access-token";
pub(crate) const REFRESH: &str = "canary-refresh-token";
/// Longest wait for the provider: longer than a busy machine needs, where a test does not wait it out.
const PATIENCE: Duration = Duration::from_mins(1);

/// The time of day in these tests.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// How the discovery document is given.
#[derive(Clone, Copy)]
pub(crate) enum Discovery {
    Document,
    Redirect,
    Huge,
    Silent,
    Broken,
}

/// What the provider is told to answer, and what it was asked.
pub(crate) struct Script {
    pub(crate) discovery: Discovery,
    pub(crate) document: Value,
    pub(crate) keys: Vec<Value>,
    pub(crate) token: (StatusCode, Value),
    pub(crate) userinfo: Value,
    pub(crate) discoveries: u32,
    pub(crate) userinfos: u32,
    pub(crate) forms: Vec<Map<String, Value>>,
    pub(crate) authorization: Option<String>,
}

type Shared = Arc<Mutex<Script>>;

/// The provider and a portal that is registered there.
pub(crate) struct World {
    pub(crate) issuer: String,
    pub(crate) portal: Provider,
    pub(crate) key: EdKey,
    script: Shared,
    server: JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A world in which the portal's settings are different.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let key = EdKey::new(7, "first");
        let script = Arc::new(Mutex::new(Script {
            discovery: Discovery::Document,
            document: document(&issuer),
            keys: vec![key.jwk()],
            token: (StatusCode::OK, Value::Null),
            userinfo: Value::Null,
            discoveries: 0,
            userinfos: 0,
            forms: Vec::new(),
            authorization: None,
        }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/elsewhere", get(elsewhere))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(script.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let redirect = Url::parse("http://localhost:8080/sign-in/callback").unwrap();
        let mut settings = Settings::new(&issuer, "shorepass", redirect);
        settings.client_secret = Some(SECRET.into());
        settings.patience = PATIENCE;
        change(&mut settings);
        let portal = Provider::new(settings).unwrap();
        Self { issuer, portal, key, script, server }
    }

    /// Tells the provider what to answer, or asks what it was asked.
    pub(crate) fn script<T>(&self, tell: impl FnOnce(&mut Script) -> T) -> T {
        tell(&mut self.script.lock().unwrap())
    }

    /// Lawful claims of ana's ID token.
    pub(crate) fn claims(&self, nonce: &str) -> Value {
        json!({
            "iss": self.issuer, "aud": "shorepass", "sub": "ana-1", "nonce": nonce,
            "iat": now().as_second(), "exp": now().as_second() + 300,
            "preferred_username": "ana", "groups": ["oncall"], "email": "ana@example.com",
        })
    }

    pub(crate) async fn begin(&self) -> Begun {
        let (url, attempt) = self.portal.begin(now()).await.unwrap();
        Begun { url, attempt }
    }

    /// Lets the token endpoint answer with this ID token.
    pub(crate) fn answer(&self, id_token: impl Into<Value>) {
        self.script(|script| {
            let answer = json!({
                "access_token": ACCESS, "token_type": "Bearer", "refresh_token": REFRESH,
                "id_token": id_token.into(),
            });
            script.token = (StatusCode::OK, answer);
        });
    }

    /// A sign-in whose ID token is made by the test from the nonce that was sent.
    pub(crate) async fn sign_in_by(
        &self,
        token: impl FnOnce(&Self, &str) -> String,
    ) -> Result<SignedIn, SignInRefused> {
        let begun = self.begin().await;
        self.answer(token(self, &begun.query("nonce")));
        let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
        self.portal.finish(Some(begun.attempt), callback, now()).await
    }

    /// A sign-in with ana's claims, changed.
    pub(crate) async fn sign_in(
        &self,
        change: impl FnOnce(&mut Value),
    ) -> Result<SignedIn, SignInRefused> {
        self.sign_in_by(|world, nonce| {
            let mut claims = world.claims(nonce);
            change(&mut claims);
            world.key.token(&claims)
        })
        .await
    }

    /// A re-check whose ID token holds ana's claims without a nonce, changed.
    pub(crate) async fn recheck(
        &self,
        renewal: &Renewal,
        change: impl FnOnce(&mut Value),
    ) -> Result<Rechecked, RecheckRefused> {
        let mut claims = self.claims("");
        claims.as_object_mut().unwrap().remove("nonce");
        change(&mut claims);
        self.answer(self.key.token(&claims));
        self.portal.recheck(renewal, now()).await
    }
}

/// A sign-in on its way.
pub(crate) struct Begun {
    pub(crate) url: Url,
    pub(crate) attempt: Attempt,
}

impl Begun {
    /// A parameter of the address that the browser is sent to; empty where there is none.
    pub(crate) fn query(&self, name: &str) -> String {
        let found = self.url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

/// What a browser brings back.
pub(crate) fn callback(query: &[(&str, &str)]) -> Callback {
    serde_urlencoded::from_str(&serde_urlencoded::to_string(query).unwrap()).unwrap()
}

/// So many seconds after the time of day.
pub(crate) fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn document(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/end"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "ES256", "EdDSA"],
    })
}

async fn discovery(State(script): State<Shared>) -> Response {
    let (discovery, document) = {
        let mut script = script.lock().unwrap();
        script.discoveries += 1;
        (script.discovery, script.document.clone())
    };
    match discovery {
        Discovery::Document => Json(document).into_response(),
        Discovery::Redirect => {
            (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response()
        }
        Discovery::Huge => {
            let padding = "x".repeat(2 * 1024 * 1024);
            ([(header::CONTENT_TYPE, "application/json")], Body::from(padding)).into_response()
        }
        Discovery::Silent => std::future::pending().await,
        Discovery::Broken => StatusCode::BAD_GATEWAY.into_response(),
    }
}

async fn elsewhere(State(script): State<Shared>) -> Json<Value> {
    Json(script.lock().unwrap().document.clone())
}

async fn keys(State(script): State<Shared>) -> Json<Value> {
    Json(json!({ "keys": script.lock().unwrap().keys }))
}

async fn token(
    State(script): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<Map<String, Value>>,
) -> Response {
    let mut script = script.lock().unwrap();
    script.forms.push(form);
    script.authorization = header_of(&headers);
    let (status, answer) = script.token.clone();
    (status, Json(answer)).into_response()
}

async fn userinfo(State(script): State<Shared>, headers: HeaderMap) -> Response {
    let mut script = script.lock().unwrap();
    script.userinfos += 1;
    script.authorization = header_of(&headers);
    match script.userinfo.clone() {
        Value::Null => StatusCode::UNAUTHORIZED.into_response(),
        Value::String(token) => {
            ([(header::CONTENT_TYPE, "application/jwt")], token).into_response()
        }
        claims => Json(claims).into_response(),
    }
}

fn header_of(headers: &HeaderMap) -> Option<String> {
    headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned())
}
