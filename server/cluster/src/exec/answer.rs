//! What an answer other than `101` means, in words for the person (S-08).

use std::time::Duration;

use broker::port::ShellTrouble;
use domain::text::seen;
use http::{Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;
use serde::Deserialize;
use tokio::time::timeout;

/// The most that is read of an answer's body, in bytes.
const LARGEST_BODY: usize = 64 * 1024;
/// How long the body may take.
const BODY_WITHIN: Duration = Duration::from_secs(3);
/// The most that is shown of a foreign message, in characters.
pub(crate) const LONGEST_MESSAGE: usize = 300;

/// The part of `metav1.Status` that is read.
#[derive(Debug, Default, Deserialize)]
struct Status {
    #[serde(default)]
    message: String,
}

/// Reads an answer that is not an upgrade.
pub(crate) async fn trouble(response: Response<Body>) -> ShellTrouble {
    let status = response.status();
    let message = message(response.into_body()).await;
    tracing::warn!(
        http.status_code = status.as_u16(),
        k8s.message = message,
        "the API server did not open a stream"
    );
    interpret(status, &message)
}

fn interpret(status: StatusCode, message: &str) -> ShellTrouble {
    let unreachable = |why: String| ShellTrouble::Unreachable { why };
    match status {
        StatusCode::FORBIDDEN | StatusCode::UNPROCESSABLE_ENTITY => {
            ShellTrouble::Forbidden { why: refusal(message) }
        }
        StatusCode::NOT_FOUND => ShellTrouble::Gone,
        StatusCode::BAD_REQUEST if message.contains("is not valid for pod") => ShellTrouble::Gone,
        StatusCode::UNAUTHORIZED => {
            unreachable("it does not accept the portal's own credentials".to_owned())
        }
        redirect if redirect.is_redirection() => {
            unreachable("it answered with a redirect, which is never followed".to_owned())
        }
        success if success.is_success() => {
            unreachable(format!("it answered {} and opened no stream", success.as_u16()))
        }
        other if message.is_empty() => unreachable(format!("it answered {}", other.as_u16())),
        other => unreachable(format!("it answered {}: {message}", other.as_u16())),
    }
}

fn refusal(message: &str) -> String {
    if message.is_empty() {
        "it gave no reason".to_owned()
    } else if message.contains("impersonat") {
        // Names the portal's account, which is no business of the person's.
        "Shorepass may not act for this role here; the namespace has to be onboarded".to_owned()
    } else if message.ends_with("is forbidden:") {
        // From 1.35 on a WebSocket needs both verbs, and the refusal of the second has no words.
        "the role's ClusterRole lacks the permission create on pods/exec".to_owned()
    } else {
        message.to_owned()
    }
}

async fn message(body: Body) -> String {
    let whole = Limited::new(body, LARGEST_BODY).collect();
    let Ok(Ok(bytes)) = timeout(BODY_WITHIN, whole).await else { return String::new() };
    let bytes = bytes.to_bytes();
    match serde_json::from_slice::<Status>(&bytes) {
        Ok(status) => seen(&status.message, LONGEST_MESSAGE),
        Err(_) => seen(&String::from_utf8_lossy(&bytes), LONGEST_MESSAGE),
    }
}

/// Why there was no answer at all; the cause itself may name addresses and goes to the log.
pub(crate) fn words(cause: &kube::Error) -> String {
    match cause {
        kube::Error::Auth(_) => "the portal's credentials could not be read".to_owned(),
        kube::Error::Api(status) if status.code == 401 => {
            "it does not accept the portal's own credentials".to_owned()
        }
        kube::Error::Api(status) if status.code == 403 => {
            "it does not let the portal read namespaces and pods".to_owned()
        }
        kube::Error::Api(status) => format!("it answered {}", status.code),
        kube::Error::SerdeError(_) | kube::Error::FromUtf8(_) => {
            "its answer is not readable".to_owned()
        }
        _ => "no connection".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_refusal_is_explained() {
        let ShellTrouble::Forbidden { why } =
            interpret(StatusCode::FORBIDDEN, "pods \"box\" is forbidden:")
        else {
            panic!("not a refusal")
        };
        assert_eq!(why, "the role's ClusterRole lacks the permission create on pods/exec");
    }

    #[test]
    fn a_refused_impersonation_does_not_show_the_portals_account() {
        let ShellTrouble::Forbidden { why } = interpret(
            StatusCode::FORBIDDEN,
            "groups \"x\" is forbidden: User \"system:serviceaccount:a:b\" cannot impersonate",
        ) else {
            panic!("not a refusal")
        };
        assert!(!why.contains("serviceaccount"), "{why}");
    }

    #[test]
    fn s_08_other_answers_are_typed() {
        assert_eq!(interpret(StatusCode::NOT_FOUND, "x"), ShellTrouble::Gone);
        let container = "container x is not valid for pod web-1";
        assert_eq!(interpret(StatusCode::BAD_REQUEST, container), ShellTrouble::Gone);
        for status in [200, 302, 307, 400, 401, 409, 429, 500, 503] {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(matches!(interpret(status, ""), ShellTrouble::Unreachable { .. }));
        }
    }
}
