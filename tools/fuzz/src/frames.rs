//! Frames as the documentation of the crate `recorder` describes them, written independently.

use std::collections::BTreeMap;

/// What a recording begins with.
pub const RECORDING: &[u8; 8] = b"SPREC\x01\0\0";
/// What a segment of the journal begins with.
pub const JOURNAL: &[u8; 8] = b"SPJN\x01\0\0\0";

/// The length of a frame without its payload.
const HEAD: usize = 88;
const LINKED: usize = 52;
const SUMMED: usize = 84;
const OUTPUT: u8 = 2;

/// How much of a file's frames is made right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// Nothing, not even the preface.
    None,
    /// Marks, lengths and checksums.
    Sums,
    /// The links too.
    Links,
    /// Numbers and offsets too: only the payloads, kinds and times are anybody's.
    Order,
}

impl Care {
    /// Any byte chooses one.
    pub fn chosen(by: u8) -> Self {
        [Self::None, Self::Sums, Self::Links, Self::Order][usize::from(by % 4)]
    }
}

/// Where the frames of one session stand.
#[derive(Default, Clone)]
struct Chain {
    number: u64,
    offset: u64,
    link: [u8; 32],
}

/// The frames of one or more files, one after the other.
#[derive(Default)]
pub struct Mender {
    chains: BTreeMap<[u8; 16], Chain>,
}

impl Mender {
    /// A file of whatever resembles frames in these bytes.
    pub fn file(&mut self, care: Care, preface: &[u8; 8], bytes: &[u8]) -> Vec<u8> {
        if care == Care::None {
            return bytes.to_vec();
        }
        let mut file = [preface, bytes].concat();
        let mut rest = &mut file[preface.len()..];
        while let Some((head, behind)) = rest.split_first_chunk_mut::<HEAD>() {
            let length = u32::from_be_bytes(field(head, 48)) as usize;
            let (payload, next) = behind.split_at_mut(length.min(behind.len()));
            self.mend(care, head, payload);
            rest = next;
        }
        file
    }

    fn mend(&mut self, care: Care, head: &mut [u8; HEAD], payload: &[u8]) {
        let chain = self.chains.entry(field(head, 8)).or_default();
        head[..4].copy_from_slice(b"SPF1");
        head[5..8].fill(0);
        head[48..52].copy_from_slice(&(payload.len() as u32).to_be_bytes());
        if care >= Care::Order {
            head[24..32].copy_from_slice(&chain.number.to_be_bytes());
            head[32..40].copy_from_slice(&chain.offset.to_be_bytes());
        }
        if care >= Care::Links {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&chain.link).update(&head[..LINKED]).update(payload);
            head[LINKED..SUMMED].copy_from_slice(hasher.finalize().as_bytes());
        }
        let mut sum = crc32fast::Hasher::new();
        sum.update(&head[..SUMMED]);
        sum.update(payload);
        head[SUMMED..].copy_from_slice(&sum.finalize().to_be_bytes());

        chain.number += 1;
        chain.offset += if head[4] == OUTPUT { payload.len() as u64 } else { 0 };
        chain.link = field(head, LINKED);
    }
}

fn field<const N: usize>(head: &[u8; HEAD], from: usize) -> [u8; N] {
    let mut field = [0; N];
    field.copy_from_slice(&head[from..from + N]);
    field
}
