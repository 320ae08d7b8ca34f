//! The routes, and what each asks of whoever calls it. What is not listed is not served (W-13).

use axum::http::Method;

/// One route and what it asks of whoever calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its method; `HEAD` goes where `GET` does.
    pub method: Method,
    /// Its path, with its parameters in braces.
    pub path: &'static str,
    /// Who may call it. What a person may do there is the broker's to decide.
    pub who: Who,
    /// From where.
    pub origin: Origin,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever reaches the portal.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
}

/// From where a route may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From anywhere: it changes nothing.
    Any,
    /// Only from the portal's own pages, by the header `Origin` (W-01).
    Own,
}

use Origin::{Any, Own};
use Who::{Anyone, SignedIn};

/// Every route.
pub const ROUTES: &[Route] = &[
    get("/", SignedIn),
    get("/ns/{cluster}/{namespace}", SignedIn),
    post("/ns/{cluster}/{namespace}", SignedIn),
    get("/requests/{id}", SignedIn),
    post("/requests/{id}/withdraw", SignedIn),
    post("/requests/{id}/approve", SignedIn),
    post("/requests/{id}/remind", SignedIn),
    post("/requests/{id}/take-back", SignedIn),
    post("/requests/{id}/deny", SignedIn),
    get("/requests/{id}/change", SignedIn),
    post("/requests/{id}/change", SignedIn),
    get("/requests/{id}/extend", SignedIn),
    post("/requests/{id}/extend", SignedIn),
    post("/requests/{id}/comment", SignedIn),
    post("/requests/{id}/review", SignedIn),
    post("/requests/{id}/end", SignedIn),
    get("/requests/{id}/shell", SignedIn),
    post("/requests/{id}/shell", SignedIn),
    get("/inbox", SignedIn),
    get("/sessions", SignedIn),
    get("/sessions/{id}", SignedIn),
    post("/sessions/{id}/end", SignedIn),
    Route { method: Method::GET, path: "/sessions/{id}/terminal", who: SignedIn, origin: Own },
    get("/recordings", SignedIn),
    get("/recordings/{id}", SignedIn),
    post("/recordings/{id}/review", SignedIn),
    get("/recordings/{id}/outline", SignedIn),
    get("/recordings/{id}/stretch", SignedIn),
    get("/recordings/{id}/transcript", SignedIn),
    get("/recordings/{id}/proof", SignedIn),
    get("/recordings/{id}/download", SignedIn),
    get("/policy", SignedIn),
    get("/audit", SignedIn),
    get("/events", SignedIn),
    post("/api/{*function}", SignedIn),
    get("/sign-in", Anyone),
    get("/sign-in/start", Anyone),
    get("/sign-in/callback", Anyone),
    post("/sign-out", Anyone),
    post("/theme", Anyone),
    get("/assets/{file}", Anyone),
    get("/healthz", Anyone),
    get("/readyz", Anyone),
];

/// Probes name the portal by its address inside the cluster, and learn nothing: they may call by
/// any name (W-02).
pub(crate) const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// What scripts call by themselves: no sign that a person is there.
pub(crate) const BACKGROUND: [&str; 3] = ["/events", "/api/{*function}", "/sessions/{id}/terminal"];

const fn get(path: &'static str, who: Who) -> Route {
    Route { method: Method::GET, path, who, origin: Any }
}

const fn post(path: &'static str, who: Who) -> Route {
    Route { method: Method::POST, path, who, origin: Own }
}

/// What is asked at a route; none where there is no such route.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    ROUTES.iter().find(|route| route.method == method && route.path == path)
}

/// The methods that a path knows, for the header `Allow`.
pub(crate) fn methods_of(path: &str) -> String {
    let mut methods = Vec::new();
    for route in ROUTES.iter().filter(|route| route.path == path) {
        methods.push(route.method.as_str());
        if route.method == Method::GET {
            methods.push("HEAD");
        }
    }
    methods.join(", ")
}
