//! A keystroke and its echo by the pod's terminal, next to the shortest way there is.

use std::io::Write as _;
use std::time::Duration;

use client::{Screen, Shell, Stopwatch};

use super::Stage;
use crate::Sample;
use crate::report::{Figure, Target};

/// Not counted: connections and caches warm up.
const WARM_UP: u32 = 50;
/// What Shorepass may add to one `fdatasync`, in milliseconds.
const BEYOND: f64 = 0.3;
/// As long as the journal's frame of one byte, roughly.
const FRAME: [u8; 64] = [0x5a; 64];
const INTERRUPT: &[u8] = b"\x03";

pub(super) async fn measure(stage: &Stage, keystrokes: u32) -> anyhow::Result<Vec<Figure>> {
    let (session, mut ours) = stage.shorepass().await?;
    let mut direct = stage.direct().await?;
    silence(&mut ours).await?;
    silence(&mut direct).await?;
    // On the disk of the portal's journal.
    let mut file = tempfile::tempfile_in(&stage.stand.data)?;

    let (mut through, mut bare, mut synced) =
        (Sample::default(), Sample::default(), Sample::default());
    for number in 0..WARM_UP + keystrokes {
        let key = b'a' + u8::try_from(number % 26)?;
        let taken = (
            echo(&mut ours.shell, key).await?,
            echo(&mut direct.shell, key).await?,
            sync(&mut file)?,
        );
        if number >= WARM_UP {
            through.add(taken.0);
            bare.add(taken.1);
            synced.add(taken.2);
        }
    }
    direct.shell.types(INTERRUPT).await?;
    direct.prompt().await?;
    direct.leave().await?;
    stage.ana.end(session).await?;

    let mut figures = Vec::new();
    for (percent, echo, added) in [
        (50, "echo of a key, median", "echo added, median"),
        (99, "echo of a key, p99", "echo added, p99"),
    ] {
        let (through, bare) = (through.percentile(percent), bare.percentile(percent));
        let synced = synced.percentile(percent);
        figures.push(Figure::of(echo, "ms", through).beside("direct exec", bare));
        figures.push(
            Figure::of(added, "ms", through - bare)
                .beside("one fdatasync", synced)
                .should(Target::AtMost(synced + BEYOND)),
        );
    }
    Ok(figures)
}

/// Leaves a terminal that echoes each key at once, and a program that takes them.
async fn silence<S: Shell>(screen: &mut Screen<S>) -> anyhow::Result<()> {
    screen.enters("stty -icanon; echo read''y; cat >/dev/null").await?;
    screen.sees("ready\r\n").await
}

async fn echo(shell: &mut impl Shell, key: u8) -> anyhow::Result<Duration> {
    let began = Stopwatch::start();
    shell.types(&[key]).await?;
    while !shell.output().await?.contains(&key) {}
    Ok(began.read())
}

/// Appends and waits for the disk, as the journal does.
fn sync(file: &mut std::fs::File) -> anyhow::Result<Duration> {
    let began = Stopwatch::start();
    file.write_all(&FRAME)?;
    file.sync_data()?;
    Ok(began.read())
}
