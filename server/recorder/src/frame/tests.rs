use proptest::prelude::*;

use super::*;

fn session(number: u128) -> SessionId {
    SessionId(uuid::Uuid::from_u128(number))
}

fn payloads() -> impl Strategy<Value = Vec<(Kind, Vec<u8>)>> {
    let kind =
        prop_oneof![Just(Kind::Output), Just(Kind::Error), Just(Kind::Size), Just(Kind::Exit)];
    prop::collection::vec((kind, prop::collection::vec(any::<u8>(), 0..200)), 0..12)
}

/// A whole chain, and where each of its frames begins.
fn written(payloads: &[(Kind, Vec<u8>)]) -> (Vec<u8>, Vec<usize>) {
    let (mut chain, mut bytes, mut begins) = (Chain::new(session(1)), Vec::new(), Vec::new());
    let frames = std::iter::once((Kind::Header, b"{}".as_slice()))
        .chain(payloads.iter().map(|(kind, payload)| (*kind, payload.as_slice())))
        .chain([(Kind::Seal, b"o".as_slice())]);
    for (time, (kind, payload)) in frames.enumerate() {
        begins.push(bytes.len());
        chain.write(kind, time as u64, payload, &mut bytes);
    }
    (bytes, begins)
}

/// How many frames are good, and what is wrong with the next.
fn read(bytes: &[u8]) -> (u64, Option<Flaw>) {
    let (mut frames, mut chain) = (Frames::new(bytes, 0), Chain::new(session(1)));
    loop {
        match frames.next() {
            Ok(None) => return (chain.number(), None),
            Ok(Some((head, payload))) => {
                if let Err(flaw) = chain.follow(&head, payload) {
                    return (chain.number(), Some(flaw));
                }
            }
            Err(ReadError::Flaw(flaw)) => return (chain.number(), Some(flaw)),
            Err(ReadError::Io(error)) => panic!("{error}"),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(payloads in payloads()) {
        let (bytes, begins) = written(&payloads);
        let mut frames = Frames::new(bytes.as_slice(), 0);
        let (header, payload) = frames.next().unwrap().unwrap();
        prop_assert_eq!((header.kind, header.number, payload), (Kind::Header, 0, &b"{}"[..]));
        let mut offset = 0;
        for (number, (kind, expected)) in payloads.iter().enumerate() {
            prop_assert_eq!(frames.position(), begins[number + 1] as u64);
            let (head, payload) = frames.next().unwrap().unwrap();
            prop_assert_eq!((head.kind, head.offset, payload), (*kind, offset, expected.as_slice()));
            prop_assert_eq!((head.number, head.time_us), (number as u64 + 1, number as u64 + 1));
            offset = head.end();
        }
        let (seal, _) = frames.next().unwrap().unwrap();
        prop_assert_eq!((seal.kind, seal.offset), (Kind::Seal, offset));
        prop_assert!(frames.next().unwrap().is_none());
        prop_assert_eq!(read(&bytes), (begins.len() as u64, None));
    }

    #[test]
    fn t_04_any_bytes_are_read_or_refused_and_nothing_else(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let marked = [b"SPF1\x02\0\0\0", bytes.as_slice()].concat();
        for bytes in [bytes, marked] {
            prop_assert_eq!(read(&bytes).0, 0);
        }
    }

    #[test]
    fn t_10_each_byte_that_is_changed_is_found_in_its_frame(
        payloads in payloads(), at in any::<prop::sample::Index>(), change in 1..=255_u8,
    ) {
        let (mut bytes, begins) = written(&payloads);
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        let (good, flaw) = read(&bytes);
        prop_assert!(flaw.is_some());
        prop_assert_eq!(good, begins.partition_point(|begin| *begin <= at) as u64 - 1);
    }

    #[test]
    fn t_10_a_frame_that_is_taken_out_or_moved_is_named(
        payloads in payloads(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let (bytes, mut begins) = written(&payloads);
        let count = begins.len();
        begins.push(bytes.len());
        let frame = |number: usize| &bytes[begins[number]..begins[number + 1]];
        let (one, other) = (one.index(count), other.index(count));

        let without: Vec<u8> = (0..count).filter(|n| *n != one).flat_map(frame).copied().collect();
        let (good, flaw) = read(&without);
        prop_assert_eq!(good, one as u64);
        if one + 1 < count {
            prop_assert_eq!(flaw, Some(Flaw::OutOfPlace { found: one as u64 + 1 }));
        }

        let mut order: Vec<usize> = (0..count).collect();
        order.swap(one, other);
        let swapped: Vec<u8> = order.into_iter().flat_map(frame).copied().collect();
        let (good, flaw) = read(&swapped);
        if one != other {
            prop_assert_eq!(good, one.min(other) as u64);
            prop_assert_eq!(flaw, Some(Flaw::OutOfPlace { found: one.max(other) as u64 }));
        }
    }

    #[test]
    fn t_10_a_forged_frame_with_a_right_checksum_is_named(
        payloads in payloads(), at in any::<prop::sample::Index>(), forged in prop::collection::vec(any::<u8>(), 0..50),
    ) {
        let (bytes, mut begins) = written(&payloads);
        let count = begins.len();
        begins.push(bytes.len());
        let at = at.index(count);
        let (mut head, before) = Frames::new(&bytes[begins[at]..], 0)
            .next().map(|frame| frame.map(|(head, payload)| (head, payload.to_vec()))).unwrap().unwrap();
        prop_assume!(before != forged);
        head.length = u32::try_from(forged.len()).unwrap();
        let mut edited = bytes[..begins[at]].to_vec();
        head.encode(&forged, &mut edited);
        edited.extend_from_slice(&bytes[begins[at + 1]..]);
        prop_assert_eq!(read(&edited), (at as u64, Some(Flaw::Unlinked)));
    }
}

#[test]
fn t_10_a_frame_of_another_session_is_named() {
    let (bytes, begins) = written(&[(Kind::Output, b"a".to_vec()), (Kind::Output, b"b".to_vec())]);
    let mut foreign = Vec::new();
    let mut chain = Chain::new(session(2));
    chain.write(Kind::Header, 0, b"{}", &mut foreign);
    let header = foreign.len();
    chain.write(Kind::Output, 1, b"a", &mut foreign);
    let mixed = [&bytes[..begins[1]], &foreign[header..], &bytes[begins[2]..]].concat();
    assert_eq!(read(&mixed), (1, Some(Flaw::Foreign)));
}

#[test]
fn t_10_nothing_may_stand_behind_a_seal() {
    let (mut bytes, begins) = written(&[]);
    let mut chain = Chain::new(session(1));
    let mut again = Vec::new();
    chain.write(Kind::Header, 0, b"{}", &mut again);
    chain.write(Kind::Seal, 1, b"o", &mut again);
    assert_eq!(again, bytes);
    chain.write(Kind::Output, 2, b"more", &mut again);
    bytes = again;
    assert_eq!(read(&bytes), (begins.len() as u64, Some(Flaw::Misplaced)));
}

#[test]
fn a_torn_frame_is_cut_off_at_every_byte() {
    let (bytes, begins) = written(&[(Kind::Output, b"hello".to_vec())]);
    for length in 0..bytes.len() {
        let whole = begins.iter().filter(|begin| **begin <= length).count() as u64 - 1;
        let flaw = (!begins.contains(&length)).then_some(Flaw::CutOff);
        assert_eq!(read(&bytes[..length]), (whole, flaw), "{length}");
    }
}
