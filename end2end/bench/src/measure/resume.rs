//! How long a terminal is away after its connection was cut.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use client::portal::{GoesOn, Heard, Terminal};
use client::{Screen, Stopwatch};
use domain::SessionId;
use domain::wire::ServerMessage;
use faults::{Break, Proxy};

use super::Stage;
use super::echo::{echo, silence};
use crate::Sample;
use crate::report::Figure;

pub(super) async fn measure(stage: &Stage, cuts: u32) -> anyhow::Result<Vec<Figure>> {
    let port = stage.stand.portal.port().context("the portal's address has no port")?;
    let proxy = Proxy::before(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let session = stage.ana.open(stage.request, &stage.target).await?;
    let terminal = stage.ana.attach_through(proxy.address(), session, GoesOn::default()).await?;
    let mut screen = Screen::new(terminal);
    screen.prompt().await?;
    silence(&mut screen).await?;
    let mut terminal = screen.shell;
    let mut sample = Sample::default();
    for number in 0..cuts {
        let key = b'a' + u8::try_from(number % 26)?;
        echo(&mut terminal, key).await?;
        let before = proxy.counts().broken();
        let (again, taken) = resume(stage, &proxy, session, terminal).await?;
        ensure!(proxy.counts().broken() > before, "nothing was cut");
        sample.add(taken);
        terminal = again;
    }
    stage.ana.end(session).await?;
    let figure = |at: &str, percent| {
        Figure::of(format!("cut to echo again, {at}"), "ms", sample.percentile(percent))
    };
    Ok(vec![figure("median", 50), figure("p99", 99)])
}

/// Cuts, attaches again as soon as that is noticed, and types a key.
async fn resume(
    stage: &Stage,
    proxy: &Proxy,
    session: SessionId,
    mut terminal: Terminal,
) -> anyhow::Result<(Terminal, Duration)> {
    let began = Stopwatch::start();
    proxy.break_all(Break::Reset);
    while !matches!(terminal.next().await?, Heard::Closed(_)) {}
    let goes_on = terminal.goes_on();
    let mut again = stage.ana.attach_through(proxy.address(), session, goes_on).await?;
    let Heard::Said(ServerMessage::Attached { offset, .. }) = again.next().await? else {
        anyhow::bail!("it was not attached again");
    };
    ensure!(again.goes_on() == goes_on, "{goes_on:?} goes on at {offset}");
    echo(&mut again, b'!').await?;
    Ok((again, began.read()))
}
