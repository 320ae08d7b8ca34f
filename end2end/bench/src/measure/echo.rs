//! A keystroke and its echo by the pod's terminal, next to the other ways; at both levels of the
//! journal.

use std::io::Write as _;
use std::time::Duration;

use client::{Screen, Shell, Stopwatch};
use faults::Portal;

use super::Stage;
use super::rival::{Rival, beside};
use crate::Sample;
use crate::report::{Figure, Target};
use crate::way::{Opened, Way};

/// Not counted: connections and caches warm up.
const WARM_UP: u32 = 50;
/// What Shorepass may add at level disk to one `fdatasync`, and at level process, in milliseconds.
const BEYOND: f64 = 0.3;
const ADDED: [(usize, f64); 2] = [(50, 0.15), (99, 0.5)];
/// As long as the journal's frame of one byte, roughly.
const FRAME: [u8; 64] = [0x5a; 64];
const INTERRUPT: &[u8] = b"\x03";

pub(super) async fn measure(stage: &Stage, keystrokes: u32) -> anyhow::Result<Vec<Figure>> {
    // Beside the portal of the stage, which writes at level disk.
    let portal = Portal::start_set(&[("DURABLE", "process")]).await?;
    let at_process = Stage::set(portal.stand.clone()).await?;
    let (session, mut to_disk) = stage.shorepass().await?;
    let (other, mut to_process) = at_process.shorepass().await?;
    silence(&mut to_disk).await?;
    silence(&mut to_process).await?;
    let mut rivals = Rival::each(stage, &Way::ALL, async |mut opened: Opened| {
        silence(&mut opened.screen).await?;
        Ok((opened.screen, Sample::default()))
    })
    .await;
    // On the disk of the portal's journal.
    let mut file = tempfile::tempfile_in(&stage.stand.data)?;

    let [mut disk, mut process, mut synced] = [const { Sample::new() }; 3];
    for number in 0..WARM_UP + keystrokes {
        let key = b'a' + u8::try_from(number % 26)?;
        let counts = number >= WARM_UP;
        disk.extend(counts.then_some(echo(&mut to_disk.shell, key).await?));
        process.extend(counts.then_some(echo(&mut to_process.shell, key).await?));
        synced.extend(counts.then_some(sync(&mut file)?));
        for rival in &mut rivals {
            rival
                .turn(async |(screen, sample)| {
                    sample.extend(counts.then_some(echo(&mut screen.shell, key).await?));
                    Ok(())
                })
                .await;
        }
    }
    for rival in &mut rivals {
        rival.turn(async |(screen, _)| interrupt(screen).await).await;
    }
    stage.ana.end(session).await?;
    at_process.ana.end(other).await?;
    portal.stop().await?;

    let mut figures = Vec::new();
    for (percent, most) in ADDED {
        let at = if percent == 50 { "median" } else { "p99" };
        let bare = rivals[0].value(|(_, sample)| sample.percentile(percent))?;
        let (disk, process) = (disk.percentile(percent), process.percentile(percent));
        let synced = synced.percentile(percent);
        let echo = Figure::of(format!("echo of a key, {at}"), "ms", disk);
        figures.push(beside(echo, &rivals, |(_, sample)| sample.percentile(percent)));
        figures.push(
            Figure::of(format!("echo added, level disk, {at}"), "ms", disk - bare)
                .beside("one fdatasync", synced)
                .should(Target::AtMost(synced + BEYOND)),
        );
        figures.push(
            Figure::of(format!("echo added, level process, {at}"), "ms", process - bare)
                .should(Target::AtMost(most)),
        );
    }
    Ok(figures)
}

/// Leaves a terminal that echoes each key at once, and a program that takes them.
pub(super) async fn silence<S: Shell>(screen: &mut Screen<S>) -> anyhow::Result<()> {
    screen.enters("stty -icanon; echo read''y; cat >/dev/null").await?;
    screen.sees("ready\r\n").await
}

/// Ends that program, and the shell.
async fn interrupt(screen: &mut Screen<Box<dyn Shell>>) -> anyhow::Result<()> {
    screen.shell.types(INTERRUPT).await?;
    screen.prompt().await?;
    screen.enters("exit").await
}

pub(super) async fn echo(shell: &mut impl Shell, key: u8) -> anyhow::Result<Duration> {
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
