//! The channels of a stream: byte 0 of each binary message.

use broker::port::ShellCut;
use bytes::Bytes;
use domain::text::seen;
use serde::Deserialize;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::answer::LONGEST_MESSAGE;

pub(crate) const INPUT: u8 = 0;
const OUTPUT: u8 = 1;
const ERRORS: u8 = 2;
const STATUS: u8 = 3;
pub(crate) const RESIZE: u8 = 4;
/// Closes the channel named by the next byte (v5). Never sent by us: on a terminal the program
/// sees nothing of it, and all later input is lost.
const CLOSE: u8 = 255;

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// Bytes of the program; never empty.
    Output(Bytes),
    /// Bytes of its error stream; never empty, and none on a terminal, which is one stream.
    Error(Bytes),
    /// The program is over.
    Over(Over),
    /// A sign of life and nothing else: the first, empty frame, a pong, a closed channel.
    Nothing,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Over {
    /// With this exit code.
    Exited(u8),
    /// There is no such program in the image.
    NoProgram,
    /// The container does not run, so no program does either.
    NoContainer,
    /// In another way, in words.
    Failed(String),
}

/// Reads a message.
pub(crate) fn read(message: Message) -> Result<Said, ShellCut> {
    let mut bytes = match message {
        Message::Binary(bytes) => bytes,
        Message::Ping(_) | Message::Pong(_) => return Ok(Said::Nothing),
        Message::Close(_) => return Err(no_status()),
        Message::Text(_) | Message::Frame(_) => return Err(cut("it sent text on a binary stream")),
    };
    if bytes.is_empty() {
        return Err(cut("it sent a message without a channel"));
    }
    let rest = bytes.split_off(1);
    match bytes[0] {
        OUTPUT | ERRORS if rest.is_empty() => Ok(Said::Nothing),
        OUTPUT => Ok(Said::Output(rest)),
        ERRORS => Ok(Said::Error(rest)),
        STATUS => status(&rest).map(Said::Over),
        CLOSE => Ok(Said::Nothing),
        other => Err(cut(&format!("it sent a message on the unknown channel {other}"))),
    }
}

/// The stream ended, and nothing said how the program did.
pub(crate) fn no_status() -> ShellCut {
    cut("the stream ended without saying how the program did")
}

/// What a failed socket is, in words.
pub(crate) fn broken(cause: &Error) -> ShellCut {
    match cause {
        Error::ConnectionClosed | Error::AlreadyClosed => no_status(),
        Error::Capacity(_) => cut("it sent a message that is too large"),
        Error::Protocol(_) | Error::Utf8(_) => cut("it broke the WebSocket protocol"),
        _ => cut("the connection was lost"),
    }
}

pub(crate) fn cut(what: &str) -> ShellCut {
    ShellCut { what: what.to_owned() }
}

/// `metav1.Status`, as far as it is read.
#[derive(Deserialize)]
struct Status {
    #[serde(rename = "status")]
    outcome: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    details: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    causes: Vec<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    message: String,
}

fn status(json: &[u8]) -> Result<Over, ShellCut> {
    let unreadable = || cut("its last word on the program is not readable");
    let status: Status = serde_json::from_slice(json).map_err(|_| unreadable())?;
    match status.outcome.as_deref() {
        Some("Success") => Ok(Over::Exited(0)),
        Some("Failure") if status.reason == "NonZeroExitCode" => {
            let causes = status.details.causes;
            let code = causes.into_iter().find(|cause| cause.reason == "ExitCode");
            let code = code.and_then(|cause| cause.message.parse().ok());
            code.map(Over::Exited).ok_or_else(unreadable)
        }
        Some("Failure") => Ok(failure(&status.message)),
        _ => Err(unreadable()),
    }
}

/// The words are those of runc, crun and the kubelet.
fn failure(message: &str) -> Over {
    let words = message.to_ascii_lowercase();
    if words.contains("executable file") && words.contains("not found")
        || words.contains("no such file or directory")
    {
        Over::NoProgram
    } else if words.contains("container not found") || words.contains("container is not running") {
        Over::NoContainer
    } else if message.is_empty() {
        Over::Failed("the program could not be run".to_owned())
    } else {
        Over::Failed(seen(message, LONGEST_MESSAGE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(json: &str) -> Result<Said, ShellCut> {
        read(Message::binary([&[3], json.as_bytes()].concat()))
    }

    #[test]
    fn the_exit_code_is_read_from_the_status() {
        let exited = |code| Ok(Said::Over(Over::Exited(code)));
        assert_eq!(over(r#"{"status":"Success"}"#), exited(0));
        let seven = r#"{"status":"Failure","reason":"NonZeroExitCode",
            "details":{"causes":[{"reason":"ExitCode","message":"7"}]}}"#;
        assert_eq!(over(seven), exited(7));
    }

    #[test]
    fn an_image_without_a_shell_is_told_from_other_failures() {
        for message in [
            r#"OCI runtime exec failed: exec: \"sh\": executable file not found in $PATH"#,
            "executable file `sh` not found in $PATH: No such file or directory",
            r#"exec: \"/bin/sh\": stat /bin/sh: no such file or directory"#,
        ] {
            let json = format!(r#"{{"status":"Failure","message":"{message}","code":500}}"#);
            assert_eq!(over(&json), Ok(Said::Over(Over::NoProgram)), "{message}");
        }
        let other = r#"{"status":"Failure","message":"the node\u001b is down","code":500}"#;
        assert_eq!(over(other), Ok(Said::Over(Over::Failed("the node is down".to_owned()))));
    }

    #[test]
    fn s_08_a_garbage_status_or_channel_is_a_cut() {
        for json in ["", "{}", "null", "[]", "{\"status\":7}", r#"{"status":"Maybe"}"#] {
            assert!(over(json).is_err(), "{json}");
        }
        let no_code = r#"{"status":"Failure","reason":"NonZeroExitCode"}"#;
        assert!(over(no_code).is_err());
        assert!(read(Message::binary(vec![])).is_err());
        assert!(read(Message::binary(vec![9, 1])).is_err());
        assert!(read(Message::text("hello")).is_err());
    }

    #[test]
    fn output_and_errors_are_told_apart_and_empty_frames_say_nothing() {
        assert_eq!(read(Message::binary(vec![1])), Ok(Said::Nothing));
        assert_eq!(read(Message::binary(vec![2])), Ok(Said::Nothing));
        assert_eq!(read(Message::binary(vec![255, 1])), Ok(Said::Nothing));
        let output = read(Message::binary(vec![1, 104, 105]));
        assert_eq!(output, Ok(Said::Output(Bytes::from_static(b"hi"))));
        let error = read(Message::binary(vec![2, 0xff, 0]));
        assert_eq!(error, Ok(Said::Error(Bytes::from_static(&[0xff, 0]))));
    }
}
