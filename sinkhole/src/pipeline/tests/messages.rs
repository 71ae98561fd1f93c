//! What is no question for a held name, and what is no question at all.

use super::*;

#[test]
fn what_is_not_held_is_refused_without_an_event() {
    let mut chaos = query("held.test.", RecordType::TXT);
    chaos.queries[0].set_query_class(DNSClass::CH);
    for message in [
        query("test.", RecordType::A),
        query("notheld.test.", RecordType::A),
        query(".", RecordType::NS),
        query("held.test.", RecordType::AXFR),
        query("held.test.", RecordType::IXFR),
        query("held.test.", RecordType::Unknown(255 - 2)),
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
fn what_stands_behind_a_question_unannounced_means_nothing() {
    let mut octets = query("held.test.", RecordType::A).to_vec().unwrap();
    octets.extend([0, 0, 41, 4]);
    let (verdict, events) = pass(&pipeline(false), &octets, Transport::Udp);
    let reply = Message::from_vec(&verdict.reply.unwrap()).unwrap();
    assert_eq!((reply.metadata.response_code, reply.answers.len()), (ResponseCode::NoError, 1));
    assert!(reply.edns.is_none() && !events.is_empty());
}

#[test]
fn who_cannot_be_answered_is_not() {
    let octets = query("held.test.", RecordType::A).to_vec().unwrap();
    let names = held(Answer::default());
    let source = "198.51.100.7:0".parse().unwrap();
    let (transport, listener) = (Transport::Udp, ListenerId::NONE);
    let received = Received { octets: &octets, source, transport, listener, at: DateTime::UNIX_EPOCH };
    let mut events = Batch::default();
    let verdict = pipeline(false).pass(&names, &received, &mut events);
    assert!(verdict.reply.is_none() && events.is_empty());
    assert_eq!(verdict.record, Recorded::Count(Counted::Dropped));
}

#[test]
fn bits_that_an_authority_has_nothing_to_say_by_stay_clear() {
    let mut octets = query("held.test.", RecordType::A).to_vec().unwrap();
    octets[3] |= 0b1111_0000;
    let (verdict, _) = pass(&pipeline(false), &octets, Transport::Udp);
    let reply = verdict.reply.unwrap();
    assert_eq!((reply[2], reply[3]), (0b1000_0101, 0), "QR, AA and RD; no RA, Z, AD, CD");
}
