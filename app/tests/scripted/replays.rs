use domain::broker::{
    Condition, Excerpt, Found, Hit, Line, Playable, Proof, RecordingList, RecordingRow,
    RecordingView, Searched, SessionRow,
};
use domain::{LeftBehind, Review, SessionEnd, SessionId, Signer};

use super::*;

pub(crate) fn recordings() -> RecordingList {
    let rows = (0..3)
        .map(|number| RecordingRow {
            session: SessionRow {
                broke_glass: number == 2,
                ..past_session(number, ana(), SessionEnd::TimeIsUp, LeftBehind::Nothing)
            },
            ended_at: before(60 + i64::try_from(number).unwrap() * 700),
            sealed: sealed(),
            review: (number == 1).then(review),
            may_review: number != 1,
            hit: None,
        })
        .collect();
    RecordingList { rows, next: None, searched: None }
}

pub(crate) fn review() -> Review {
    Review { by: Signer::from(&person("cleo", &["security"])), at: before(20) }
}

/// What a session showed, a line each seven seconds.
pub(crate) fn transcript(lines: u64) -> Excerpt {
    let text = [
        "web-7d9f8c /srv $ wget -qO- localhost:8080/health",
        "wget: server returned error: HTTP/1.1 500 Internal Server Error",
        "web-7d9f8c /srv $ tail -2 log/error.log",
        "14:03:11 ERROR ledger: connection refused (ledger.payments:9000)",
        "    retrying in 5 s",
    ];
    let line = |number: u64| {
        let text = text[usize::try_from(number).unwrap() % text.len()].to_owned();
        Line { at_us: number * 7_000_000, text }
    };
    let total = usize::try_from(lines).unwrap();
    Excerpt { first: 0, lines: (0..lines).map(line).collect(), total, missing: 0 }
}

/// A recording of ana's, as cleo sees it.
pub(crate) fn recording(condition: Condition) -> RecordingView {
    let session = past_session(1, ana(), SessionEnd::TimeIsUp, LeftBehind::Nothing);
    RecordingView { session, condition, review: None, may_review: true }
}

/// A recording that can be played.
pub(crate) fn playable(proof: Option<Proof>) -> Playable {
    Playable {
        ended_at: before(60),
        sealed: sealed(),
        length_us: 283_000_000,
        excerpt: transcript(40),
        found: None,
        proof,
    }
}

pub(crate) fn recording_lists() -> Vec<(&'static str, Scene)> {
    vec![
        (
            "recordings",
            Scene::of("/recordings", as_cleo().with(|broker| broker.recordings = Ok(recordings()))),
        ),
        (
            "recordings-empty",
            Scene::of("/recordings", as_cleo().with(|broker| broker.recordings = Ok(none()))),
        ),
        (
            "recordings-found",
            Scene::of(
                "/recordings?shown=error&reviewed=no",
                as_cleo().with(|broker| {
                    let mut list = recordings();
                    list.searched = Some(Searched { read: 41, shortened: 1, unread: 2 });
                    for (lines, row) in (1..).zip(&mut list.rows) {
                        let line = transcript(2).lines.remove(1);
                        row.hit = Some(Hit { line, lines });
                    }
                    broker.recordings = Ok(list);
                }),
            ),
        ),
        (
            "recordings-nothing",
            Scene::of(
                "/recordings?shown=rm+-rf&who=ana&since=2026-11-01",
                as_cleo().with(|broker| {
                    broker.recordings = Ok(RecordingList {
                        searched: Some(Searched { read: 41, shortened: 0, unread: 1 }),
                        ..none()
                    });
                }),
            ),
        ),
    ]
}

fn none() -> RecordingList {
    RecordingList { rows: Vec::new(), next: None, searched: None }
}

pub(crate) fn replays() -> Vec<(&'static str, Scene)> {
    let path = format!("/recordings/{}", SessionId(id(101)));
    let scene = |query: &str, view| {
        Scene::of(&format!("{path}{query}"), as_cleo().with(|broker| broker.recording = Ok(view)))
    };
    let digest = sealed().digest;
    let verified = Proof::Verified { digest: digest.clone(), event: 398 };
    let (other, logged) = (format!("blake3 {POLICY}"), format!("blake3 {digest}"));
    let found = |lines: Vec<Line>| Found { total: lines.len(), lines };
    let with = |change: &dyn Fn(&mut Playable)| {
        let mut playable = playable(Some(verified.clone()));
        change(&mut playable);
        recording(Condition::Playable(playable))
    };
    let proven = |proof| recording(Condition::Playable(playable(proof)));
    let why = "frame 12 at byte 4711 was changed".to_owned();
    let mut reviewed = proven(Some(verified.clone()));
    reviewed.session.broke_glass = true;
    reviewed.review = Some(review());
    reviewed.may_review = false;
    let mut own = reviewed.clone();
    own.session.own = true;
    own.review = None;
    vec![
        ("recording", scene("?t=83", proven(Some(verified.clone())))),
        ("recording-reviewed", scene("", reviewed)),
        ("recording-own", scene("", own)),
        ("recording-long", scene("", proven(None))),
        (
            "recording-other",
            scene("", proven(Some(Proof::Differs { found: other.clone(), logged }))),
        ),
        ("recording-unlogged", scene("", proven(Some(Proof::NotLogged { found: other })))),
        (
            "recording-found",
            scene(
                "?q=error&t=7",
                with(&|playable| {
                    let shown = |line: &Line| line.text.to_lowercase().contains("error");
                    let lines = playable.excerpt.lines.iter().filter(|line| shown(line));
                    playable.found = Some(found(lines.cloned().collect()));
                }),
            ),
        ),
        (
            "recording-middle",
            scene(
                "?line=300",
                with(&|playable| {
                    playable.excerpt = Excerpt { first: 300, total: 900, ..transcript(300) }
                }),
            ),
        ),
        ("recording-shortened", scene("", with(&|playable| playable.excerpt.missing = 512_000))),
        ("recording-silent", scene("", with(&|playable| playable.excerpt = transcript(0)))),
        ("recording-unfinished", scene("", recording(Condition::Unfinished))),
        ("recording-sealing", scene("", recording(Condition::Sealing))),
        ("recording-unsealed", scene("", recording(Condition::Unsealed))),
        ("recording-none", scene("", recording(Condition::NotBegun))),
        ("recording-removed", scene("", recording(Condition::Removed))),
        ("recording-missing", scene("", recording(Condition::Missing))),
        ("recording-locked", scene("", recording(Condition::Locked))),
        ("recording-damaged", scene("", recording(Condition::Damaged { why }))),
    ]
}
