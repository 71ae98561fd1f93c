//! How large answers are, for any configuration and any question.

use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::rdata::opt::EdnsOption;

use super::*;

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
fn the_shortest_questions_get_an_ipv4_address_and_are_sent_to_tcp_for_an_ipv6_address() {
    for (name, qtype, fits) in [
        ("a.test.", RecordType::A, true),
        ("held.test.", RecordType::A, true),
        ("held.test.", RecordType::AAAA, false),
        ("1held.test.", RecordType::AAAA, true),
    ] {
        let mut names = held(Answer::default());
        names.hold(&name.parse().unwrap(), names.find(&b"\x04held\x04test\x00"[..]).unwrap().entry);
        let octets = query(name, qtype).to_vec().unwrap();
        let (verdict, _) = pass_with(&pipeline(false), &names, &octets, Transport::Udp);
        let reply = verdict.reply.unwrap();
        assert!(reply.len() <= 2 * octets.len());
        assert_eq!(reply[2] & 2 == 0, fits, "{name} {qtype}: {} octets for {}", reply.len(), octets.len());
    }
}

/// What is answered for the names of a zone.
fn answers() -> impl Strategy<Value = Zone> {
    let name = || {
        prop::collection::vec("[a-z]{1,20}", 1..8)
            .prop_map(|labels| crate::Name::from_labels(labels.iter().map(String::as_bytes)).unwrap())
    };
    let (a, aaaa) = (prop::collection::vec(any::<Ipv4Addr>(), 0..16), prop::collection::vec(any::<Ipv6Addr>(), 0..16));
    (a, aaaa, prop::collection::vec(name(), 1..8), name(), "[ -~]{0,255}", prop::bool::weighted(0.8)).prop_map(
        |(a, aaaa, ns, contact, notice, lured)| {
            let answer = Answer { a, aaaa, ns, contact, notice, ..Answer::default() };
            let zone = Zone::new(answer);
            if lured { zone } else { zone.unlured() }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_answer_is_whole_and_in_proportion_to_its_question(
        zone in answers(),
        held_name in "[a-z]{1,30}\\.[a-z]{1,10}",
        below in prop::option::of("[a-z]{1,63}\\."),
        qtype in prop::sample::select(vec![1, 2, 5, 6, 15, 16, 28, 33, 255, 65]),
        udp_size in prop::option::of(prop_oneof![Just(0_u16), Just(512), Just(1232), any::<u16>()]),
        cookie in prop::option::of(0..3_u8),
        (asks_nsid, nsid) in (any::<bool>(), "[a-z]{0,64}"),
        tcp in prop::bool::weighted(0.2),
    ) {
        let mut config = Config::new("unused");
        config.nsid = nsid;
        let pipeline = Pipeline::new(&config, [7; 16]);
        let mut names = Names::new(zone.clone());
        let entry = Entry { label: LabelId(1), preset: LabelId(2), period: 3, index: 7, zone: ZoneId::default() };
        names.hold(&held_name.parse().unwrap(), entry);

        let at_apex = below.is_none();
        let name = format!("{}{held_name}.", below.unwrap_or_default());
        let mut message = query(&name, RecordType::from(qtype));
        let mut confirmed = false;
        if let Some(size) = udp_size {
            let mut edns = Edns::new();
            edns.set_max_payload(size);
            let client = *b"client__";
            let source = "198.51.100.7".parse().unwrap();
            let server = pipeline.cookies.as_ref().unwrap().make(client, source, DateTime::UNIX_EPOCH);
            let cookie = match cookie {
                None => None,
                Some(0) => Some(client.to_vec()),
                Some(1) => Some([&client[..], &[1; 16]].concat()),
                Some(_) => {
                    confirmed = true;
                    Some([&client[..], &server].concat())
                }
            };
            if let Some(cookie) = cookie {
                edns.options_mut().insert(EdnsOption::Unknown(10, cookie));
            }
            if asks_nsid {
                edns.options_mut().insert(EdnsOption::Unknown(3, Vec::new()));
            }
            message.set_edns(edns);
        }
        let octets = message.to_vec().unwrap();
        let transport = if tcp { Transport::Tcp } else { Transport::Udp };
        let (verdict, events) = pass_with(&pipeline, &names, &octets, transport);
        let octets_of_reply = verdict.reply.unwrap();
        let reply = Message::from_vec(&octets_of_reply).unwrap();

        let allowed = usize::from(udp_size.unwrap_or(512).clamp(512, 1232));
        let addresses = reply.answers.iter().any(|record| matches!(u16::from(record.record_type()), 1 | 28));
        match transport {
            Transport::Tcp => prop_assert!(!reply.metadata.truncation),
            Transport::Udp if confirmed => prop_assert!(octets_of_reply.len() <= allowed),
            Transport::Udp if addresses => prop_assert!(octets_of_reply.len() <= allowed.min(2 * octets.len())),
            Transport::Udp if reply.metadata.truncation => prop_assert!(octets_of_reply.len() <= 2 * octets.len()),
            Transport::Udp => prop_assert!(octets_of_reply.len() <= 512.min(4 * octets.len())),
        }
        prop_assert_eq!(reply.edns.is_some(), udp_size.is_some());
        let Some(Event::Dns(event)) = event(&events) else { panic!("a held name has an event") };
        prop_assert_eq!(event.truncated, reply.metadata.truncation);
        prop_assert_eq!(event.valid_cookie, confirmed);
        prop_assert_eq!(event.rcode, u16::from(reply.metadata.response_code));
        if reply.metadata.truncation {
            prop_assert!(reply.answers.is_empty() && reply.authorities.is_empty());
            return Ok(());
        }
        let Answer { a, aaaa, ns, .. } = &zone.answer;
        let expected = match (qtype, at_apex) {
            (2, true) => ns.len(),
            (6, true) => 1,
            _ if !zone.lured => 0,
            (1, _) => a.len(),
            (28, _) => aaaa.len(),
            (255, _) if a.is_empty() => aaaa.len(),
            (255, _) => a.len(),
            (15, true) => 1,
            (16, true) => 2,
            _ => 0,
        };
        prop_assert_eq!(reply.answers.len(), expected, "a record set is whole");
        prop_assert_eq!(reply.authorities.len(), usize::from(expected == 0), "nothing comes with a SOA");
    }
}
