//! What viewers cost that take nothing, and what they do to those who do.

use std::time::Duration;

use anyhow::{bail, ensure};
use client::portal::{Heard, Person, Terminal};
use client::{Screen, Shell as _, Stopwatch};
use domain::SessionId;
use domain::wire::ServerMessage;
use tokio::time::sleep;

use super::Stage;
use super::echo::{echo, silence};
use crate::Sample;
use crate::report::{Figure, Target};

/// Kept behind the portal's back, a viewer costs so much at most, in KiB.
const MOST: f64 = 512.0;
/// A stuck viewer slows nobody: so much of the speed alone is left at least, and so much more may
/// an echo take.
const LEFT: f64 = 0.9;
const LATER: f64 = 1.25;
/// Each burst is more than what may be on its way to a viewer, and less than what leaves a slow one
/// behind, in MiB. All of them take less than the half minute after which a portal lets go of who
/// takes nothing.
const BURST: u32 = 2;
const BURSTS: u32 = 32;
const KIB: f64 = 1_024.0;
/// Long enough for what is on its way to stuck viewers to stand still.
const SETTLES: Duration = Duration::from_secs(1);

/// What a viewer sees who takes everything.
struct Good {
    echo: Sample,
    /// MiB for each second.
    speed: f64,
}

pub(super) async fn measure(
    stage: &Stage,
    viewers: u32,
    keystrokes: u32,
) -> anyhow::Result<Vec<Figure>> {
    let cleo = Person::sign_in(&stage.stand.portal, "cleo").await?;
    let process = stage.stand.process()?;
    let (session, mut screen) = stage.shorepass().await?;
    // Once to warm up: what one viewer costs is little beside what a first flood does.
    Good::measure(&mut screen, keystrokes).await?;
    let alone = Good::measure(&mut screen, keystrokes).await?;
    sleep(SETTLES).await;
    let before = process.resident()?;
    let mut figures = Vec::new();
    let mut stuck: Vec<Terminal> = Vec::new();
    for count in [1, viewers] {
        while stuck.len() < count as usize {
            stuck.push(attach(&cleo, session).await?);
        }
        let beside = Good::measure(&mut screen, keystrokes).await?;
        sleep(SETTLES).await;
        #[expect(clippy::cast_precision_loss, reason = "memory is below 2^53 bytes")]
        let grown = process.resident()?.saturating_sub(before) as f64;
        let who = format!("beside {count} stuck");
        figures.push(
            Figure::of(
                format!("memory of each of {count} stuck"),
                "KiB",
                grown / KIB / f64::from(count),
            )
            .should(Target::AtMost(MOST)),
        );
        for (at, percent) in [("median", 50), ("p99", 99)] {
            let alone = alone.echo.percentile(percent);
            figures.push(
                Figure::of(format!("echo {who}, {at}"), "ms", beside.echo.percentile(percent))
                    .beside("alone", alone)
                    .should(Target::AtMost(alone * LATER)),
            );
        }
        figures.push(
            Figure::of(format!("flood {who}"), "MiB/s", beside.speed)
                .beside("alone", alone.speed)
                .should(Target::AtLeast(alone.speed * LEFT)),
        );
    }
    for terminal in &mut stuck {
        // None of them was turned away, so what is next is what it did not take.
        let next = terminal.next().await?;
        ensure!(matches!(next, Heard::Said(_)), "a stuck viewer was let go: {next:?}");
    }
    stage.ana.end(session).await?;
    Ok(figures)
}

/// Looks on, and takes nothing from then on.
async fn attach(cleo: &Person, session: SessionId) -> anyhow::Result<Terminal> {
    let mut terminal = cleo.attach(session, 0).await?;
    loop {
        match terminal.next().await? {
            Heard::Said(ServerMessage::Attached { .. }) => return Ok(terminal),
            Heard::Said(_) => {}
            Heard::Closed(code) => bail!("a viewer was turned away: {code:?}"),
        }
    }
}

impl Good {
    async fn measure(screen: &mut Screen<Terminal>, keystrokes: u32) -> anyhow::Result<Self> {
        let mut time = Duration::ZERO;
        for _ in 0..BURSTS {
            time += burst(screen).await?;
        }
        let speed = f64::from(BURSTS * BURST) / time.as_secs_f64();

        silence(screen).await?;
        let mut sample = Sample::default();
        for number in 0..keystrokes {
            sample.add(echo(&mut screen.shell, b'a' + u8::try_from(number % 26)?).await?);
        }
        screen.shell.types(b"\x03").await?;
        screen.prompt().await?;
        Ok(Self { echo: sample, speed })
    }
}

/// A burst of zeros, from the command to the last of them.
async fn burst(screen: &mut Screen<Terminal>) -> anyhow::Result<Duration> {
    let began = Stopwatch::start();
    let zeros = u64::from(BURST) * 1_024 * 1_024;
    let command = format!("dd if=/dev/zero bs=65536 count={} 2>/dev/null", BURST * 16);
    screen.enters(&command).await?;
    let mut came = 0;
    while came < zeros {
        let output = screen.shell.output().await?;
        came += output.iter().map(|byte| u64::from(*byte == 0)).sum::<u64>();
    }
    let taken = began.read();
    ensure!(came == zeros, "{came} zeros arrived instead of {zeros}");
    screen.enters("echo don''e").await?;
    screen.sees("done\r\n").await?;
    screen.prompt().await?;
    Ok(taken)
}
