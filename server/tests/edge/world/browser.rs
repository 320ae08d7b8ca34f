//! A browser: it keeps cookies, and sends what browsers send.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{self, HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::{HOST, ORIGIN};

#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// The value of the cookie header.
    pub fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// A request as this browser would make it; the origin goes with everything but `GET`.
    pub fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(header::COOKIE, self.cookie());
        if method != Method::GET && method != Method::HEAD {
            request = request
                .header(header::ORIGIN, ORIGIN)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        request
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = self.request(Method::POST, path).body(Body::from(body)).unwrap();
        self.send(request).await
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends a request and leaves the body to be read.
    pub async fn open(&mut self, request: Request<Body>) -> axum::response::Response {
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            // What browsers demand of this prefix.
            assert!(!name.starts_with("__Host-") || cookie.contains("Secure"), "{cookie}");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// Goes to the provider and returns the address with which it sends the browser back.
    pub async fn begin(&mut self, name: &str, to: &str) -> String {
        let query = serde_urlencoded::to_string([("to", to)]).unwrap();
        let answer = self.get(&format!("/sign-in/start?{query}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let state = answer.location().split("state=").nth(1).unwrap();
        format!("/sign-in/callback?state={state}&code=code-{name}")
    }

    /// Signs in at the provider.
    pub async fn sign_in(&mut self, name: &str, to: &str) -> Answer {
        let callback = self.begin(name, to).await;
        let answer = self.get(&callback).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    }

    /// Whether somebody is signed in here.
    pub async fn is_signed_in(&mut self) -> bool {
        self.get("/").await.status == StatusCode::OK
    }
}
