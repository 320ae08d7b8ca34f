use std::fs;
use std::path::Path;
use std::sync::Arc;

use broker::port::{Recorder as _, RecordingHeader, Stream, SystemClock};
use clap::Parser as _;
use domain::SessionId;
use recorder::{Journal, Keys, Settings};

use crate::command::Arguments;

/// Runs a command with its last arguments; says what went wrong.
fn run(arguments: &[&Path]) -> Result<(), String> {
    let words = ["shorepass", "recording"].map(Path::new);
    let arguments = words.into_iter().chain(arguments.iter().copied());
    let parsed = Arguments::try_parse_from(arguments).map_err(|error| error.to_string())?;
    parsed.run().map_err(|error| format!("{error:#}"))
}

/// Two recordings in a folder, the first archived, and the key that opens it.
async fn recordings(folder: &Path) -> [std::path::PathBuf; 3] {
    let key = folder.join("recordings.key");
    let settings = Settings { keys: Keys::own(&key).unwrap(), ..Settings::new(folder) };
    let journal = Journal::open(&settings, Arc::new(SystemClock)).unwrap();
    let mut files = Vec::new();
    for number in [1, 2] {
        let session = SessionId(uuid::Uuid::from_u128(number));
        let header = RecordingHeader {
            session,
            began_at: jiff::Timestamp::UNIX_EPOCH,
            size: (80, 24),
            title: "ana \u{1b}[31min payments".to_owned(),
        };
        let tape = journal.begin(&header).await.unwrap();
        tape.append(Stream::Output, "hello \u{1b}]0;title\u{7}\r\n".into()).await.unwrap();
        tape.seal().await.unwrap();
        if number == 1 {
            let waiting = journal.unarchived().await.unwrap();
            journal.archive(waiting).await.unwrap().unwrap();
            journal.adopt(waiting).await.unwrap();
        }
        files.push(folder.join("recordings").join(format!("{session}.rec")));
    }
    [key, files.remove(0), files.remove(0)]
}

#[tokio::test]
async fn what_is_proven_is_said_to_be_so() {
    let folder = tempfile::tempdir().unwrap();
    let [key, archived, sealed] = recordings(folder.path()).await;
    let (verify, identity) = (Path::new("verify"), Path::new("--identity"));
    assert_eq!(run(&[verify, identity, &key, &archived, &sealed]), Ok(()));
    assert_eq!(run(&[verify, &sealed]), Ok(()), "it needs no key");
    let list = Path::new("list");
    assert_eq!(run(&[list, identity, &key, &folder.path().join("recordings")]), Ok(()));
}

#[tokio::test]
async fn l_06_what_is_not_proven_nothing_and_foreign_data_are_failures() {
    let folder = tempfile::tempdir().unwrap();
    let [key, archived, sealed] = recordings(folder.path()).await;
    let (verify, identity) = (Path::new("verify"), Path::new("--identity"));
    let foreign = folder.path().join("foreign.rec");
    fs::write(&foreign, "{\"version\": 3}\n").unwrap();
    let one = |told: &str| Err(told.to_owned());
    assert_eq!(run(&[verify, &archived]), one("1 of 1 recordings are not proven"), "no key");
    let other = folder.path().join("other.key");
    Keys::own(&other).unwrap();
    let told = run(&[verify, identity, &other, &archived, &sealed, &foreign]);
    assert_eq!(told, one("2 of 3 recordings are not proven"));
    assert_eq!(
        run(&[verify, &folder.path().join("none")]),
        one("1 of 1 recordings are not proven")
    );
    assert!(run(&[verify]).is_err(), "nothing was named");
    assert!(run(&[verify, identity, &foreign, &sealed]).is_err(), "that is no key");

    let mut bytes = fs::read(&archived).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&archived, bytes).unwrap();
    let told = run(&[verify, identity, &key, &archived]);
    assert_eq!(told, one("1 of 1 recordings are not proven"), "it was changed");
    assert!(run(&[Path::new("export"), identity, &key, &archived]).is_err());

    let list = Path::new("list");
    assert!(run(&[list, folder.path().join("recordings").as_path()]).is_err(), "no key");
    assert!(run(&[list, folder.path()]).is_err(), "foreign data");
    let empty = tempfile::tempdir().unwrap();
    assert!(run(&[list, empty.path()]).unwrap_err().contains("there is no recording"));
    assert!(run(&[list, &empty.path().join("none")]).is_err());
}
