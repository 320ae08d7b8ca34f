//! What an earlier process left behind.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Sealed, SessionId, hex};

use super::removed::Removed;
use super::segments;
use crate::disk::{self, Disk};
use crate::frame::{Chain, Frames, HEAD, Head, Kind, MARK, ReadError};
use crate::recording::{Closing, Keys, PREFACE, Reader, Shelf, verify};

/// Segments and recordings of earlier processes, as they were found when the journal was opened.
#[derive(Clone)]
pub(super) struct Leftovers {
    segments: Vec<(u64, PathBuf)>,
    unfinished: BTreeSet<SessionId>,
    /// What was removed, and is not put back.
    marked: BTreeSet<SessionId>,
    removed: Removed,
    shelf: Shelf,
    disk: Arc<dyn Disk>,
    keys: Arc<Keys>,
}

/// What is known of one session.
enum Found {
    /// It was not sealed, or not finished: the file has all frames up to the chain's.
    Open { file: BufWriter<File>, chain: Chain, whole: bool },
    /// It was finished before the process ended; the journal may still have its seal.
    Finished(Option<Sealed>),
}

impl Leftovers {
    /// Looks into the folders.
    pub(super) fn find(
        journal: &Path,
        removed: &Removed,
        shelf: &Shelf,
        disk: Arc<dyn Disk>,
        keys: Arc<Keys>,
    ) -> io::Result<Self> {
        let (segments, unfinished) = (segments::list(journal)?, shelf.unfinished()?);
        let (marked, removed, shelf) = (removed.marked()?, removed.clone(), shelf.clone());
        Ok(Self { segments, unfinished, marked, removed, shelf, disk, keys })
    }

    /// The number of the first segment of this process.
    pub(super) fn next_segment(&self) -> u64 {
        self.segments.last().map_or(1, |(number, _)| number + 2)
    }

    /// Puts back into the recordings what the journal has and they have not, seals them, and
    /// deletes the journal's old segments. Called again, it finds nothing to do.
    ///
    /// What is told includes sessions that were sealed shortly before the process ended: whoever
    /// asked for the seal may not have learnt of it.
    pub(super) fn recover(&self) -> io::Result<Vec<(SessionId, Sealed)>> {
        for session in &self.marked {
            // A crash may have come between the mark and the removal.
            self.shelf.remove(*session)?;
        }
        let mut found = BTreeMap::new();
        for session in self.unfinished.difference(&self.marked) {
            if let Some(open) = self.resume(*session)? {
                found.insert(*session, open);
            }
        }
        let mut damaged = Vec::new();
        for (number, path) in &self.segments {
            // Segments are deleted in their order, and a process leaves a number out before its
            // first: only a process's last segment has no successor.
            let last = self.segments.iter().all(|(other, _)| *other != number + 1);
            if !self.replay(path, last, &mut found)? {
                damaged.push(path);
            }
        }
        let mut sealed = Vec::new();
        for (session, found) in found {
            sealed.extend(self.finish(session, found)?.map(|sealed| (session, sealed)));
        }
        for (_, path) in &self.segments {
            if damaged.contains(&path) {
                fs::rename(path, path.with_extension("damaged"))?;
            } else if path.exists() {
                fs::remove_file(path)?;
            }
        }
        self.removed.forget(&self.marked)?;
        Ok(sealed)
    }

    /// Opens an unfinished recording behind its last good frame. What is not whole is put aside as
    /// it was found: a crash tears only what the journal still has, anything else is evidence.
    fn resume(&self, session: SessionId) -> io::Result<Option<Found>> {
        let (part, aside) = (self.shelf.part(session), self.shelf.damaged(session));
        if !aside.exists() {
            let length = match fs::metadata(&part) {
                Ok(metadata) => metadata.len(),
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(cause) => return Err(cause),
            };
            if length <= PREFACE.len() as u64 {
                fs::remove_file(&part)?;
                return Ok(None);
            }
            if let Some((good, chain)) = last_good(&part, session)
                && good == length
            {
                let file = BufWriter::new(disk::reopen(&part)?);
                return Ok(Some(Found::Open { file, chain, whole: true }));
            }
            fs::rename(&part, &aside)?;
        }
        if part.exists() {
            fs::remove_file(&part)?;
        }
        let Some((good, chain)) = last_good(&aside, session) else { return Ok(None) };
        let mut file = self.shelf.create(session)?;
        io::copy(&mut File::open(&aside)?.take(good), &mut file)?;
        Ok(Some(Found::Open { file: BufWriter::new(file), chain, whole: true }))
    }

    /// Removes what was put aside of a recording that has all of it again.
    fn compare(&self, session: SessionId, recovered: u64) -> io::Result<()> {
        let aside = self.shelf.damaged(session);
        match fs::metadata(&aside) {
            Ok(metadata) if metadata.len() <= recovered => fs::remove_file(aside),
            Ok(_) => {
                tracing::error!(session.id = %session, "a recording is damaged; it was put aside");
                Ok(())
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(cause) => Err(cause),
        }
    }

    /// Adds a segment's frames to the recordings that lack them. False where the segment is
    /// damaged before its end; what comes behind the damage cannot be told apart from it.
    fn replay(
        &self,
        path: &Path,
        last: bool,
        found: &mut BTreeMap<SessionId, Found>,
    ) -> io::Result<bool> {
        let mut source = match File::open(path) {
            Ok(file) => BufReader::with_capacity(64 * 1024, file),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(cause) => return Err(cause),
        };
        let mut preface = Vec::new();
        source.by_ref().take(segments::PREFACE.len() as u64).read_to_end(&mut preface)?;
        if preface != segments::PREFACE {
            return Ok(last);
        }
        let mut frames = Frames::new(source, segments::PREFACE.len() as u64);
        loop {
            let good = frames.position();
            match frames.next() {
                Ok(None) => return Ok(true),
                Ok(Some((head, payload))) => self.put_back(&head, payload, found)?,
                Err(ReadError::Io(cause)) => return Err(cause),
                Err(ReadError::Flaw(flaw)) => {
                    let mut rest = File::open(path)?;
                    rest.seek(io::SeekFrom::Start(good))?;
                    if last && !holds_a_frame(&mut rest)? {
                        // The tail that a crash tore: nobody was told that it is durable.
                        tracing::warn!(?path, position = good, %flaw, "the journal's tail is cut");
                        return Ok(true);
                    }
                    tracing::error!(?path, position = good, %flaw, "the journal is damaged");
                    return Ok(false);
                }
            }
        }
    }

    fn put_back(
        &self,
        head: &Head,
        payload: &[u8],
        found: &mut BTreeMap<SessionId, Found>,
    ) -> io::Result<()> {
        let session = head.session;
        if self.marked.contains(&session) {
            return Ok(());
        }
        let found = match found.entry(session) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => match self.begin(session, head)? {
                Some(found) => entry.insert(found),
                None => return Ok(()),
            },
        };
        let (file, chain, whole) = match found {
            Found::Open { file, chain, whole } => (file, chain, whole),
            Found::Finished(sealed) => {
                if head.kind == Kind::Seal {
                    *sealed = Some(Sealed { bytes: head.offset, digest: hex(&head.link) });
                }
                return Ok(());
            }
        };
        if !*whole || head.number < chain.number() {
            return Ok(());
        }
        if let Err(flaw) = chain.follow(head, payload) {
            tracing::error!(session.id = %session, frame = head.number, %flaw, "a frame is lost");
            *whole = false;
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(HEAD + payload.len());
        head.encode(payload, &mut bytes);
        file.write_all(&bytes)
    }

    /// A session of which there is no unfinished recording.
    fn begin(&self, session: SessionId, head: &Head) -> io::Result<Option<Found>> {
        if self.shelf.sealed(session).exists() {
            return Ok(Some(Found::Finished(None)));
        }
        if head.kind != Kind::Header || head.number != 0 {
            tracing::error!(session.id = %session, "a recording is lost");
            return Ok(None);
        }
        let mut file = BufWriter::new(self.shelf.create(session)?);
        file.write_all(&PREFACE)?;
        Ok(Some(Found::Open { file, chain: Chain::new(session), whole: true }))
    }

    fn finish(&self, session: SessionId, found: Found) -> io::Result<Option<Sealed>> {
        let (mut file, mut chain) = match found {
            Found::Finished(Some(sealed)) => return Ok(Some(sealed)),
            Found::Finished(None) => return Ok(self.seal_of(session)),
            Found::Open { file, chain, .. } => (file, chain),
        };
        file.flush()?;
        self.compare(session, file.get_ref().metadata()?.len())?;
        if chain.number() == 0 {
            fs::remove_file(self.shelf.part(session))?;
            return Ok(None);
        }
        if !chain.sealed() {
            let mut seal = Vec::new();
            chain.write(Kind::Seal, chain.time_us(), Closing::Interrupted.letter(), &mut seal);
            file.write_all(&seal)?;
        }
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.shelf.finish(session, &file, self.disk.as_ref())?;
        Ok(Some(Sealed { bytes: chain.offset(), digest: hex(chain.link()) }))
    }

    /// Reads a finished recording for its seal.
    fn seal_of(&self, session: SessionId) -> Option<Sealed> {
        match verify(&self.shelf.sealed(session), &self.keys) {
            Ok(verified) if verified.header.session == session => Some(verified.sealed),
            other => {
                let cause = other.err();
                tracing::error!(session.id = %session, ?cause, "a finished recording is unreadable");
                None
            }
        }
    }
}

/// Where a recording's last good frame ends, and the chain up to there.
fn last_good(path: &Path, session: SessionId) -> Option<(u64, Chain)> {
    let reader = Reader::open(path, &Keys::default());
    let mut reader = reader.ok().filter(|reader| reader.header().session == session)?;
    let mut good = reader.position();
    while let Ok(Some(_)) = reader.next() {
        good = reader.position();
    }
    Some((good, reader.chain().clone()))
}

/// Whether a whole frame stands anywhere in what is left of a segment.
fn holds_a_frame(rest: &mut File) -> io::Result<bool> {
    let mut bytes = Vec::new();
    rest.read_to_end(&mut bytes)?;
    let whole = |at| matches!(Frames::new(&bytes[at..], 0).next(), Ok(Some(_)));
    Ok((1..bytes.len()).any(|at| bytes[at..].starts_with(MARK) && whole(at)))
}
