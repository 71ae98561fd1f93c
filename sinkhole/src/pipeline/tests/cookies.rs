//! Cookies and other options on their way through the pipeline, and who is limited.

use super::*;
use crate::wire;

/// A question for the addresses of `name`, with an OPT record that has `options`.
fn with_options(name: &str, options: &[(u16, &[u8])]) -> Vec<u8> {
    let mut octets = query(name, RecordType::A).to_vec().unwrap();
    octets[11] = 1;
    let data: Vec<u8> = options
        .iter()
        .flat_map(|(code, data)| [&code.to_be_bytes()[..], &(data.len() as u16).to_be_bytes(), data].concat())
        .collect();
    octets.extend([0, 0, 41, 16, 0, 0, 0, 0, 0]);
    octets.extend((data.len() as u16).to_be_bytes());
    octets.extend(data);
    octets
}

/// The options of an answer, in their order.
fn options(reply: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let at = reply.windows(5).rposition(|octets| octets == [0, 0, 41, 4, 0xd0]).unwrap();
    let mut rest = &reply[at + 11..];
    let mut options = Vec::new();
    while let Some(([a, b, c, d], behind)) = rest.split_first_chunk() {
        let (data, behind) = behind.split_at(usize::from(u16::from_be_bytes([*c, *d])));
        options.push((u16::from_be_bytes([*a, *b]), data.to_vec()));
        rest = behind;
    }
    options
}

fn dns(events: &Batch) -> crate::event::DnsQuestion {
    match event(events) {
        Some(Event::Dns(question)) => question,
        other => panic!("{other:?}"),
    }
}

/// The cookie that the pipeline gives the client of the tests.
fn learn(pipeline: &Pipeline) -> Vec<u8> {
    let (verdict, events) = pass(pipeline, &with_options("held.test.", &[(10, b"client__")]), Transport::Udp);
    assert!(!dns(&events).valid_cookie);
    let options = options(&verdict.reply.unwrap());
    assert_eq!((options.len(), options[0].0, options[0].1.len()), (1, 10, 24));
    assert_eq!(&options[0].1[..8], b"client__");
    options[0].1.clone()
}

#[test]
fn a_client_learns_a_cookie_and_is_confirmed_by_it() {
    let pipeline = pipeline(false);
    let cookie = learn(&pipeline);
    let (verdict, events) = pass(&pipeline, &with_options("held.test.", &[(10, &cookie)]), Transport::Udp);
    assert!(dns(&events).valid_cookie);
    assert_eq!(options(&verdict.reply.unwrap()), [(10, cookie.clone())], "it is still fresh");

    let mut wrong = cookie.clone();
    wrong[20] ^= 1;
    let (verdict, events) = pass(&pipeline, &with_options("held.test.", &[(10, &wrong)]), Transport::Udp);
    assert!(!dns(&events).valid_cookie);
    assert_eq!(options(&verdict.reply.unwrap()), [(10, cookie.clone())], "answered all the same, with a good one");

    // The first of several counts.
    let (verdict, _) =
        pass(&pipeline, &with_options("held.test.", &[(10, b"client__"), (10, b"another_")]), Transport::Udp);
    assert_eq!(options(&verdict.reply.unwrap()), [(10, cookie)]);
    // Refusals have cookies, too.
    let (verdict, _) = pass(&pipeline, &with_options("stranger.example.", &[(10, b"client__")]), Transport::Udp);
    let reply = verdict.reply.unwrap();
    assert_eq!((reply[3] & 0xf, options(&reply).len()), (5, 1));
    for length in [0, 7, 9, 15, 41] {
        let octets = with_options("held.test.", &[(10, &[0; 41][..length])]);
        let reply = Message::from_vec(&pass(&pipeline, &octets, Transport::Udp).0.reply.unwrap()).unwrap();
        assert_eq!(reply.metadata.response_code, ResponseCode::FormErr, "{length}");
        assert!(reply.edns.is_none(), "RFC 6891 section 7");
    }
}

#[test]
fn without_cookies_their_option_is_one_like_any_other() {
    let mut config = Config::new("unused");
    config.cookies.enabled = false;
    let pipeline = Pipeline::new(&config, [7; 16]);
    let (verdict, events) = pass(&pipeline, &with_options("held.test.", &[(10, b"client__")]), Transport::Udp);
    assert!(!dns(&events).valid_cookie && options(&verdict.reply.unwrap()).is_empty());
}

#[test]
fn who_asks_nothing_but_a_cookie_gets_one() {
    let whole = with_options(".", &[(10, b"client__")]);
    let ask = |octets: &[u8]| pass(&pipeline(false), octets, Transport::Udp);
    let mut octets = [&whole[..12], &whole[17..]].concat();
    octets[5] = 0;
    let (verdict, events) = ask(&octets);
    let reply = verdict.reply.unwrap();
    assert_eq!((reply[3] & 0xf, reply[5], options(&reply).len()), (0, 0, 1));
    assert!(events.is_empty() && verdict.record == Recorded::Count(Counted::Refused));
    // Without a cookie, or as another operation, no question is malformed.
    octets[2] |= 5 << 3;
    assert_eq!(ask(&octets).0.reply.unwrap()[3] & 0xf, 1);
    let mut nothing = whole[..12].to_vec();
    (nothing[5], nothing[11]) = (0, 0);
    assert_eq!(ask(&nothing).0.reply.unwrap()[3] & 0xf, 1);
}

#[test]
fn options_that_mean_nothing_here_are_passed_over() {
    let octets = with_options("held.test.", &[(65_001, b"xyz"), (12, &[0; 40]), (11, b""), (3, b""), (9, b"")]);
    let (verdict, _) = pass(&pipeline(false), &octets, Transport::Udp);
    assert!(options(&verdict.reply.unwrap()).is_empty(), "no NSID is configured, keepalive is for TCP");
    let mut config = Config::new("unused");
    config.nsid = "ns1.fra".to_owned();
    config.connections.idle = std::time::Duration::from_secs(10);
    let pipeline = Pipeline::new(&config, [7; 16]);
    let (verdict, _) = pass(&pipeline, &octets, Transport::Tcp);
    assert_eq!(options(&verdict.reply.unwrap()), [(3, b"ns1.fra".to_vec()), (11, vec![0, 100])]);
    let (verdict, _) = pass(&pipeline, &with_options("held.test.", &[]), Transport::Tcp);
    assert!(options(&verdict.reply.unwrap()).is_empty(), "it was not asked");
}

#[test]
fn a_client_subnet_is_recorded_and_answered_for_all_and_a_broken_one_is_malformed() {
    let with_subnet = |option: &[u8]| {
        let (verdict, events) = pass(&pipeline(false), &with_options("held.test.", &[(8, option)]), Transport::Udp);
        (verdict.reply.unwrap(), event(&events))
    };
    for (option, address, prefix) in [
        (&[0, 1, 24, 0, 203, 0, 113][..], "203.0.113.0", 24),
        (&[0, 2, 32, 0, 0x20, 1, 0xd, 0xb8], "2001:db8::", 32),
        (&[0, 1, 0, 0], "0.0.0.0", 0),
    ] {
        let (reply, event) = with_subnet(option);
        assert_eq!(options(&reply), [(8, option.to_vec())], "the scope is 0");
        let Some(Event::Dns(event)) = event else { panic!("{event:?}") };
        let subnet = event.client_subnet.unwrap();
        assert_eq!((subnet.address, subnet.prefix), (address.parse().unwrap(), prefix));
    }
    for broken in
        [&[0, 1, 24, 0, 203, 0][..], &[0, 1, 23, 0, 203, 0, 113], &[0, 1, 33, 0, 1, 2, 3, 4, 5], &[0, 3, 0, 0], &[0]]
    {
        assert_eq!(with_subnet(broken).0[3] & 0xf, 1, "{broken:?}");
    }
    assert_eq!(with_subnet(&[0, 0, 0, 0]).0[3] & 0xf, 0);
}

#[test]
fn another_version_of_edns_is_told_ours_whatever_its_options_are() {
    let mut octets = with_options("held.test.", &[(10, b"bad")]);
    let at = octets.windows(3).rposition(|octets| octets == [0, 0, 41]).unwrap();
    octets[at + 6] = 1;
    let (verdict, events) = pass(&pipeline(false), &octets, Transport::Udp);
    let reply = Message::from_vec(&verdict.reply.unwrap()).unwrap();
    assert_eq!(u16::from(reply.metadata.response_code), wire::rcode::BAD_VERSION);
    assert_eq!(reply.edns.unwrap().version(), 0);
    assert!(events.is_empty());
}

#[test]
fn over_the_rate_limit_a_resolver_is_sent_to_tcp_and_a_cookie_lifts_it() {
    let pipeline = pipeline(true);
    let cookie = learn(&pipeline);
    let octets = query("held.test.", RecordType::A).to_vec().unwrap();
    let strange = query("stranger.example.", RecordType::A).to_vec().unwrap();
    for index in 1..BURST {
        // Whatever is answered counts.
        let message = match index % 3 {
            0 => &octets[..],
            1 => &strange,
            _ => &octets[..14],
        };
        assert_ne!(pass(&pipeline, message, Transport::Udp).0.record, Recorded::Count(Counted::Limited));
    }
    let mut lengths = Vec::new();
    for message in [&octets, &octets, &strange, &strange, &with_options("held.test.", &[(10, b"client__")])] {
        for _ in 0..2 {
            let (verdict, events) = pass(&pipeline, message, Transport::Udp);
            assert!(verdict.record == Recorded::Count(Counted::Limited) && events.is_empty());
            if let Some(reply) = verdict.reply {
                assert!(reply.len() <= message.len());
                let reply = Message::from_vec(&reply).unwrap();
                assert!(reply.metadata.truncation && reply.answers.is_empty() && reply.queries.len() == 1);
                lengths.push(reply.queries[0].name.to_ascii());
            }
        }
    }
    assert_eq!(lengths.len(), 5, "every second one slips");
    // A cookie that was good once makes room for a new one.
    let mut wrong = cookie.clone();
    wrong[20] ^= 1;
    let message = with_options("held.test.", &[(10, &wrong)]);
    let replies: Vec<_> = (0..2).filter_map(|_| pass(&pipeline, &message, Transport::Udp).0.reply).collect();
    assert_eq!((replies.len(), replies[0].len()), (1, message.len()));
    assert_eq!(options(&replies[0]), [(10, cookie.clone())]);

    assert_eq!(pass(&pipeline, &octets, Transport::Tcp).0.record, Recorded::Event);
    for _ in 0..2 * BURST {
        let (verdict, _) = pass(&pipeline, &with_options("held.test.", &[(10, &cookie)]), Transport::Udp);
        assert_eq!(verdict.record, Recorded::Event);
    }
}
