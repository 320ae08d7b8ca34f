//! Ctrl-C under `yes`, by somebody who takes output as fast as a browser parses it.

use std::time::Duration;

use anyhow::Context as _;
use client::{Screen, Shell, Stopwatch};
use tokio::time::{sleep, timeout};

use super::Stage;
use super::rival::{Rival, beside};
use crate::Sample;
use crate::report::Figure;
use crate::way::{Opened, Way};

/// What a browser parses in a second, in bytes: the middle of what was measured in pages.
const PARSED_EACH_SECOND: f64 = 16.0 * 1024.0 * 1024.0;
/// How long it floods before: buffers on the way are full then.
const FLOODS: Duration = Duration::from_millis(700);
/// What is not there by then does not come.
const PATIENCE: Duration = Duration::from_mins(1);
/// Shorter pauses are not made up for.
const PAUSE: Duration = Duration::from_millis(2);

pub(super) async fn measure(stage: &Stage, times: u32) -> anyhow::Result<Vec<Figure>> {
    let (session, mut ours) = stage.shorepass().await?;
    let mut rivals = Rival::each(stage, &Way::ALL, async |opened: Opened| {
        Ok((opened.screen, Sample::default()))
    })
    .await;
    let mut sample = Sample::default();
    for _ in 0..times {
        sample.add(interrupt(&mut ours).await?);
        for rival in &mut rivals {
            rival
                .turn(async |(screen, sample)| {
                    sample.add(interrupt(screen).await?);
                    Ok(())
                })
                .await;
        }
    }
    for rival in &mut rivals {
        rival.turn(async |(screen, _)| screen.enters("exit").await).await;
    }
    stage.ana.end(session).await?;
    let figure = |at: &str, percent| {
        let figure =
            Figure::of(format!("Ctrl-C to prompt, {at}"), "ms", sample.percentile(percent));
        beside(figure, &rivals, |(_, sample)| sample.percentile(percent))
    };
    Ok(vec![figure("median", 50), figure("p99", 99)])
}

/// Floods, presses the key, and reads up to the prompt.
async fn interrupt<S: Shell>(screen: &mut Screen<S>) -> anyhow::Result<Duration> {
    screen.enters("yes").await?;
    let mut reader = Reader { began: Stopwatch::start(), taken: 0.0, last: screen.unseen() };
    while reader.began.read() < FLOODS {
        reader.take(&mut screen.shell).await?;
    }
    let pressed = Stopwatch::start();
    screen.shell.types(b"\x03").await?;
    let prompt = async {
        while !reader.sees_a_prompt() {
            reader.take(&mut screen.shell).await?;
        }
        anyhow::Ok(())
    };
    timeout(PATIENCE, prompt).await.context("no prompt comes back")??;
    Ok(pressed.read())
}

/// Takes output no faster than a browser would.
struct Reader {
    began: Stopwatch,
    taken: f64,
    last: Vec<u8>,
}

impl Reader {
    async fn take(&mut self, shell: &mut impl Shell) -> anyhow::Result<()> {
        let output = timeout(PATIENCE, shell.output()).await.context("it says nothing more")??;
        #[expect(clippy::cast_precision_loss, reason = "one output is small")]
        let bytes = output.len() as f64;
        self.taken += bytes;
        // A prompt may come in pieces.
        self.last.drain(..self.last.len().saturating_sub(1));
        self.last.extend_from_slice(&output);
        let due = Duration::from_secs_f64(self.taken / PARSED_EACH_SECOND);
        let ahead = due.saturating_sub(self.began.read());
        if ahead > PAUSE {
            sleep(ahead).await;
        }
        Ok(())
    }

    fn sees_a_prompt(&self) -> bool {
        self.last.windows(2).any(|window| window == b"$ " || window == b"# ")
    }
}
