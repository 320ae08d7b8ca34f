//! Whatever a session shows is proven by its recording, and its export shows the same as text.
#![no_main]

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use broker::port::{Recorder as _, RecordingHeader, Stream};
use bytes::Bytes;
use domain::SessionId;
use domain::wire::Size;
use fuzz::{RUNTIME, Studio, export};
use jiff::Timestamp;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use recorder::Journal;
use serde_json::Value;

static STUDIO: LazyLock<(Studio, Journal)> = LazyLock::new(|| {
    let studio = Studio::new();
    let journal = studio.journal();
    (studio, journal)
});
static SESSIONS: AtomicU64 = AtomicU64::new(0);

#[derive(Debug, Arbitrary)]
enum Event<'a> {
    Output(&'a [u8]),
    Size(u16, u16),
    /// Microseconds pass.
    Time(u32),
}

fuzz_target!(|events: Vec<Event<'_>>| {
    let session = SESSIONS.fetch_add(1, Ordering::Relaxed);
    let session = SessionId(uuid::Uuid::from_u128(session.into()));
    let lines = RUNTIME.block_on(film(session, &events));

    let (mut text, mut sizes, mut time_us) = (String::new(), Vec::new(), 0);
    for line in lines.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty()) {
        let line: Value = serde_json::from_slice(line).expect("a line is no JSON");
        let [Value::Number(interval), Value::String(code), Value::String(data)] =
            &line.as_array().expect("a line is no event")[..]
        else {
            panic!("{line} is no event");
        };
        time_us += (interval.as_f64().unwrap_or(f64::NAN) * 1e6).round() as u64;
        match code.as_str() {
            "o" => text.push_str(data),
            "r" => sizes.push(data.clone()),
            other => panic!("{other} was not recorded"),
        }
    }
    let shown: Vec<u8> = events.iter().flat_map(Event::output).copied().collect();
    assert_eq!(text, String::from_utf8_lossy(&shown));
    assert_eq!(sizes, events.iter().filter_map(Event::size).collect::<Vec<_>>());
    let passed = events.iter().map(Event::time_us).sum();
    assert!(time_us <= passed, "{time_us} µs are shown of {passed}");
});

/// Records and exports it.
async fn film(session: SessionId, events: &[Event<'_>]) -> Vec<u8> {
    let (studio, journal) = &*STUDIO;
    let (size, title) = ((80, 24), "ana in main/payments/web-1/web".to_owned());
    let header = RecordingHeader { session, began_at: Timestamp::UNIX_EPOCH, size, title };
    let tape = journal.begin(&header).await.expect("it does not begin");
    for event in events {
        let (stream, bytes) = match event {
            Event::Output(bytes) => (Stream::Output, Bytes::copy_from_slice(bytes)),
            Event::Size(columns, rows) => (Stream::Size, format!("{columns}x{rows}").into()),
            Event::Time(time_us) => {
                studio.clock.pass((*time_us).into());
                continue;
            }
        };
        tape.append(stream, bytes).await.expect("it is not recorded");
    }
    let sealed = tape.seal().await.expect("it is not sealed");
    let path = studio.recordings("rec").pop().expect("there is no recording");
    let verified = recorder::verify(&path, &recorder::Keys::default()).expect("it does not prove itself");
    assert_eq!(verified.sealed, sealed);
    let lines = export(journal, session).await.expect("it is not exported");
    std::fs::remove_file(path).expect("it cannot be removed");
    lines
}

impl Event<'_> {
    fn output(&self) -> &[u8] {
        if let Self::Output(bytes) = self { bytes } else { &[] }
    }

    fn size(&self) -> Option<String> {
        let Self::Size(columns, rows) = *self else { return None };
        let Size { columns, rows } = Size::clamped(columns, rows);
        Some(format!("{columns}x{rows}"))
    }

    fn time_us(&self) -> u64 {
        if let Self::Time(time_us) = self { (*time_us).into() } else { 0 }
    }
}
