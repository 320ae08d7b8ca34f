//! Whether a shell outlives its page.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use client::portal::Heard;
use client::{Screen, Shell};
use domain::wire::ServerMessage;
use tokio::time::timeout;

use super::Stage;
use crate::report::{Figure, Target, Value};
use crate::way::Way;

/// What is not said by then is not said at all.
const PATIENCE: Duration = Duration::from_secs(20);
/// Remembered by the shell, and by nothing else.
const REMEMBER: &str = "remembered=by-this-shell; echo no''ted";

pub(super) async fn measure(stage: &Stage, times: u32) -> anyhow::Result<Vec<Figure>> {
    let mut kept = 0;
    for _ in 0..times {
        let (session, mut screen) = stage.shorepass().await?;
        remember(&mut screen).await?;
        let seen = screen.shell.received();
        drop(screen);
        let mut terminal = stage.ana.attach(session, seen).await?;
        // It says what was typed before: keys are numbered from there.
        let heard = terminal.next().await?;
        ensure!(matches!(heard, Heard::Said(ServerMessage::Attached { .. })), "{heard:?}");
        let mut screen = Screen::new(terminal);
        kept += u32::from(remembers(&mut screen).await?);
        stage.ana.end(session).await?;
    }
    let figure =
        Figure::of(format!("shells that outlive a reload, of {times}"), "", f64::from(kept))
            .should(Target::AtLeast(f64::from(times)));
    let mut figures = figure;
    for way in Way::ALL {
        figures = figures.beside(way.name(), Value::from(by(stage, way, times).await));
    }
    Ok(vec![figures])
}

/// What a page of another way does when it is loaded again: it opens.
async fn by(stage: &Stage, way: Way, times: u32) -> anyhow::Result<f64> {
    let mut kept = 0;
    for _ in 0..times {
        let mut opened = stage.ways.open(way).await?;
        remember(&mut opened.screen).await?;
        drop(opened);
        let mut opened = stage.ways.open(way).await?;
        kept += u32::from(remembers(&mut opened.screen).await?);
        opened.screen.enters("exit").await?;
    }
    Ok(f64::from(kept))
}

async fn remember<S: Shell>(screen: &mut Screen<S>) -> anyhow::Result<()> {
    screen.enters(REMEMBER).await?;
    screen.sees("noted\r\n").await?;
    screen.prompt().await
}

async fn remembers<S: Shell>(screen: &mut Screen<S>) -> anyhow::Result<bool> {
    screen.enters("echo is:$remembered:; echo do''ne").await?;
    let mut said = Vec::new();
    let saying = async {
        while !said.windows(6).any(|window| window == b"done\r\n") {
            said.extend_from_slice(&screen.shell.output().await?);
        }
        anyhow::Ok(())
    };
    timeout(PATIENCE, saying).await.context("the shell does not answer")??;
    Ok(String::from_utf8_lossy(&said).contains("is:by-this-shell:"))
}
