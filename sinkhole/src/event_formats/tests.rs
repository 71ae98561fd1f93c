//! What every format does with every kind of event, and what stands in each file.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use chrono::DateTime;
use hickory_proto::op::Message;

use super::*;
use crate::config::Answer;
use crate::event::{
    ClientSubnet, Counters, Counts, DnsQuestion, Event, Held, HttpRequest, Octets, Origin, TcpConnection, TlsHello,
    Transport,
};
use crate::store::{EventId, StoreId};
use crate::wire;

/// A stream that can be looked at.
#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn recorded(sequence: u64, event: Event) -> Recorded {
    let id = EventId { store: StoreId([0xab; 16]), sequence };
    Recorded::new(id, Some(Arc::new(Answer::default())), event)
}

fn origin(second: i64) -> Origin {
    Origin {
        at: DateTime::from_timestamp(1_700_000_000 + second, 5).unwrap(),
        source: "198.51.100.7:4711".parse().unwrap(),
        destination: "192.0.2.53:53".parse().unwrap(),
    }
}

fn held() -> Held {
    Held {
        name: "held.test".parse().unwrap(),
        label: "=ozdok".into(),
        preset: Some("model".into()),
        period: DateTime::from_timestamp(1_699_999_980, 0),
        index: 3,
    }
}

fn question(second: i64, name: &str, qtype: u16) -> DnsQuestion {
    DnsQuestion {
        origin: origin(second),
        transport: Transport::Udp,
        id: 4711,
        name: name.parse().unwrap(),
        qtype,
        rcode: 0,
        recursion_desired: true,
        mixed_case: true,
        truncated: false,
        valid_cookie: false,
        udp_size: Some(1400),
        client_subnet: Some(ClientSubnet { address: "203.0.113.0".parse().unwrap(), prefix: 24 }),
        held: held(),
    }
}

fn request(has_referer: bool) -> HttpRequest {
    HttpRequest {
        origin: origin(7),
        method: b"GET".to_vec(),
        path: b"/gate?\x1b\xff".to_vec(),
        host: b"bot.held.test".to_vec(),
        user_agent: b"@agent, \"1\"".to_vec(),
        has_referer,
        shortened: false,
        body_length: 9,
        held: Some(held()),
    }
}

/// An event of each kind, and some more questions.
fn everything() -> Vec<Recorded> {
    let counters = Counters {
        minute: DateTime::from_timestamp(1_700_000_040, 0).unwrap(),
        counts: Counts { refused: 5, ..Counts::default() },
    };
    [
        Event::Dns(question(0, "a.hElD.test", 1)),
        Event::Dns(question(9, "A.held.test", 1)),
        Event::Dns(question(3, "held.test", 2)),
        Event::Dns(DnsQuestion { truncated: true, ..question(3, "cut.held.test", 28) }),
        Event::Http(request(false)),
        Event::Http(request(true)),
        Event::Tcp(TcpConnection { origin: origin(8), http: false }),
        Event::Tcp(TcpConnection { origin: origin(8), http: true }),
        Event::Counters(counters),
        Event::Tls(TlsHello {
            origin: origin(8),
            http: true,
            server_name: b"bot.held.test".to_vec(),
            shortened: false,
            held: Some(held()),
        }),
        Event::Octets(Octets { origin: origin(8), http: false, length: 77 }),
    ]
    .into_iter()
    .zip(1..)
    .map(|(event, sequence)| recorded(sequence, event))
    .collect()
}

/// What a format of one file makes of events, and how many it has a place for.
fn export(name: &str, events: &[Recorded]) -> (Vec<u8>, usize) {
    let buffer = Buffer::default();
    let mut sink = find(name).unwrap().begin(Place::Stream(Box::new(buffer.clone()))).unwrap();
    let count = events.iter().filter(|event| sink.add(event).unwrap()).count();
    sink.finish().unwrap();
    (buffer.0.take(), count)
}

#[test]
fn formats_are_in_order_and_have_names_of_their_own() {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.info().name).collect();
    assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
    for name in names {
        assert_eq!(find(name).unwrap().info().name, name);
    }
    assert!(find("pcap").is_none());
}

#[test]
fn a_place_of_the_wrong_kind_is_refused() {
    for format in FORMATS {
        let wrong = if format.info().is_folder {
            Place::Stream(Box::new(Buffer::default()))
        } else {
            Place::Folder("/nowhere".into())
        };
        assert!(format.begin(wrong).is_err(), "{}", format.info().name);
    }
}

#[test]
fn lines_of_json_have_what_was_recorded_and_nothing_that_moves_a_cursor() {
    let (octets, count) = export("jsonl", &everything());
    assert!(octets.iter().all(|octet| *octet == b'\n' || (0x20..0x7f).contains(octet)));
    let lines: Vec<serde_json::Value> =
        octets.split(|octet| *octet == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!((lines.len(), count), (12, 11));
    assert_eq!(lines[0]["schema"], "sinkhole-events/1");
    assert_eq!((&lines[1]["name"], &lines[1]["sequence"]), (&"a.hElD.test".into(), &1.into()));
    assert_eq!((&lines[1]["preset"], &lines[1]["period"]), (&"model".into(), &"2023-11-14T22:13:00.000000000Z".into()));
    assert_eq!(lines[5]["path"], "/gate?\\027\\255");
    assert_eq!(lines[9]["refused"], 5);
    assert_eq!((&lines[10]["kind"], &lines[10]["server_name"]), (&"tls".into(), &"bot.held.test".into()));
    assert_eq!((&lines[10]["held_name"], &lines[11]["length"]), (&"held.test".into(), &77.into()));
}

#[test]
fn rows_of_csv_have_all_columns_and_no_formulas() {
    let (octets, count) = export("csv", &everything());
    assert_eq!(count, 11);
    let text = String::from_utf8(octets).unwrap();
    assert!(text.starts_with("# hydrabane "));
    let mut reader = ::csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 11);
    assert_eq!((&rows[0][column("label")], &rows[4][column("user_agent")]), ("'=ozdok", "'@agent, \"1\""));
    assert_eq!((&rows[0][column("time")], &rows[0][column("type")]), ("2023-11-14T22:13:20.000000005Z", "A"));
    assert_eq!((&rows[8][column("kind")], &rows[8][column("refused")]), ("counters", "5"));
    // Every column has a value in some row: none is misspelt where it is filled.
    for (index, header) in headers.iter().enumerate() {
        assert!(rows.iter().any(|row| !row[index].is_empty()), "{header}");
    }
}

#[test]
fn passive_dns_has_each_value_of_a_name_once_with_its_first_and_last_time() {
    let (octets, count) = export("cof", &everything());
    let lines: Vec<serde_json::Value> =
        octets.split(|octet| *octet == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!((lines.len(), count), (2, 3), "{lines:?}");
    let [a, ns] = &lines[..] else { panic!() };
    assert_eq!((&a["rrname"], &a["rrtype"], &a["rdata"]), (&"a.held.test".into(), &"A".into(), &"192.0.2.53".into()));
    assert_eq!((&a["time_first"], &a["time_last"]), (&1_700_000_000.into(), &1_700_000_009.into()));
    assert_eq!((&a["count"], &a["bailiwick"]), (&2.into(), &"held.test".into()));
    assert_eq!((&ns["rrname"], &ns["rdata"]), (&"held.test".into(), &"ns1.sinkhole.example".into()));
}

#[test]
fn a_question_is_made_again_as_it_was_sent() {
    let asked = question(0, "a.hElD.test", 28);
    let octets = wire::write_query(&asked).unwrap();
    let message = Message::from_vec(&octets).unwrap();
    assert_eq!((message.metadata.id, message.metadata.recursion_desired), (4711, true));
    let read = wire::read_question(&octets).unwrap();
    assert_eq!((read.name, read.qtype), (asked.name, 28));
    let edns = wire::read_edns(&octets).unwrap().unwrap();
    assert_eq!((edns.udp_size, edns.client_subnet), (1400, asked.client_subnet));
}

#[test]
fn shadowservers_reports_have_their_columns() {
    let folder = tempfile::tempdir().unwrap();
    let mut sink = find("shadowserver").unwrap().begin(Place::Folder(folder.path().to_owned())).unwrap();
    let count = everything().iter().filter(|event| sink.add(event).unwrap()).count();
    sink.finish().unwrap();
    assert_eq!(count, 8);
    let rows = |name: &str| {
        let mut reader = ::csv::Reader::from_path(folder.path().join(format!("{name}.csv"))).unwrap();
        let rows: Vec<std::collections::HashMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
        (reader.headers().unwrap().len(), rows)
    };
    let (columns, dns) = rows("event4_sinkhole_dns");
    assert_eq!((columns, dns.len()), (21, 4));
    assert_eq!((&*dns[0]["timestamp"], &*dns[0]["severity"]), ("2023-11-14 22:13:20", "info"));
    assert_eq!((&*dns[0]["query"], &*dns[0]["query_type"], &*dns[0]["tag"]), ("a.hElD.test", "A", "model"));
    let (columns, http) = rows("event4_sinkhole_http");
    assert_eq!((columns, http.len(), &*http[0]["src_ip"]), (39, 1, "198.51.100.7"));
    assert_eq!(http[0]["http_agent"], "'@agent, \"1\"");
    let (_, referer) = rows("event4_sinkhole_http_referer");
    assert!(!referer[0].contains_key("src_ip"), "the visitor of a page is not reported");
    let (columns, connections) = rows("event4_sinkhole");
    assert_eq!((columns, connections.len(), &*connections[0]["dst_port"]), (33, 2, "53"));
    assert_eq!((&*connections[1]["ssl_servername"], &*connections[1]["family"]), ("bot.held.test", "'=ozdok"));
    assert_eq!((&*connections[0]["dst_ip"], &*http[0]["dst_ip"]), ("192.0.2.53", "192.0.2.53"));
}
