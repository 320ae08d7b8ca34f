//! Programs in containers, over one WebSocket each (subprotocols `v5.channel.k8s.io` and
//! `v4.channel.k8s.io`, see k8s.io/apimachinery `pkg/util/remotecommand`).
//!
//! A stream is authorised when it opens and never again, and closing it ends nothing in the
//! container: when it ends is the caller's business, and `clean_up` ends what it left.

mod answer;
mod channel;
mod clean_up;
mod command;
mod impersonator;
mod input;
mod output;
mod pulse;
mod upgrade;

use std::sync::Arc;

use broker::port::{Clock, Shell, ShellInput as _, ShellTrouble};
use domain::wire::Size;
use futures::StreamExt as _;

pub(crate) use answer::words as no_answer;
pub(crate) use clean_up::end_processes;
pub(crate) use impersonator::Impersonator;

use crate::identity::Identity;
use input::Input;
use output::Output;
use pulse::Pulse;

/// Opens a shell on a terminal of this size.
pub(crate) async fn open_shell(
    impersonator: &Impersonator,
    identity: &Identity,
    size: Size,
    clock: Arc<dyn Clock>,
) -> Result<Shell, ShellTrouble> {
    let command = command::shell(identity.session(), size);
    let stream = impersonator.exec(identity, &command, impersonator::Terminal::Yes).await?;
    let pulse = Arc::new(Pulse::new(clock));
    let (sink, source) = stream.socket.split();
    let mut input = Input::new(sink, Arc::clone(&pulse));
    let unreachable = |cut: broker::port::ShellCut| ShellTrouble::Unreachable { why: cut.what };
    input.resize(size).await.map_err(unreachable)?;
    Ok(Shell {
        protocol: stream.protocol.to_owned(),
        output: Box::new(Output::new(source, pulse)),
        input: Box::new(input),
    })
}
