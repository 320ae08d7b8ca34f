//! Recordings: entering a long one, and searching many.

mod archive;
mod clock;

use std::time::Duration;

use anyhow::{Context as _, ensure};
use client::Stopwatch;
use client::portal::{Person, attribute, elements};
use domain::SessionId;

use self::archive::{Archive, NEEDLE, line_at};
use super::Stage;
use super::chromium;
use crate::Sample;
use crate::report::{Figure, Target};

/// Seeks to measure.
const SEEKS: u32 = 50;
/// Seconds until a first frame, and until another one.
const FIRST: f64 = 500.0;
const SEEK: f64 = 100.0;
const SECOND: u64 = 1_000_000;
/// Steps over the recording that come to every part of it, and to none twice.
const STRIDE: u64 = 7_919;
/// One recording in so many shows what is looked for.
const SHOWN_IN: u32 = 50;

pub(super) async fn measure(stage: &Stage, hours: u32, count: u32) -> anyhow::Result<Vec<Figure>> {
    let (session, screen) = stage.shorepass().await?;
    screen.leave().await?;
    stage.ana.end(session).await?;
    let archive = Archive::open(&stage.stand, session).await?;
    let long = archive.long(hours).await?;
    let expected = archive.many(count, SHOWN_IN).await?;

    let cleo = Person::sign_in(&stage.stand.portal, "cleo").await?;
    let began = Stopwatch::start();
    cleo.page(&format!("/recordings/{long}")).await?;
    let about = |what: &str| format!("/recordings/{long}/{what}");
    let (outline, stretch) = (about("outline"), about("stretch?at=0"));
    let (outline, stretch) = tokio::join!(cleo.page(&outline), cleo.page(&stretch));
    let first = began.read();
    outline?;
    shows(&stretch?.body, 0)?;
    let mut seeks = Sample::default();
    for number in 1..=u64::from(SEEKS) {
        seeks.add(seek(&cleo, long, number * STRIDE % (u64::from(hours) * 3_600)).await?);
    }
    let (took, found) = search(&cleo).await?;
    ensure!(found == expected, "{found} recordings of {expected} were found");
    let browser = chromium::player(stage, long, hours).await;

    let film = format!("recording of {hours} h");
    let browsed = |read: fn(&chromium::Played) -> f64| {
        let read = browser.as_ref().map(read);
        read.map_err(|cause| anyhow::anyhow!("{cause:#}"))
    };
    Ok(vec![
        Figure::of(format!("{film}, page and first stretch"), "ms", milliseconds(first)),
        Figure::of(format!("{film}, stretch elsewhere, median"), "ms", seeks.percentile(50)),
        Figure::of(format!("{film}, stretch elsewhere, p99"), "ms", seeks.percentile(99)),
        Figure::of(format!("{film}, first frame in Chromium"), "ms", browsed(|one| one.first))
            .should(Target::AtMost(FIRST)),
        Figure::of(format!("{film}, seek in Chromium, median"), "ms", browsed(|one| one.median))
            .should(Target::AtMost(SEEK)),
        Figure::of(format!("{film}, seek in Chromium, p99"), "ms", browsed(|one| one.p99)),
        Figure::of(format!("search in {count} recordings"), "s", took.as_secs_f64()),
    ])
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Asks for what a player asks for to show another second.
async fn seek(cleo: &Person, session: SessionId, second: u64) -> anyhow::Result<Duration> {
    let began = Stopwatch::start();
    let path = format!("/recordings/{session}/stretch?at={}", second * SECOND);
    let stretch = cleo.page(&path).await?;
    let taken = began.read();
    shows(&stretch.body, second)?;
    Ok(taken)
}

/// Fails unless a stretch shows the line of a second.
fn shows(stretch: &[u8], second: u64) -> anyhow::Result<()> {
    let line = line_at(second);
    let found = stretch.windows(line.len()).any(|window| window == line.as_bytes());
    ensure!(found, "the stretch at {second} s does not show its line");
    Ok(())
}

/// Looks for a text in all recordings, page by page; how many show it.
async fn search(cleo: &Person) -> anyhow::Result<(Duration, usize)> {
    let began = Stopwatch::start();
    let mut next = Some(format!("/recordings?shown={NEEDLE}"));
    let mut found = 0;
    while let Some(path) = next {
        let page = cleo.page(&path).await?.text();
        let rows = elements(&page, "tr").into_iter().filter_map(|row| attribute(row, "id"));
        found += rows.filter(|id| id.starts_with("recording-")).count();
        let mut links = elements(&page, "a").into_iter();
        let older = links.rfind(|link| attribute(link, "rel") == Some("next"));
        next = older
            .map(|link| attribute(link, "href").context("a link leads nowhere"))
            .transpose()?
            .map(|href| href.replace("&amp;", "&"));
    }
    Ok((began.read(), found))
}
