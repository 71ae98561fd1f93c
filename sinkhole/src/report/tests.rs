//! What counts as a look-up, and that the two ledgers stay apart.

use std::net::SocketAddr;

use super::*;
use crate::event::{Counters, HttpRequest, Origin, TcpConnection};

fn origin(source: &str, milliseconds: i64) -> Origin {
    let at = DateTime::from_timestamp_millis(1_700_000_000_000 + milliseconds).unwrap();
    Origin { at, source: SocketAddr::new(source.parse().unwrap(), 5353), destination: "192.0.2.53:53".parse().unwrap() }
}

fn question(source: &str, name: &str, qtype: u16, milliseconds: i64) -> DnsQuestion {
    let name: Name = name.parse().unwrap();
    DnsQuestion {
        origin: origin(source, milliseconds),
        transport: Transport::Udp,
        id: 1,
        held: Held {
            name: name.last_labels(2).to_lowercase(),
            label: "ozdok".into(),
            preset: None,
            period: None,
            index: 0,
        },
        name,
        qtype,
        rcode: 0,
        recursion_desired: false,
        mixed_case: false,
        truncated: false,
        valid_cookie: false,
        udp_size: None,
        client_subnet: None,
    }
}

fn report(events: impl IntoIterator<Item = Event>) -> Report {
    let mut reporter = Reporter::default();
    events.into_iter().for_each(|event| reporter.add(&event));
    reporter.finish()
}

#[test]
fn both_address_types_and_repeats_are_one_look_up() {
    let report = report([
        Event::Dns(question("192.0.2.1", "held.test", A, 0)),
        Event::Dns(question("192.0.2.1", "HELD.test", AAAA, 5)),
        Event::Dns(question("192.0.2.1", "held.test", A, 1999)),
        Event::Dns(question("192.0.2.1", "a.held.test", A, 10)),
        Event::Dns(question("192.0.2.2", "held.test", A, 10)),
        Event::Dns(question("192.0.2.1", "held.test", A, 2001)),
    ]);
    assert_eq!((report.dns.questions, report.dns.look_ups, report.dns.resolvers), (6, 4, 2));
    let held = &report.dns.names["held.test"];
    assert_eq!((held.look_ups, held.sources, held.label.as_str()), (4, 2, "ozdok"));
    assert_eq!(report.dns.labels["ozdok"], Count { count: 4, sources: 2 });
}

#[test]
fn clients_behind_one_large_resolver_are_look_ups_of_their_own() {
    let with = |address: &str, prefix, milliseconds| {
        let mut question = question("192.0.2.1", "held.test", A, milliseconds);
        question.client_subnet = Some(ClientSubnet { address: address.parse().unwrap(), prefix });
        Event::Dns(question)
    };
    let report = report([with("203.0.113.0", 24, 0), with("198.51.100.0", 24, 1), with("0.0.0.0", 0, 2)]);
    assert_eq!((report.dns.look_ups, report.dns.client_subnets, report.dns.resolvers), (3, 2, 1));
}

#[test]
fn a_resolver_is_confirmed_by_tcp_or_a_cookie_once() {
    let question = |last: u8, qtype, transport, valid_cookie, at| {
        let of = question(&format!("192.0.2.{last}"), "held.test", qtype, at);
        Event::Dns(DnsQuestion { transport, valid_cookie, ..of })
    };
    let report = report([
        question(1, A, Transport::Udp, false, 0),
        question(2, A, Transport::Udp, false, 0),
        question(2, A, Transport::Tcp, false, 5),
        question(3, A, Transport::Udp, true, 0),
        question(3, A, Transport::Tcp, true, 5000),
        // It looked nothing up.
        question(4, 6, Transport::Tcp, false, 0),
    ]);
    let dns = report.dns;
    assert_eq!((dns.resolvers, dns.confirmed_resolvers, dns.over_tcp, dns.with_cookie), (3, 2, 3, 1));
}

#[test]
fn other_types_are_no_call_backs() {
    let report = report([2, 6, 16, 255, 65_280].map(|qtype| Event::Dns(question("192.0.2.1", "held.test", qtype, 0))));
    assert_eq!((report.dns.questions, report.dns.look_ups, report.dns.other_questions), (5, 0, 5));
    assert_eq!((report.dns.resolvers, report.dns.by_type["TYPE65280"]), (0, 1));
}

#[test]
fn hosts_and_resolvers_are_counted_apart_and_sources_once_a_period() {
    let hour = 3_600_000;
    let request = HttpRequest {
        origin: origin("192.0.2.1", 1),
        method: b"GET".to_vec(),
        path: b"/".to_vec(),
        host: b"held.test".to_vec(),
        user_agent: Vec::new(),
        has_referer: false,
        shortened: false,
        body_length: 0,
        held: Some(Held {
            name: "held.test".parse().unwrap(),
            label: "ozdok".into(),
            preset: None,
            period: None,
            index: 0,
        }),
    };
    let report = report([
        Event::Dns(question("192.0.2.1", "held.test", A, 0)),
        Event::Dns(question("192.0.2.1", "held.test", A, 10 * hour)),
        Event::Dns(question("192.0.2.1", "held.test", A, 40 * hour)),
        Event::Tcp(TcpConnection { origin: origin("192.0.2.1", 1), http: true }),
        Event::Http(request),
        Event::Counters(Counters {
            minute: origin("192.0.2.1", 0).at,
            counts: Counts { refused: 3, ..Counts::default() },
        }),
    ]);
    assert_eq!((report.dns.resolvers, report.dns.days.len(), report.dns.hours.len()), (1, 3, 3));
    assert_eq!((report.hosts.hosts, report.hosts.connections, report.hosts.requests), (1, 1, 1));
    assert_eq!(report.hosts.labels["ozdok"].count, 1);
    assert_eq!(report.counters.refused, 3);
    assert_eq!(report.last, Some(origin("192.0.2.1", 40 * hour).at));
}

#[test]
fn a_report_is_json() {
    let report = report([Event::Dns(question("192.0.2.1", "\\027.held.test", A, 0))]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["dns"]["hours"]["2023-11-14T22:00:00Z"]["count"], 1);
    assert_eq!(json["dns"]["look_ups"], 1);
}

#[test]
fn a_flood_of_names_within_a_moment_is_counted_as_quickly_as_any_other() {
    let count = 4 * OPEN_LIMIT as u64;
    let flood = |index: u64| Event::Dns(question("192.0.2.1", &format!("n{index}.held.test"), A, 0));
    let mut reporter = Reporter::default();
    (0..count).for_each(|index| reporter.add(&flood(index)));
    assert!(reporter.open.len() as u64 == count && reporter.sweep > OPEN_LIMIT);
    // When it is over, what it left is.
    let later = |index: u64| Event::Dns(question("192.0.2.1", &format!("m{index}.held.test"), A, 10_000));
    (0..count).for_each(|index| reporter.add(&later(index)));
    assert!(reporter.open.len() as u64 <= count + OPEN_LIMIT as u64);
    assert_eq!(reporter.finish().dns.look_ups, 2 * count);
}
