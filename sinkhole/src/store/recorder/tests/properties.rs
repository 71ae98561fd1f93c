//! Random events, and whatever else may stand in a file.

use std::fs;

use proptest::prelude::*;

use super::{at, in_order, open, segments, store};
use crate::clock::ClockSource;
use crate::config::Answer;
use crate::event::{
    ClientSubnet, Counters, DnsQuestion, Event, Held, HttpRequest, Octets, Origin, TcpConnection, TlsHello, Transport,
};
use crate::name::Name;
use crate::notice::Notify;
use crate::store::layout::{self, flag};
use crate::store::{
    Batch, HEADER, Head, Kind, LabelId, Permission, Protocol, Recorder, Records, read_events, verify, whole_behind,
};
use chrono::DateTime;

/// Writes an event as the transports do.
fn push(event: &Event, recorder: &Recorder, batch: &mut Batch) {
    let set = |head: &mut Head, held: &Held| {
        head.label = recorder.label(&held.label);
        head.preset = held.preset.as_ref().map_or(LabelId::NONE, |preset| recorder.label(preset));
        head.period = held.period.map_or(0, |period| (period.timestamp() / 60) as u32);
        (head.index, head.apex_labels) = (held.index, held.name.label_count() as u8);
    };
    let head = |kind, transport, origin: &Origin| {
        let listener = recorder.listener(Protocol::Dns, origin.destination);
        Head::new(kind, transport, origin.at, origin.source, listener)
    };
    let bit = |set: bool, bit: u16| if set { bit } else { 0 };
    match event {
        Event::Dns(question) => {
            let mut head = head(Kind::Dns, question.transport, &question.origin);
            set(&mut head, &question.held);
            (head.id, head.qtype, head.rcode) = (question.id, question.qtype, question.rcode);
            head.udp_size = question.udp_size.unwrap_or_default();
            head.flags = bit(question.recursion_desired, flag::RECURSION_DESIRED)
                | bit(question.mixed_case, flag::MIXED_CASE)
                | bit(question.truncated, flag::TRUNCATED)
                | bit(question.valid_cookie, flag::COOKIE)
                | bit(question.udp_size.is_some(), flag::EDNS)
                | bit(question.client_subnet.is_some(), flag::CLIENT_SUBNET);
            match question.client_subnet {
                Some(subnet) => {
                    let (field, length) = layout::subnet(subnet);
                    batch.push(&head, &[question.name.as_wire(), &field[..length]]);
                }
                None => batch.push(&head, &[question.name.as_wire()]),
            }
        }
        Event::Http(request) => {
            let mut head = head(Kind::Http, Transport::Tcp, &request.origin);
            head.flags = bit(request.has_referer, flag::REFERER) | bit(request.shortened, flag::SHORTENED);
            if let Some(held) = &request.held {
                set(&mut head, held);
            }
            let apex = request.held.as_ref().map_or(&[][..], |held| held.name.as_wire());
            let length = request.body_length.to_le_bytes();
            let fields = [&request.method, &request.path, &request.host, &request.user_agent];
            let fields: Vec<&[u8]> = fields.into_iter().map(Vec::as_slice).chain([&length[..], apex]).collect();
            batch.push(&head, &fields);
        }
        Event::Tcp(connection) => {
            let mut head = head(Kind::Connection, Transport::Tcp, &connection.origin);
            head.flags = bit(connection.http, flag::HTTP_LISTENER);
            batch.push(&head, &[]);
        }
        Event::Tls(hello) => {
            let mut head = head(Kind::Tls, Transport::Tcp, &hello.origin);
            head.flags = bit(hello.http, flag::HTTP_LISTENER) | bit(hello.shortened, flag::SHORTENED);
            if let Some(held) = &hello.held {
                set(&mut head, held);
            }
            let apex = hello.held.as_ref().map_or(&[][..], |held| held.name.as_wire());
            batch.push(&head, &[&hello.server_name, apex]);
        }
        Event::Octets(octets) => {
            let mut head = head(Kind::Octets, Transport::Tcp, &octets.origin);
            head.flags = bit(octets.http, flag::HTTP_LISTENER);
            batch.push(&head, &[&octets.length.to_le_bytes()]);
        }
        Event::Counters(_) => {}
    }
}

fn origins() -> impl Strategy<Value = Origin> {
    let addresses = prop_oneof![
        any::<u32>().prop_map(|bits| std::net::IpAddr::from(std::net::Ipv4Addr::from_bits(bits))),
        any::<u128>()
            .prop_map(|bits| std::net::IpAddr::from(std::net::Ipv6Addr::from_bits(bits)))
            .prop_map(|address| address.to_canonical()),
    ];
    (any::<i64>(), [addresses.clone(), addresses], any::<[u16; 2]>()).prop_map(|(time, addresses, ports)| Origin {
        at: DateTime::from_timestamp_nanos(time),
        source: (addresses[0], ports[0]).into(),
        destination: (addresses[1], ports[1]).into(),
    })
}

fn names() -> impl Strategy<Value = Name> {
    let labels = prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 1..6);
    labels.prop_map(|labels| Name::from_labels(labels.iter().map(Vec::as_slice)).unwrap())
}

fn held(name: Name) -> impl Strategy<Value = Held> {
    let texts = || prop::sample::select(vec!["ozdok", "ramnit", "ünïcode", "=1+1"]).prop_map(str::to_owned);
    let labels = 1..=name.label_count();
    (texts(), prop::option::of(texts()), prop::option::of(1..u32::MAX), any::<u32>(), labels).prop_map(
        move |(label, preset, period, index, labels)| Held {
            name: name.last_labels(labels).to_lowercase(),
            label,
            preset,
            period: period.map(|minutes| DateTime::from_timestamp(i64::from(minutes) * 60, 0).unwrap()),
            index,
        },
    )
}

fn events() -> impl Strategy<Value = Event> {
    let subnet = (any::<u128>(), any::<bool>(), any::<u8>()).prop_map(|(bits, v4, prefix)| ClientSubnet {
        address: if v4 {
            std::net::Ipv4Addr::from_bits(bits as u32).into()
        } else {
            std::net::Ipv6Addr::from_bits(bits).into()
        },
        prefix,
    });
    let named = names().prop_flat_map(|name| (Just(name.clone()), held(name)));
    let dns = (
        origins(),
        named,
        any::<[u16; 3]>(),
        any::<[bool; 5]>(),
        prop::option::of(any::<u16>()),
        prop::option::of(subnet),
    )
        .prop_map(|(origin, (name, held), [id, qtype, rcode], flags, udp_size, client_subnet)| {
            let [tcp, recursion_desired, mixed_case, truncated, valid_cookie] = flags;
            let transport = if tcp { Transport::Tcp } else { Transport::Udp };
            Event::Dns(DnsQuestion {
                origin,
                transport,
                id,
                name,
                qtype,
                rcode,
                recursion_desired,
                mixed_case,
                truncated,
                valid_cookie,
                udp_size,
                client_subnet,
                held,
            })
        });
    let octets = || prop::collection::vec(any::<u8>(), 0..40);
    let held = || prop::option::of(names().prop_flat_map(held));
    let tls =
        (origins(), octets(), any::<[bool; 2]>(), held()).prop_map(|(origin, server_name, [http, shortened], held)| {
            Event::Tls(TlsHello { origin, http, server_name, shortened, held })
        });
    let other = (origins(), any::<bool>(), any::<u64>())
        .prop_map(|(origin, http, length)| Event::Octets(Octets { origin, http, length }));
    let http = (origins(), octets(), octets(), octets(), octets(), any::<[bool; 2]>(), any::<u64>(), held()).prop_map(
        |(origin, method, path, host, user_agent, [has_referer, shortened], body_length, held)| {
            Event::Http(HttpRequest {
                origin,
                method,
                path,
                host,
                user_agent,
                has_referer,
                shortened,
                body_length,
                held,
            })
        },
    );
    let tcp = (origins(), any::<bool>()).prop_map(|(origin, http)| Event::Tcp(TcpConnection { origin, http }));
    prop_oneof![4 => dns, 2 => http, 1 => tcp, 1 => tls, 1 => other]
}

/// The octets of a segment with some events, and where each record ends.
fn segment_of(events: &[Event]) -> (Vec<u8>, Vec<usize>) {
    let folder = tempfile::tempdir().unwrap();
    let recorder = open(&store(folder.path()), 0);
    for event in events {
        let mut batch = Batch::default();
        push(event, &recorder, &mut batch);
        recorder.append(&mut batch, at(0));
    }
    drop(recorder);
    let octets = fs::read(&segments(folder.path())[0]).unwrap();
    let mut ends = vec![HEADER];
    let mut records = Records::new(&octets).unwrap();
    while records.next(&octets).unwrap().is_some() {
        ends.push(records.end() as usize);
    }
    (octets, ends)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_event_reads_back_in_order_over_batches_and_segments(
        parts in prop::collection::vec((prop::collection::vec(events(), 0..8), any::<bool>()), 0..6),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let recorder = open(&store(folder.path()), 0);
        let mut batch = Batch::default();
        for (events, rolls) in &parts {
            batch.clear();
            for event in events {
                push(event, &recorder, &mut batch);
            }
            recorder.append(&mut batch, at(0));
            if *rolls {
                recorder.roll().unwrap();
            }
        }
        recorder.finish(at(0)).unwrap();
        let expected: Vec<&Event> = parts.iter().flat_map(|(events, _)| events).collect();
        let read: Vec<Event> = read_events(folder.path()).map(Result::unwrap).collect();
        prop_assert_eq!(read.iter().collect::<Vec<_>>(), expected);
        in_order(folder.path());
    }

    #[test]
    fn a_segment_that_is_cut_or_damaged_gives_exactly_what_is_whole_before(
        events in prop::collection::vec(events(), 1..12), place in any::<prop::sample::Index>(), change in any::<u8>(),
    ) {
        let (whole, ends) = segment_of(&events);
        let mut octets = whole.clone();
        let place = place.index(whole.len());
        octets[place] ^= change;
        if change == 0 {
            octets.truncate(place);
        }
        if place < HEADER {
            prop_assert!(Records::new(&octets).is_err());
            return Ok(());
        }
        let mut records = Records::new(&octets).unwrap();
        let mut count = 0;
        let broken = loop {
            match records.next(&octets) {
                Ok(Some(_)) => count += 1,
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        let before = ends.iter().skip(1).filter(|end| **end <= place).count();
        prop_assert_eq!(count, before);
        prop_assert_eq!(records.end() as usize, ends[before]);
        prop_assert_eq!(broken, change != 0 || place != ends[before], "damage is never taken for an end");
        // Behind a change there are whole records if the changed one was not the last; behind a cut there are none.
        let behind = whole_behind(&octets, records.end());
        prop_assert_eq!(behind.map(|at| at as usize), if change == 0 { None } else { ends.get(before + 1).copied().filter(|end| *end < octets.len()) });
    }

    #[test]
    fn no_octets_make_a_reader_panic(
        octets in prop::collection::vec(any::<u8>(), 0..600), header in any::<bool>(), right in any::<bool>(),
    ) {
        let mut file = if header { segment_of(&[]).0 } else { Vec::new() };
        let start = file.len();
        file.extend(&octets);
        if right && file.len() >= start + HEADER {
            // A checksum that fits gets octets of any kind past the first look.
            layout::stamp(&mut file[start..], 0);
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("events-000001.hse"), &file).unwrap();
        let mut events = read_events(folder.path());
        let count = events.by_ref().flatten().count();
        prop_assert!(right || count == 0);
        verify(folder.path()).unwrap();
        let recorder = Recorder::open(&store(folder.path()), &Answer::default(), Notify::default(), ClockSource::Virtual, at(0));
        // What has our magic and another version is left alone; everything else has a way on.
        prop_assert!(recorder.is_ok(), "{:?}", recorder.err());
        drop(recorder);
        prop_assert_eq!(verify(folder.path()).unwrap().damage, []);
    }

    #[test]
    fn a_torn_write_is_cut_off_counted_and_the_store_goes_on(
        events in prop::collection::vec(events(), 1..8), cut in any::<prop::sample::Index>(), garble in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events-000001.hse");
        let (mut octets, ends) = segment_of(&events);
        // The last write, torn at any place, or with anything in it.
        let last = ends[ends.len() - 2];
        let place = last + cut.index(octets.len() - last);
        if garble {
            octets[place..].fill(0xa5);
        } else {
            octets.truncate(place);
        }
        fs::write(&path, &octets).unwrap();
        prop_assert_eq!(verify(folder.path()).unwrap().damage, [], "a torn write is no damage");
        let before = events.len() - 1;
        let recorder = open(&store(folder.path()), 1);
        let mut batch = Batch::default();
        push(&events[0], &recorder, &mut batch);
        recorder.append(&mut batch, at(1));
        recorder.finish(at(1)).unwrap();
        let verified = in_order(folder.path());
        let torn = octets.len() as u64 - last as u64;
        prop_assert_eq!((verified.cut, verified.events), (torn, before as u64 + 1));
        let mut reader = read_events(folder.path());
        let read: Vec<Event> = reader.by_ref().map(Result::unwrap).collect();
        prop_assert_eq!(&read[..before], &events[..before]);
        prop_assert_eq!(&read[before], &events[0]);
        let left_out: u64 = reader.left_out().iter().map(|part| part.octets).sum();
        prop_assert_eq!(left_out, torn, "the report says how many octets were cut off");
    }
}

#[test]
fn counters_are_no_events_of_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = open(&store(folder.path()), 0);
    let mut batch = Batch::default();
    push(&Event::Counters(Counters::default()), &recorder, &mut batch);
    assert!(batch.is_empty());
    assert_eq!(recorder.append(&mut batch, at(0)), Permission::Leave);
}
