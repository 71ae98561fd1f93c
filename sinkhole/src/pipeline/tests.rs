//! What the pipeline answers, for queries in order and for anything else.

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name as HickoryName, RecordType};
use proptest::prelude::*;

use super::*;
use crate::config::Answer;
use crate::event::Event;
use crate::names::{Entry, Zone, ZoneId};
use crate::store::LabelId;

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
        (RecordType::AAAA, "HeLd.TEST. 300 IN AAAA 2001:db8::53"),
        (RecordType::NS, "HeLd.TEST. 300 IN NS ns1.sinkhole.example."),
        (RecordType::SOA, "HeLd.TEST. 300 IN SOA ns1.sinkhole.example. abuse.sinkhole.example. 1 3600 600 1209600 60"),
        (RecordType::ANY, "HeLd.TEST. 300 IN A 192.0.2.53"),
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

#[test]
fn what_is_not_held_is_refused_without_an_event() {
    let mut chaos = query("held.test.", RecordType::TXT);
    chaos.queries[0].set_query_class(DNSClass::CH);
    for message in [
        query("test.", RecordType::A),
        query("notheld.test.", RecordType::A),
        query(".", RecordType::NS),
        query("held.test.", RecordType::AXFR),
        chaos,
    ] {
        let (reply, event) = ask(&message);
        assert_eq!(reply.metadata.response_code, ResponseCode::Refused);
        assert!(!reply.metadata.authoritative && reply.answers.is_empty() && event.is_none());
    }
}

#[test]
fn edns_is_answered_with_edns() {
    let mut message = query("held.test.", RecordType::A);
    let mut edns = Edns::new();
    edns.set_max_payload(4096).set_dnssec_ok(true);
    message.set_edns(edns.clone());
    let (reply, event) = ask(&message);
    let answered = reply.edns.unwrap();
    assert_eq!((answered.max_payload(), answered.flags().dnssec_ok, answered.version()), (1232, true, 0));
    let Some(Event::Dns(event)) = event else { panic!("{event:?}") };
    assert_eq!(event.udp_size, Some(4096));

    edns.set_version(1);
    message.set_edns(edns);
    let (reply, event) = ask(&message);
    assert_eq!(u16::from(reply.metadata.response_code), 16);
    assert!(event.is_none());

    let (reply, _) = ask(&query("held.test.", RecordType::A));
    assert!(reply.edns.is_none());
}

#[test]
fn a_client_subnet_is_recorded_and_a_broken_one_is_malformed() {
    let with_option = |option: &[u8]| {
        let mut octets = query("held.test.", RecordType::A).to_vec().unwrap();
        octets[11] = 1;
        octets.extend_from_slice(&[
            0,
            0,
            41,
            0x10,
            0,
            0,
            0,
            0,
            0,
            0,
            option.len() as u8 + 4,
            0,
            8,
            0,
            option.len() as u8,
        ]);
        octets.extend_from_slice(option);
        let (verdict, events) = pass(&pipeline(false), &octets, Transport::Udp);
        (Message::from_vec(&verdict.reply.unwrap()).unwrap().metadata.response_code, event(&events))
    };
    let (code, event) = with_option(&[0, 1, 24, 0, 203, 0, 113]);
    assert_eq!(code, ResponseCode::NoError);
    let Some(Event::Dns(event)) = event else { panic!("{event:?}") };
    let subnet = event.client_subnet.unwrap();
    assert_eq!((subnet.address, subnet.prefix), ("203.0.113.0".parse().unwrap(), 24));
    for broken in
        [&[0, 1, 24, 0, 203, 0][..], &[0, 1, 23, 0, 203, 0, 113], &[0, 1, 33, 0, 1, 2, 3, 4, 5], &[0, 3, 0, 0], &[0]]
    {
        assert_eq!(with_option(broken).0, ResponseCode::FormErr, "{broken:?}");
    }
    assert_eq!(with_option(&[0, 0, 0, 0]).0, ResponseCode::NoError);
}

#[test]
fn what_is_no_query_is_told_so_or_met_with_silence() {
    let code = |message: &Message| ask(message).0.metadata.response_code;
    let mut notify = query("held.test.", RecordType::SOA);
    notify.metadata.op_code = OpCode::Notify;
    assert_eq!(code(&notify), ResponseCode::NotImp);
    let mut two = query("held.test.", RecordType::A);
    two.add_query(Query::query(HickoryName::root(), RecordType::A));
    assert_eq!(code(&two), ResponseCode::FormErr);
    assert_eq!(code(&Message::new(1, MessageType::Query, OpCode::Query)), ResponseCode::FormErr);

    let mut response = query("held.test.", RecordType::A);
    response.metadata.message_type = MessageType::Response;
    let whole = query("held.test.", RecordType::A).to_vec().unwrap();
    for octets in [&response.to_vec().unwrap(), &whole[..11], &[]] {
        let (verdict, events) = pass(&pipeline(false), octets, Transport::Udp);
        assert!(verdict.reply.is_none() && events.is_empty());
        assert_eq!(verdict.record, Recorded::Count(Counted::Dropped));
    }
    for length in 12..whole.len() {
        let (verdict, events) = pass(&pipeline(false), &whole[..length], Transport::Udp);
        let reply = Message::from_vec(&verdict.reply.unwrap()).unwrap();
        assert_eq!((reply.metadata.response_code, reply.metadata.id), (ResponseCode::FormErr, 4711));
        assert!(events.is_empty());
    }
}

#[test]
fn an_answer_that_does_not_fit_is_truncated_over_udp_only() {
    let a = (0..64).map(|last| [192, 0, 2, last].into()).collect();
    let names = held(Answer { a, ..Answer::default() });
    let pipeline = pipeline(false);
    let octets = query("held.test.", RecordType::A).to_vec().unwrap();

    let (verdict, events) = pass_with(&pipeline, &names, &octets, Transport::Udp);
    let reply = Message::from_vec(&verdict.reply.unwrap()).unwrap();
    assert!(reply.metadata.truncation && reply.answers.is_empty());
    let Some(Event::Dns(event)) = event(&events) else { panic!() };
    assert!(event.truncated);

    let (verdict, _) = pass_with(&pipeline, &names, &octets, Transport::Tcp);
    let reply = Message::from_vec(&verdict.reply.unwrap()).unwrap();
    assert!(!reply.metadata.truncation);
    assert_eq!(reply.answers.len(), 64);
}

#[test]
fn over_the_rate_limit_a_resolver_is_sent_to_tcp() {
    let pipeline = pipeline(true);
    let octets = query("held.test.", RecordType::A).to_vec().unwrap();
    let verdicts: Vec<_> =
        (0..BURST + 4).map(|_| pass(&pipeline, &octets, Transport::Udp)).skip(BURST as usize).collect();
    let limited = Recorded::Count(Counted::Limited);
    assert!(verdicts.iter().all(|(verdict, events)| verdict.record == limited && events.is_empty()));
    let replies: Vec<_> = verdicts.iter().filter_map(|(verdict, _)| verdict.reply.as_ref()).collect();
    assert_eq!(replies.len(), 2);
    let reply = Message::from_vec(replies[0]).unwrap();
    assert!(reply.metadata.truncation && reply.answers.is_empty() && reply.queries.len() == 1);
    assert_eq!(pass(&pipeline, &octets, Transport::Tcp).0.record, Recorded::Event);
}

/// The answer to octets that are answered where they lie, where it is recorded, and the events.
fn pass_in_place(pipeline: &Pipeline, names: &Names, octets: &[u8]) -> (Option<Vec<u8>>, Recorded, Batch) {
    let mut events = Batch::default();
    let mut room = [0xee; 1536];
    room[..octets.len()].copy_from_slice(octets);
    let mut message = InPlace {
        room: &mut room,
        length: octets.len(),
        source: "198.51.100.7:5353".parse().unwrap(),
        listener: ListenerId::NONE,
        at: DateTime::UNIX_EPOCH,
    };
    let (length, record) = pipeline.pass_in_place(names, Plan::of(octets, names), &mut message, &mut events);
    ((length > 0).then(|| room[..length].to_vec()), record, events)
}

/// A query as resolvers send it.
fn usual_query() -> impl Strategy<Value = Vec<u8>> {
    let names = prop::sample::select(vec!["held.test.", "a.hElD.test.", "other.example.", "."]);
    let qtypes = prop::sample::select(vec![RecordType::A, RecordType::AAAA, RecordType::NS, RecordType::SOA]);
    let edns = prop::option::of((any::<u16>(), any::<bool>(), 0..8_u8));
    (names, qtypes, edns, any::<[bool; 3]>()).prop_map(|(name, qtype, edns, [recursion, authentic, checking])| {
        let mut message = query(name, qtype);
        message.metadata.recursion_desired = recursion;
        message.metadata.authentic_data = authentic;
        message.metadata.checking_disabled = checking;
        if let Some((size, dnssec, version)) = edns {
            let mut edns = Edns::new();
            edns.set_max_payload(size).set_dnssec_ok(dnssec).set_version(version / 7);
            message.set_edns(edns);
        }
        message.to_vec().unwrap()
    })
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
    fn the_short_way_and_the_long_way_give_the_same_octets(
        messages in prop::collection::vec(
            prop_oneof![prop::collection::vec(any::<u8>(), 0..80), nearly_a_query(), usual_query()],
            1..8,
        ),
        rate_limit in any::<bool>(),
    ) {
        let names = held(Answer { negative_ttl: 60, ..Answer::default() });
        let (short, long) = (pipeline(rate_limit), pipeline(rate_limit));
        for octets in messages {
            let (verdict, events) = pass_with(&long, &names, &octets, Transport::Udp);
            let (reply, record, events_in_place) = pass_in_place(&short, &names, &octets);
            prop_assert_eq!(reply, verdict.reply, "{:?}", octets);
            prop_assert_eq!(record, verdict.record);
            prop_assert_eq!(events_in_place.octets(), events.octets());
        }
    }

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
