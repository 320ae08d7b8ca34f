//! The routes, and what each asks of whoever calls it. What is not listed is not served (W-13).

use axum::Router;
use axum::http::Method;
use axum::routing::{self, MethodRouter};

use super::{Shared, access, account, live, page, recording, shell, site};

/// One route, what it asks of whoever calls it, and what answers there.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its method; `HEAD` goes where `GET` does.
    pub method: Method,
    /// Its path, with its parameters in braces.
    pub path: &'static str,
    /// Who may call it. What a person may do there is the broker's to decide.
    pub who: Who,
    /// From where.
    pub origin: Origin,
    handler: fn() -> MethodRouter<Shared>,
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
    page("/", SignedIn),
    page("/ns/{cluster}/{namespace}", SignedIn),
    post("/ns/{cluster}/{namespace}", SignedIn, || routing::post(access::ask)),
    page("/requests/{id}", SignedIn),
    post("/requests/{id}/withdraw", SignedIn, || routing::post(access::withdraw)),
    post("/requests/{id}/approve", SignedIn, || routing::post(access::approve)),
    post("/requests/{id}/remind", SignedIn, || routing::post(access::remind)),
    post("/requests/{id}/take-back", SignedIn, || routing::post(access::take_back)),
    post("/requests/{id}/deny", SignedIn, || routing::post(access::deny)),
    page("/requests/{id}/change", SignedIn),
    post("/requests/{id}/change", SignedIn, || routing::post(access::change)),
    page("/requests/{id}/extend", SignedIn),
    post("/requests/{id}/extend", SignedIn, || routing::post(access::extend)),
    post("/requests/{id}/comment", SignedIn, || routing::post(access::comment)),
    post("/requests/{id}/review", SignedIn, || routing::post(access::review)),
    post("/requests/{id}/end", SignedIn, || routing::post(access::end)),
    page("/requests/{id}/shell", SignedIn),
    post("/requests/{id}/shell", SignedIn, || routing::post(shell::open)),
    page("/inbox", SignedIn),
    page("/sessions", SignedIn),
    page("/sessions/{id}", SignedIn),
    post("/sessions/{id}/end", SignedIn, || routing::post(shell::end)),
    socket("/sessions/{id}/terminal", SignedIn, || routing::get(shell::terminal)),
    page("/recordings", SignedIn),
    page("/recordings/{id}", SignedIn),
    post("/recordings/{id}/review", SignedIn, || routing::post(recording::review)),
    get("/recordings/{id}/outline", SignedIn, || routing::get(recording::outline)),
    get("/recordings/{id}/stretch", SignedIn, || routing::get(recording::stretch)),
    get("/recordings/{id}/transcript", SignedIn, || routing::get(recording::transcript)),
    get("/recordings/{id}/proof", SignedIn, || routing::get(recording::proof)),
    get("/recordings/{id}/download", SignedIn, || routing::get(recording::download)),
    page("/policy", SignedIn),
    page("/audit", SignedIn),
    get("/events", SignedIn, || routing::get(live::events)),
    post("/api/{*function}", SignedIn, || routing::post(live::api)),
    page("/sign-in", Anyone),
    get("/sign-in/start", Anyone, || routing::get(account::start)),
    get("/sign-in/callback", Anyone, || routing::get(account::callback)),
    post("/sign-out", Anyone, || routing::post(account::sign_out)),
    post("/theme", Anyone, || routing::post(account::theme)),
    post("/favourite", SignedIn, || routing::post(account::favourite)),
    get("/assets/{file}", Anyone, || routing::get(site::file)),
    get("/healthz", Anyone, || routing::get(live::healthz)),
    get("/readyz", Anyone, || routing::get(live::readyz)),
];

/// Probes name the portal by its address inside the cluster, and learn nothing: they may call by
/// any name (W-02).
pub(crate) const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// What scripts call by themselves: no sign that a person is there.
pub(crate) const BACKGROUND: [&str; 3] = ["/events", "/api/{*function}", "/sessions/{id}/terminal"];

const fn get(path: &'static str, who: Who, handler: fn() -> MethodRouter<Shared>) -> Route {
    Route { method: Method::GET, path, who, origin: Any, handler }
}

const fn page(path: &'static str, who: Who) -> Route {
    get(path, who, || routing::get(page::show))
}

const fn post(path: &'static str, who: Who, handler: fn() -> MethodRouter<Shared>) -> Route {
    Route { method: Method::POST, path, who, origin: Own, handler }
}

/// Browsers send no form to it, and let every page open one: where it comes from is looked at here.
const fn socket(path: &'static str, who: Who, handler: fn() -> MethodRouter<Shared>) -> Route {
    Route { method: Method::GET, path, who, origin: Own, handler }
}

/// What answers at every route, with no gate before it.
pub(crate) fn router() -> Router<Shared> {
    ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, (route.handler)()))
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
