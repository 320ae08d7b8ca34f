//! What is run in containers. Both are plain POSIX shell and need nothing else in the image.

use domain::SessionId;
use domain::wire::Size;

/// Each process of a session carries this in its environment, with the session's id: the way to
/// find them again, whatever became of their parents and their process groups.
const MARKER: &str = "SHOREPASS_SESSION";

/// Stands before the count in the last line of the clean-up.
pub(crate) const LEFT: &str = "shorepass-left=";

/// Starts the best shell there is, on a terminal that has its size from the first prompt on: a
/// resize message alone may arrive after the program's start.
pub(crate) fn shell(session: SessionId, size: Size) -> Vec<String> {
    let Size { columns, rows } = size;
    sh(format!(
        "export {MARKER}={session} TERM=xterm-256color; \
         stty cols {columns} rows {rows} 2>/dev/null; \
         if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi"
    ))
}

/// Kills every process of the session and counts what is left.
///
/// KILL, because an interactive shell ignores TERM and HUP leaves background jobs. Only builtins
/// are used: `read` drops the zero bytes between variables, and the id is unique enough to be
/// looked for anywhere. Zombies have no environment, so they do not count. The script's own
/// process does not either: the marker stands in its arguments, not in its environment.
/// A process that emptied its own environment is not found.
pub(crate) fn clean_up(session: SessionId) -> Vec<String> {
    sh(format!(
        r#"exec 2>/dev/null
look() {{
  left=0
  for process in /proc/[0-9]*; do
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in *{MARKER}={session}*)
        left=$((left + 1))
        kill -9 "${{process#/proc/}}"
        break
      esac
    done <"$process/environ"
  done
}}
tries=0
while look; [ $left -gt 0 ] && [ $tries -lt 15 ]; do
  tries=$((tries + 1))
  sleep 0.1 || sleep 1
done
echo "{LEFT}$left""#
    ))
}

fn sh(script: String) -> Vec<String> {
    vec!["sh".to_owned(), "-c".to_owned(), script]
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::process::{Child, Command, Stdio};

    use uuid::Uuid;

    use super::*;

    fn run(command: &[String]) -> Command {
        let mut run = Command::new(&command[0]);
        run.args(&command[1..]).stdin(Stdio::null());
        run
    }

    fn left(session: SessionId) -> String {
        let output = run(&clean_up(session)).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// A process that ignores signals, and ends with the test in any case.
    struct Sleeper(Child);

    impl Sleeper {
        fn start(session: Option<SessionId>) -> Self {
            let mut command = Command::new("sh");
            command.args(["-c", "trap '' TERM HUP INT; echo ready; while :; do sleep 1; done"]);
            if let Some(session) = session {
                command.env(MARKER, session.to_string());
            }
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut ready = [0; 5];
            child.stdout.as_mut().unwrap().read_exact(&mut ready).unwrap();
            Self(child)
        }
    }

    impl Drop for Sleeper {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn the_clean_up_finds_its_session_and_no_other() {
        let session = SessionId(Uuid::from_u128(0x5e55));
        let mut own = Sleeper::start(Some(session));
        let bystanders = [Some(SessionId(Uuid::from_u128(7))), None].map(Sleeper::start);
        // The dead child stays a zombie until it is waited for, and does not count.
        assert_eq!(left(session), "shorepass-left=0\n");
        assert_eq!(own.0.wait().unwrap().code(), None);
        for mut bystander in bystanders {
            assert_eq!(bystander.0.try_wait().unwrap(), None);
        }
    }

    #[test]
    fn the_shell_is_told_its_size_before_it_starts() {
        let command = shell(SessionId(Uuid::nil()), Size { columns: 132, rows: 43 });
        let stty = command[2].find("stty cols 132 rows 43").unwrap();
        assert!(stty < command[2].find("exec bash").unwrap());
    }
}
