//! What the pipeline answers, for queries in order and for anything else.

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name as HickoryName, RecordType};
use proptest::prelude::*;

use super::*;
use crate::config::Answer;
use crate::event::Event;
use crate::names::{Entry, Zone, ZoneId};
use crate::store::LabelId;

mod cookies;
mod messages;
mod plain;
mod sizes;

/// Answers to a network at once.
const BURST: u32 = rate_limit::BURST_SECONDS * rate_limit::PER_SECOND;

fn pipeline(rate_limit: bool) -> Pipeline {
    let mut config = Config::new("unused");
    config.rate_limit.enabled = rate_limit;
    Pipeline::new(&config, [7; 16])
}

/// `held.test`, answered for with `answer`.
fn held(answer: Answer) -> Names {
    let mut names = Names::new(Zone::new(answer));
    let entry = Entry { label: LabelId(1), preset: LabelId(2), period: 3, index: 7, zone: ZoneId::default() };
    names.hold(&"held.test".parse().unwrap(), entry);
    names
}

fn pass(pipeline: &Pipeline, octets: &[u8], transport: Transport) -> (Verdict, Batch) {
    let names = held(Answer { negative_ttl: 60, ..Answer::default() });
    pass_with(pipeline, &names, octets, transport)
}

fn pass_with(pipeline: &Pipeline, names: &Names, octets: &[u8], transport: Transport) -> (Verdict, Batch) {
    let mut events = Batch::default();
    let received = Received {
        octets,
        source: "198.51.100.7:5353".parse().unwrap(),
        transport,
        listener: ListenerId::NONE,
        at: DateTime::UNIX_EPOCH,
    };
    let verdict = pipeline.pass(names, &received, &mut events);
    (verdict, events)
}

fn query(name: &str, qtype: RecordType) -> Message {
    let mut message = Message::new(4711, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(HickoryName::from_ascii(name).unwrap(), qtype));
    message
}

/// The answer to a query over UDP, and its event.
fn ask(message: &Message) -> (Message, Option<Event>) {
    let (verdict, events) = pass(&pipeline(false), &message.to_vec().unwrap(), Transport::Udp);
    let reply = Message::from_vec(&verdict.reply.unwrap()).unwrap();
    (reply, event(&events))
}

fn event(batch: &Batch) -> Option<Event> {
    batch.events("label").pop()
}

#[test]
fn the_apex_has_soa_ns_and_addresses_in_the_questions_case() {
    for (qtype, expected) in [
        (RecordType::A, "HeLd.TEST. 300 IN A 192.0.2.53"),
        (RecordType::NS, "HeLd.TEST. 300 IN NS ns1.sinkhole.example."),
        (RecordType::SOA, "HeLd.TEST. 300 IN SOA ns1.sinkhole.example. abuse.sinkhole.example. 1 3600 600 1209600 60"),
        (RecordType::ANY, "HeLd.TEST. 300 IN A 192.0.2.53"),
        (RecordType::MX, "HeLd.TEST. 300 IN MX 0 ."),
    ] {
        let (reply, event) = ask(&query("HeLd.TEST.", qtype));
        let answers: Vec<String> = reply.answers.iter().map(ToString::to_string).collect();
        assert_eq!(answers, [expected]);
        assert_eq!(reply.metadata.response_code, ResponseCode::NoError);
        assert!(reply.metadata.authoritative && reply.metadata.recursion_desired);
        assert!(!reply.metadata.recursion_available);
        assert_eq!(reply.queries[0].name.to_ascii(), "HeLd.TEST.");
        let Some(Event::Dns(event)) = event else { panic!("{event:?}") };
        assert_eq!((event.name.to_string().as_str(), event.held.name.to_string().as_str()), ("HeLd.TEST", "held.test"));
        assert!(event.mixed_case && event.recursion_desired && event.udp_size.is_none());
        assert_eq!((event.held.index, event.id, event.qtype), (7, 4711, u16::from(qtype)));
    }
}

#[test]
fn the_apex_says_whose_it_is_and_that_it_sends_no_mail() {
    let texts = |answer: Answer| {
        let octets = query("held.test.", RecordType::TXT).to_vec().unwrap();
        let (verdict, _) = pass_with(&pipeline(false), &held(answer), &octets, Transport::Tcp);
        let reply = Message::from_vec(&verdict.reply.unwrap()).unwrap();
        reply.answers.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let contact = |text: &str| Answer { contact: text.parse().unwrap(), ..Answer::default() };
    let spf = "held.test. 300 IN TXT v=spf1 -all";
    let line = |text: &str| [format!("held.test. 300 IN TXT {text}"), spf.to_owned()];
    assert_eq!(texts(Answer::default()), line("Sinkhole. Contact: abuse@sinkhole.example"));
    assert_eq!(texts(contact("first\\.last.sinkhole.example")), line("Sinkhole. Contact: first.last@sinkhole.example"));
    assert_eq!(texts(contact("example")), line("Sinkhole. Contact: example"));
    let notice = "Held by court order 1:23".to_owned();
    assert_eq!(texts(Answer { notice: notice.clone(), ..Answer::default() }), line(&notice));
    let long = format!("x.{}", vec!["y".repeat(60); 4].join("."));
    assert_eq!(texts(contact(&long))[0].len(), "held.test. 300 IN TXT ".len() + 255);
}

#[test]
fn a_name_that_is_not_lured_has_a_delegation_and_nothing_else() {
    let mut names = Names::new(Zone::new(Answer { negative_ttl: 60, ..Answer::default() }).unlured());
    let entry = Entry { label: LabelId(1), preset: LabelId(2), period: 3, index: 7, zone: ZoneId::default() };
    names.hold(&"held.test".parse().unwrap(), entry);
    let ask = |name: &str, qtype| {
        let octets = query(name, qtype).to_vec().unwrap();
        let (verdict, events) = pass_with(&pipeline(false), &names, &octets, Transport::Udp);
        (Message::from_vec(&verdict.reply.unwrap()).unwrap(), event(&events))
    };
    for qtype in [RecordType::SOA, RecordType::NS] {
        let (reply, _) = ask("Held.test.", qtype);
        assert_eq!((reply.metadata.response_code, reply.answers.len()), (ResponseCode::NoError, 1));
        assert!(reply.metadata.authoritative);
    }
    for (name, qtype) in [
        ("held.test.", RecordType::A),
        ("held.test.", RecordType::AAAA),
        ("held.test.", RecordType::TXT),
        ("held.test.", RecordType::MX),
        ("held.test.", RecordType::ANY),
        ("www.held.test.", RecordType::A),
        ("www.held.test.", RecordType::SOA),
        ("www.held.test.", RecordType::NS),
    ] {
        let (reply, event) = ask(name, qtype);
        assert_eq!(reply.metadata.response_code, ResponseCode::NXDomain, "{name} {qtype}");
        assert!(reply.metadata.authoritative && reply.answers.is_empty());
        assert_eq!((reply.authorities[0].name.to_ascii().as_str(), reply.authorities[0].ttl), ("held.test.", 60));
        let Some(Event::Dns(event)) = event else { panic!("{event:?}") };
        assert_eq!(event.rcode, 3);
    }
}

#[test]
fn below_the_apex_there_are_addresses_and_otherwise_no_data() {
    let (reply, _) = ask(&query("a.B.held.test.", RecordType::A));
    assert_eq!(reply.answers[0].to_string(), "a.B.held.test. 300 IN A 192.0.2.53");
    for qtype in [RecordType::TXT, RecordType::NS, RecordType::SOA, RecordType::MX, RecordType::Unknown(65_280)] {
        let (reply, event) = ask(&query("a.B.HELD.test.", qtype));
        assert!(reply.answers.is_empty() && reply.metadata.authoritative);
        assert_eq!(reply.metadata.response_code, ResponseCode::NoError);
        let soa = &reply.authorities[0];
        assert_eq!((soa.name.to_ascii().as_str(), soa.ttl), ("HELD.test.", 60));
        assert!(event.is_some());
    }
}

/// Octets that are nearly a query: a good one with some octets changed, or its end cut off, or more behind it.
fn nearly_a_query() -> impl Strategy<Value = Vec<u8>> {
    let names = prop::sample::select(vec!["held.test.", "a.hElD.test.", "other.example.", "."]);
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    (names, any::<u16>(), changes, any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..40)).prop_map(
        |(name, qtype, changes, end, more)| {
            let mut octets = query(name, RecordType::from(qtype)).to_vec().unwrap();
            octets.extend(more);
            for (at, octet) in changes {
                let at = at.index(octets.len());
                octets[at] = octet;
            }
            octets.truncate(end.index(octets.len() * 2) + 1);
            octets
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_arrives_the_reply_is_well_formed_and_only_held_names_have_data(
        octets in prop_oneof![prop::collection::vec(any::<u8>(), 0..80), nearly_a_query()],
        tcp in any::<bool>(),
    ) {
        let transport = if tcp { Transport::Tcp } else { Transport::Udp };
        let (verdict, events) = pass(&pipeline(false), &octets, transport);
        prop_assert_eq!(verdict.record == Recorded::Event, !events.is_empty());
        let Some(reply) = verdict.reply else { return Ok(()) };
        prop_assert_eq!(&reply[..2], &octets[..2], "the identifier is the query's");
        prop_assert!(tcp || reply.len() <= 512.min(4 * octets.len()), "{} for {}", reply.len(), octets.len());
        let reply = Message::from_vec(&reply).unwrap();
        prop_assert_eq!(reply.metadata.message_type, MessageType::Response);
        prop_assert!(!reply.metadata.recursion_available, "there is no recursion");
        if reply.metadata.authoritative || !reply.answers.is_empty() || !reply.authorities.is_empty() {
            let asked = &reply.queries[0].name;
            prop_assert!(HickoryName::from_ascii("held.test.").unwrap().zone_of(asked), "{} is not held", asked);
            prop_assert!(!events.is_empty());
        }
        if !events.is_empty() {
            let Some(Event::Dns(event)) = event(&events) else { panic!("the event reads back") };
            prop_assert!(event.name.labels().eq(reply.queries[0].name.iter()), "the event has the name as it was sent");
            prop_assert!(event.name.to_lowercase().to_string().ends_with("held.test"));
        }
    }

    #[test]
    fn a_question_comes_back_as_it_was_sent(
        labels in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..4),
        qtype in any::<u16>(),
    ) {
        let labels = labels.iter().map(Vec::as_slice).chain([&b"hElD"[..], b"tEsT"]);
        let mut message = query("held.test.", RecordType::from(qtype));
        message.queries[0].name = HickoryName::from_labels(labels).unwrap();
        let octets = message.to_vec().unwrap();
        let (verdict, _) = pass(&pipeline(false), &octets, Transport::Udp);
        let reply = verdict.reply.unwrap();
        let question = octets.len() - 12;
        prop_assert_eq!(&reply[12..12 + question], &octets[12..], "question and case are the query's");
    }
}
