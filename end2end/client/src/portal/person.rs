//! What a person does with the portal's pages.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use domain::broker::Ticket;
use domain::{ContainerName, Namespace, Place, PodName, RequestId, SessionId, Target};
use http::Method;
use serde_json::json;
use tokio::net::TcpStream;
use url::Url;

use super::markup::{attribute, elements, words};
use super::{Answer, Browser, GoesOn, Terminal};

/// The cluster's name in the portal of `end2end/stand`.
const CLUSTER: &str = "main";
/// How long a grant may take to be made once it was approved, …
const GRANTED_WITHIN: Duration = Duration::from_secs(20);
/// … how long a session's processes may take to be ended, …
const ENDS_WITHIN: Duration = Duration::from_secs(30);
/// … and how often that is asked.
const ASKED_EACH: Duration = Duration::from_millis(50);

/// A namespace of the stand's cluster.
///
/// # Errors
/// When it cannot be one.
pub fn place(namespace: &str) -> anyhow::Result<Place> {
    Ok(Place { cluster: CLUSTER.parse()?, namespace: Namespace::parse(namespace)? })
}

/// Somebody who is signed in.
#[derive(Debug)]
pub struct Person {
    portal: Url,
    browser: Browser,
}

impl Person {
    /// Signs in at the demo's identity provider, by its buttons.
    ///
    /// # Errors
    /// When that does not lead back to the portal's first page.
    pub async fn sign_in(portal: &Url, name: &str) -> anyhow::Result<Self> {
        let browser = Browser::new()?;
        let start = browser.get(portal.join("/sign-in/start?to=/")?).await?;
        let choice = browser.follow(start).await?.good()?;
        let chosen = browser.post(choice.url, &[("person", name)]).await?;
        let first = browser.follow(chosen).await?.good()?;
        let came_back = first.url.origin() == portal.origin() && first.url.path() == "/";
        ensure!(came_back, "signing {name} in ended at {}", first.url);
        Ok(Self { portal: portal.clone(), browser })
    }

    /// Where this person's cookies are.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// The address of a path at the portal.
    ///
    /// # Errors
    /// When the path is none.
    pub fn url(&self, path: &str) -> anyhow::Result<Url> {
        Ok(self.portal.join(path)?)
    }

    /// Opens a page of the portal.
    ///
    /// # Errors
    /// When it is not shown.
    pub async fn page(&self, path: &str) -> anyhow::Result<Answer> {
        self.browser.get(self.url(path)?).await?.good()
    }

    /// Sends a form of the portal.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        self.browser.post(self.url(path)?, fields).await
    }

    /// Asks for access, for a length as people type it.
    ///
    /// # Errors
    /// When the request is not taken.
    pub async fn ask(
        &self,
        place: &Place,
        role: &str,
        length: &str,
        reason: &str,
    ) -> anyhow::Result<RequestId> {
        let fields =
            [("role", role), ("length", "other"), ("length_other", length), ("reason", reason)];
        let path = format!("/ns/{}/{}", place.cluster, place.namespace);
        Ok(led_to(&self.post(&path, &fields).await?, "/requests/")?.parse()?)
    }

    /// Approves a request as it is shown.
    ///
    /// # Errors
    /// When this person may not, or the approval is not taken.
    pub async fn approve(&self, request: RequestId) -> anyhow::Result<()> {
        let path = format!("/requests/{request}");
        let page = self.page(&path).await?.text();
        let digest = values(&page, "digest").next();
        let digest = digest.context("the page does not let this person approve")?;
        let answer = self.post(&format!("{path}/approve"), &[("digest", digest)]).await?;
        led_to(&answer, "/requests/").map(drop)
    }

    /// Waits until the grant of a request is made: a moment after its last approval.
    ///
    /// # Errors
    /// When it is not.
    pub async fn granted(&self, request: RequestId) -> anyhow::Result<()> {
        self.until(GRANTED_WITHIN, &format!("/requests/{request}"), "Granted.").await
    }

    /// The containers in which a request's grant lets a shell be opened.
    ///
    /// # Errors
    /// When there are none.
    pub async fn targets(&self, place: &Place, request: RequestId) -> anyhow::Result<Vec<Target>> {
        let path = format!("/requests/{request}/shell");
        let page = self.page(&path).await?.text();
        let target = |(pod, container)| {
            let (pod, container) = (PodName::parse(pod)?, ContainerName::parse(container)?);
            anyhow::Ok(Target { place: place.clone(), pod, container })
        };
        let offered = values(&page, "pod").zip(values(&page, "container"));
        let targets = offered.map(target).collect::<Result<Vec<_>, _>>()?;
        ensure!(!targets.is_empty(), "{path} offers no container");
        Ok(targets)
    }

    /// Starts a session.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn open(&self, request: RequestId, target: &Target) -> anyhow::Result<SessionId> {
        let fields = [("pod", target.pod.as_str()), ("container", target.container.as_str())];
        let answer = self.post(&format!("/requests/{request}/shell"), &fields).await?;
        Ok(led_to(&answer, "/sessions/")?.parse()?)
    }

    /// Gets the right to attach one socket to a session.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn ticket(&self, session: SessionId) -> anyhow::Result<Ticket> {
        let url = self.url("/api/terminal_ticket")?;
        let asked = json!({ "session": session });
        let request = self.browser.request(Method::POST, url).json(&asked);
        let answer = self.browser.send(request).await?.good()?;
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Attaches a terminal to a session; output comes from this offset on, in bytes.
    ///
    /// # Errors
    /// When the session or the socket is refused.
    pub async fn attach(&self, session: SessionId, offset: u64) -> anyhow::Result<Terminal> {
        let ticket = self.ticket(session).await?;
        let begins = GoesOn { offset, turn: 0 };
        Terminal::attach(&self.portal, &self.browser, &ticket, begins).await
    }

    /// Attaches a terminal, new or not, through another address that leads to the portal.
    ///
    /// # Errors
    /// When the session or the socket is refused, or nothing is at the address.
    pub async fn attach_through(
        &self,
        address: SocketAddr,
        session: SessionId,
        goes_on: GoesOn,
    ) -> anyhow::Result<Terminal> {
        self.attach_over(TcpStream::connect(address).await?, session, goes_on).await
    }

    /// The same over a connection that is there.
    ///
    /// # Errors
    /// When the session or the socket is refused.
    pub async fn attach_over(
        &self,
        stream: TcpStream,
        session: SessionId,
        goes_on: GoesOn,
    ) -> anyhow::Result<Terminal> {
        let ticket = self.ticket(session).await?;
        Terminal::over(stream, &self.portal, &self.browser, &ticket, goes_on).await
    }

    /// Ends a session, and returns when nothing of it is left.
    ///
    /// # Errors
    /// When it goes on.
    pub async fn end(&self, session: SessionId) -> anyhow::Result<()> {
        let path = format!("/sessions/{session}");
        // One that ended by itself in this moment is refused here, and found below.
        self.post(&format!("{path}/end"), &[]).await?;
        self.until(ENDS_WITHIN, &path, "Ended:").await
    }

    /// Waits until a page says something.
    async fn until(&self, within: Duration, path: &str, words: &str) -> anyhow::Result<()> {
        let said = async {
            let mut again = tokio::time::interval(ASKED_EACH);
            loop {
                again.tick().await;
                if self.page(path).await?.text().contains(words) {
                    return anyhow::Ok(());
                }
            }
        };
        let waited = tokio::time::timeout(within, said).await;
        waited.with_context(|| format!("{path} does not say {words:?} within {within:?}"))?
    }
}

/// The values of the hidden fields of a name, over all forms of a page.
fn values<'a>(page: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let fields = elements(page, "input").into_iter();
    fields
        .filter(move |field| attribute(field, "name") == Some(name))
        .filter_map(|field| attribute(field, "value"))
}

/// The last part of the path that a form led to.
fn led_to(answer: &Answer, folder: &str) -> anyhow::Result<String> {
    let location = answer.location()?;
    let path = location.as_ref().map(Url::path);
    let name = path.and_then(|path| path.strip_prefix(folder));
    name.map(str::to_owned).with_context(|| {
        let says: String = words(&answer.text()).chars().take(600).collect();
        format!("{} answered {}: {says}", answer.url, answer.status)
    })
}
