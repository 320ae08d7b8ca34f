//! A connection that breaks again and again.

use std::sync::Arc;
use std::time::Duration;

use client::Shell as _;
use client::portal::{Person, place};
use faults::{Break, Counts, Portal, Proxy, Resuming, eventually, pod, recording};
use rand::distr::Alphanumeric;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};
use tokio::time::{interval, sleep, timeout};

use super::support::{amount, chance, milliseconds};

/// Writes at random until it reads the line `over`, and says of each line that it came. At last it
/// says the checksums of what it wrote and of what it read. It writes slowly: who is left behind
/// gets a screen instead, and then there is nothing to compare.
const SCRIPT: &str = r#"
mkdir "$1" && cd "$1" && mkfifo copy || exit
stty raw -echo
sha256sum <copy >written &
echo begin
{
  while [ ! -e over ]; do head -c $RANDOM /dev/urandom | base64; sleep 0.1; done &
  awk '{ print >"read"; print "got " NR; fflush() } $0 == "over" { exit }' </dev/tty
  touch over
  wait
} | tee copy
wait
printf '\nsums %s %s\n' "$(cut -c 1-64 written)" "$(sha256sum read | cut -c 1-64)"
"#;
const TYPED_EACH: Duration = Duration::from_millis(10);
/// One input in so many is a large one.
const LARGE_EACH: u64 = 50;
/// How long a broken connection may take to be there again, and the script to end.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_is_missing_and_none_comes_twice_however_often_it_is_cut() {
    let mut chance = chance();
    let times = amount("FAULTS_CUTS", 100);
    let portal = Portal::start().await.unwrap();
    let proxy = Arc::new(Proxy::before(portal.address().unwrap()).await.unwrap());
    let ana = Person::sign_in(&portal.stand.portal, "ana").await.unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let staging = place("staging").unwrap();
    let request = ana.ask(&staging, "shell", "1h", "the network is bad").await.unwrap();
    let target = ana.targets(&staging, request).await.unwrap().remove(0);
    let session = ana.open(request, &target).await.unwrap();
    let folder = format!("/tmp/{session}");
    pod::put(&portal.stand, &target, &format!("{folder}-script"), SCRIPT).await.unwrap();

    let mut line = Resuming::new(&ana, session, proxy.address());
    let mut shown = Vec::new();
    line.types(format!("sh {folder}-script {folder}\r").as_bytes()).await.unwrap();
    let begin = until(&mut line, &mut shown, 0, "begin\n").await;

    let (mut inputs, mut typed) = (0, Sha256::new());
    let mut type_line = |text: String| {
        inputs += 1;
        typed.update(&text);
        text
    };
    {
        let mut typing = interval(TYPED_EACH);
        let mut payload = StdRng::from_rng(&mut chance);
        // Apart from the terminal, which may have to wait for a stall to end.
        let mut breaking = tokio::spawn(break_often(Arc::clone(&proxy), chance, times));
        loop {
            tokio::select! {
                output = line.output() => shown.extend_from_slice(&output.unwrap()),
                _ = typing.tick() => {
                    let text = type_line(random_line(&mut payload));
                    line.types(text.as_bytes()).await.unwrap();
                }
                broken = &mut breaking => break broken.unwrap(),
            }
        }
    }
    let last = type_line("over\n".to_owned());
    line.types(last.as_bytes()).await.unwrap();
    let sums = until(&mut line, &mut shown, begin, "\nsums ").await;
    let end = until(&mut line, &mut shown, sums, "\n").await;

    let said = String::from_utf8(shown[sums..end].to_vec()).unwrap();
    let written = &shown[begin..sums - "\nsums ".len()];
    let expected = format!("{:x} {:x}\n", Sha256::digest(written), typed.finalize());
    assert_eq!(said, expected, "the pod's checksums of what it wrote and read, and those here");
    assert_eq!(echoes(written), (1..=inputs).collect::<Vec<u64>>());

    line.types(b"exit\r").await.unwrap();
    while let Ok(output) = line.output().await {
        shown.extend_from_slice(&output);
    }
    let recorded =
        eventually("the recording", PATIENCE, async || recording(&cleo, session).await.map(Some));
    assert!(recorded.await.unwrap().as_bytes() == shown, "the record is what was received");

    let counts = proxy.counts();
    println!(
        "{} inputs, {} of them sent again; {} bytes of output; {counts:?}",
        inputs,
        line.sent_again,
        shown.len()
    );
    let Counts { cut, reset, torn, held, delayed, .. } = counts;
    assert!(counts.broken() >= times && line.attached > times / 10);
    assert!([cut, reset, torn, held, delayed].iter().all(|count| *count > 0), "{counts:?}");
    assert!(line.sent_again > 0, "nothing was ever in flight");
    portal.stop().await.unwrap();
}

/// Reads until a text has come behind a place; says where it ends.
async fn until(line: &mut Resuming<'_>, shown: &mut Vec<u8>, mut from: usize, text: &str) -> usize {
    let read = async {
        loop {
            let found = |window: &[u8]| window == text.as_bytes();
            if let Some(at) = shown[from..].windows(text.len()).position(found) {
                return from + at + text.len();
            }
            from = shown.len().saturating_sub(text.len() - 1).max(from);
            shown.extend_from_slice(&line.output().await.unwrap());
        }
    };
    timeout(PATIENCE, read).await.unwrap_or_else(|_| panic!("{text:?} does not come"))
}

/// The numbers of the lines that the pod said it had read.
fn echoes(written: &[u8]) -> Vec<u64> {
    let text = std::str::from_utf8(written).unwrap();
    let echoes = text.split("got ").skip(1);
    echoes.map(|rest| rest.split('\n').next().unwrap().parse().unwrap()).collect()
}

fn random_line(chance: &mut StdRng) -> String {
    let large = chance.random_range(0..LARGE_EACH) == 0;
    let length = chance.random_range(1..if large { 16_000 } else { 80 });
    let text: String = chance.sample_iter(Alphanumeric).take(length).map(char::from).collect();
    text + "\n"
}

/// Breaks the only connection in one way after the other.
async fn break_often(proxy: Arc<Proxy>, mut chance: StdRng, times: u64) {
    let chance = &mut chance;
    while proxy.counts().broken() < times {
        let before = proxy.counts();
        sleep(milliseconds(chance, 40)).await;
        match chance.random_range(0..5) {
            0 => proxy.break_all(Break::Cut),
            1 => proxy.break_all(Break::Reset),
            2 => {
                proxy.stall();
                sleep(milliseconds(chance, 60)).await;
                proxy.break_all(Break::Cut);
                proxy.heal();
            }
            3 => proxy.tear_after(chance.random_range(0..100_000)),
            _ => {
                proxy.delay(milliseconds(chance, 20));
                sleep(milliseconds(chance, 60)).await;
                proxy.break_all(Break::Reset);
                proxy.heal();
            }
        }
        let again =
            |now: Counts| now.broken() > before.broken() && now.connections > before.connections;
        let waiting = async {
            while !again(proxy.counts()) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let waited = timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "it did not come again: {before:?}, {:?}", proxy.counts());
    }
}
