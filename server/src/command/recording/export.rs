//! `shorepass recording export`

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};
use domain::text;
use recorder::Format;

use super::Identity;

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    identity: Identity,
    /// What is written
    #[arg(long, value_enum, default_value_t = As::Asciicast)]
    format: As,
    /// The recording
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    /// What players read; bytes that are not UTF-8 are replaced
    Asciicast,
    /// The bytes that were shown, exactly
    Raw,
    /// The lines that were shown
    Text,
}

impl Export {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let keys = self.identity.keys()?;
        let out = io::stdout().lock();
        let format = match self.format {
            As::Asciicast => Format::Asciicast,
            As::Raw => Format::Raw,
            As::Text => Format::Text,
        };
        if !out.is_terminal() {
            let mut out = BufWriter::new(out);
            return Ok(recorder::export(&self.file, &keys, format, &mut out)?);
        }
        // What a pod wrote could do anything to this terminal (T-06).
        match format {
            Format::Asciicast | Format::Raw => {
                bail!("this is not written to a terminal: name a file with > FILE")
            }
            Format::Text => {
                let mut plain = Plain { out: BufWriter::new(out), line: Vec::new() };
                Ok(recorder::export(&self.file, &keys, format, &mut plain)?)
            }
        }
    }
}

/// Writes lines without what cannot be seen.
struct Plain<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = String::from_utf8_lossy(&self.line);
                writeln!(self.out, "{}", text::seen(&line, usize::MAX))?;
                self.line.clear();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_06_nothing_that_cannot_be_seen_reaches_a_terminal() {
        let mut plain = Plain { out: Vec::new(), line: Vec::new() };
        plain.write_all("a\u{1b}[31m".as_bytes()).unwrap();
        plain.write_all("b\u{202e}\nc\u{9b}0m\u{7}\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(plain.out).unwrap(), "a[31mb\nc0m\n");
    }
}
