//! An auditor without our tools: age and zstd, as distributions package them.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use broker::port::Stream;

use super::studio::{Studio, begin, session};
use crate::{Keys, Settings};

/// Lets `age-keygen` make a key in a file; its public half.
fn make_key(file: &Path) -> String {
    let made = Command::new("age-keygen").arg("-o").arg(file).output().expect("tools/age");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let text = fs::read_to_string(file).unwrap();
    let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: "));
    recipient.unwrap().to_owned()
}

/// `age -d -i KEY FILE | zstd -d`, and whether both were content.
fn opened(key: &Path, file: &Path) -> (Vec<u8>, bool) {
    let mut age = Command::new("age")
        .args(["-d", "-i"])
        .args([key, file])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("tools/age");
    let plaintext = age.stdout.take().unwrap();
    let zstd = Command::new("zstd")
        .args(["-d", "-q"])
        .stdin(plaintext)
        .stderr(Stdio::null())
        .output()
        .expect("tools/age");
    let both = age.wait().unwrap().success() && zstd.status.success();
    (zstd.stdout, both)
}

#[tokio::test]
async fn every_recipient_reads_an_archive_with_age_and_zstd_alone() {
    let studio = Studio::default();
    let path = |name: &str| studio.folder.path().join(name);
    let recipients = [make_key(&path("portal.key")), make_key(&path("auditor.key"))];
    make_key(&path("stranger.key"));
    let keys = Keys::of(&recipients, None).unwrap();
    let journal = studio.journal_with(&Settings { keys, ..studio.settings() });
    let tape = begin(&journal, 1).await;
    for number in 0..1_000_u32 {
        studio.clock.pass(Duration::from_secs(1));
        let line = format!("\x1b[3{}msecond {number}\x1b[0m\r\n", number % 8);
        tape.append(Stream::Output, line.repeat(20).into()).await.unwrap();
    }
    tape.seal().await.unwrap();
    let written = fs::read(studio.sealed(1)).unwrap();
    journal.archive(session(1)).await.unwrap().unwrap();
    journal.adopt(session(1)).await.unwrap();

    let archive = studio.sealed(1);
    for key in ["portal.key", "auditor.key"] {
        let (bytes, content) = opened(&path(key), &archive);
        assert!(content && bytes == written, "{key}: {} bytes", bytes.len());
    }
    assert!(!opened(&path("stranger.key"), &archive).1);
    // A copy that was cut is not taken for a whole one.
    let cut = path("cut");
    fs::copy(&archive, &cut).unwrap();
    let whole = fs::metadata(&archive).unwrap().len();
    File::options().write(true).open(&cut).unwrap().set_len(whole - 1).unwrap();
    assert!(!opened(&path("auditor.key"), &cut).1);
}
