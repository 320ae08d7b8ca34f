//! The only way to a pod: as somebody.

use std::time::Duration;

use broker::port::ShellTrouble;
use http::Request;
use k8s_openapi::api::core::v1::Pod;
use kube::Resource as _;
use kube::api::AttachParams;
use kube::client::Body;
use tokio::time::timeout;

use super::answer;
use super::upgrade::{self, Stream};
use crate::identity::Identity;

/// How long the API server and the kubelet may take to open a stream.
const OPEN_WITHIN: Duration = Duration::from_secs(10);

/// A client that cannot send anything without an [`Identity`] (H-10).
#[derive(Clone)]
pub(crate) struct Impersonator {
    client: kube::Client,
}

/// Whether the program gets a terminal and input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terminal {
    Yes,
    No,
}

impl Impersonator {
    pub(crate) fn new(client: kube::Client) -> Self {
        Self { client }
    }

    /// Runs a command in the identity's container.
    ///
    /// An early refusal is not tried again: the groups are bound once, when a namespace is
    /// onboarded, and not when a grant begins, so there is no propagation to wait for.
    pub(crate) async fn exec(
        &self,
        identity: &Identity,
        command: &[String],
        terminal: Terminal,
    ) -> Result<Stream, ShellTrouble> {
        let opened = timeout(OPEN_WITHIN, self.upgraded(identity, command, terminal)).await;
        opened.unwrap_or_else(|_| {
            let why = format!("no answer within {} s", OPEN_WITHIN.as_secs());
            Err(ShellTrouble::Unreachable { why })
        })
    }

    async fn upgraded(
        &self,
        identity: &Identity,
        command: &[String],
        terminal: Terminal,
    ) -> Result<Stream, ShellTrouble> {
        let mut request = request(identity, command, terminal).map_err(|cause| {
            tracing::warn!(error = %cause, "an exec request could not be built");
            ShellTrouble::Unreachable { why: "the request could not be built".to_owned() }
        })?;
        request.headers_mut().clone_from(identity.headers());
        let key = upgrade::ask(request.headers_mut());
        let response = self.client.send(request).await.map_err(|cause| {
            tracing::warn!(error = %cause, "the API server did not answer an exec request");
            ShellTrouble::Unreachable { why: answer::words(&cause) }
        })?;
        if response.status() != http::StatusCode::SWITCHING_PROTOCOLS {
            return Err(answer::trouble(response).await);
        }
        upgrade::take(response, &key).await
    }
}

/// Names follow their grammars, so none of them can change the path (N-01); the command is an
/// argument list, each argument a query parameter (N-02).
fn request(
    identity: &Identity,
    command: &[String],
    terminal: Terminal,
) -> Result<Request<Body>, kube::core::request::Error> {
    let target = identity.target();
    let interactive = terminal == Terminal::Yes;
    let options = AttachParams {
        container: Some(target.container.to_string()),
        stdin: interactive,
        stdout: true,
        // A terminal is one stream, and the API server refuses a second one beside it.
        stderr: !interactive,
        tty: interactive,
        ..AttachParams::default()
    };
    let pods = Pod::url_path(&(), Some(target.place.namespace.as_str()));
    let request = kube::core::Request::new(pods).exec(
        target.pod.as_str(),
        command.iter().map(String::as_str),
        &options,
    )?;
    Ok(request.map(Body::from))
}
