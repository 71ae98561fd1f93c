//! The short way against the long one: whatever arrives, in whatever order, both must say and record the same.

use hickory_proto::rr::rdata::opt::EdnsOption;

use super::*;

const SOURCE: &str = "198.51.100.7:5353";

/// Options of a query.
#[derive(Clone, Debug)]
enum Options {
    None,
    /// A cookie of the client's own with nothing, something, or what it was given behind it.
    Client(Vec<u8>),
    Given,
    /// Some other option, or a known one in whatever form.
    Other(u16, Vec<u8>),
}

/// A query as resolvers send it, for which a server with `cookies` is asked.
#[derive(Clone, Debug)]
struct Usual {
    name: &'static str,
    qtype: RecordType,
    flags: [bool; 3],
    edns: Option<(u16, bool, u8, Options)>,
}

impl Usual {
    fn octets(&self, cookies: Option<&Cookies>) -> Vec<u8> {
        let mut message = query(self.name, self.qtype);
        [message.metadata.recursion_desired, message.metadata.authentic_data, message.metadata.checking_disabled] =
            self.flags;
        if let Some((size, dnssec, version, options)) = &self.edns {
            let mut edns = Edns::new();
            edns.set_max_payload(*size).set_dnssec_ok(*dnssec).set_version(version / 15);
            let client = [9; 8];
            let mut cookie = |server: &[u8]| {
                edns.options_mut().insert(EdnsOption::Unknown(10, [&client[..], server].concat()));
            };
            match options {
                Options::None => {}
                Options::Client(server) => cookie(server),
                Options::Given => {
                    let source: SocketAddr = SOURCE.parse().unwrap();
                    let made = cookies.map(|cookies| cookies.make(client, source.ip(), DateTime::UNIX_EPOCH));
                    cookie(&made.unwrap_or([1; 16]));
                }
                Options::Other(code, data) => edns.options_mut().insert(EdnsOption::Unknown(*code, data.clone())),
            }
            message.set_edns(edns);
        }
        message.to_vec().unwrap()
    }
}

fn usual() -> impl Strategy<Value = Usual> {
    let names = prop::sample::select(vec!["held.test.", "a.hElD.test.", "other.example.", "a.", "."]);
    let qtypes = prop::sample::select(vec![RecordType::A, RecordType::AAAA, RecordType::A, RecordType::NS]);
    let options = prop_oneof![
        Just(Options::None),
        prop::collection::vec(any::<u8>(), 0..34).prop_map(Options::Client),
        Just(Options::Client(Vec::new())),
        Just(Options::Given),
        (0..14_u16, prop::collection::vec(any::<u8>(), 0..20)).prop_map(|(code, data)| Options::Other(code, data)),
    ];
    let edns = prop::option::of((any::<u16>(), any::<bool>(), 0..16_u8, options));
    (names, qtypes, any::<[bool; 3]>(), edns).prop_map(|(name, qtype, flags, edns)| Usual { name, qtype, flags, edns })
}

/// What a server is configured to.
fn setting() -> impl Strategy<Value = (Config, Answer, bool)> {
    let addresses = prop::sample::select(vec![0_u8, 1, 2, 5, 40]);
    (any::<[bool; 4]>(), addresses.clone(), addresses).prop_map(|([limited, cookies, nsid, lured], a, aaaa)| {
        let mut config = Config::new("unused");
        config.rate_limit.enabled = limited;
        config.rate_limit.per_second = 2;
        config.cookies.enabled = cookies;
        config.nsid = if nsid { "here".to_owned() } else { String::new() };
        let a = (0..a).map(|last| [192, 0, 2, last].into()).collect();
        let aaaa = (0..aaaa).map(|last| [0x2001, 0xdb8, 0, 0, 0, 0, 0, u16::from(last)].into()).collect();
        (config, Answer { a, aaaa, negative_ttl: 60, ..Answer::default() }, lured)
    })
}

fn received(octets: &[u8]) -> Received<'_> {
    Received {
        octets,
        source: SOURCE.parse().unwrap(),
        transport: Transport::Udp,
        listener: ListenerId::NONE,
        at: DateTime::UNIX_EPOCH,
    }
}

/// The answer to octets that are answered where they lie, where it is recorded, and the events.
fn decide(pipeline: &Pipeline, names: &Names, octets: &[u8]) -> (Option<Vec<u8>>, Recorded, Batch) {
    let mut events = Batch::default();
    let decision = pipeline.decide(names, Plan::of(octets, names), &received(octets), &mut events);
    let mut room = [0xee; 1536];
    room[..octets.len()].copy_from_slice(octets);
    let length = decision.reply.write(&mut room);
    ((length > 0).then(|| room[..length].to_vec()), decision.record, events)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn the_short_way_and_the_long_way_give_the_same_octets(
        (config, answer, lured) in setting(),
        messages in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..80).prop_map(Result::Err),
                nearly_a_query().prop_map(Result::Err),
                usual().prop_map(Result::Ok),
                usual().prop_map(Result::Ok),
            ],
            1..12,
        ),
    ) {
        let mut names = held(answer.clone());
        if !lured {
            let zone = vec![Zone::new(answer).unlured()];
            let entry = Entry { label: LabelId(1), preset: LabelId(2), period: 3, index: 7, zone: ZoneId::default() };
            names = Names::of(&crate::names::Collection::default(), zone, |_| LabelId::NONE);
            names.hold(&"held.test".parse().unwrap(), entry);
        }
        let (short, long) = (Pipeline::new(&config, [7; 16]), Pipeline::new(&config, [7; 16]));
        for message in messages {
            let octets = message.map_or_else(|octets| octets, |usual| usual.octets(long.cookies.as_ref()));
            let (verdict, events) = pass_with(&long, &names, &octets, Transport::Udp);
            let (reply, record, short_events) = decide(&short, &names, &octets);
            prop_assert_eq!(reply, verdict.reply, "{:?}", octets);
            prop_assert_eq!(record, verdict.record);
            prop_assert_eq!(short_events.octets(), events.octets());
        }
    }
}

#[test]
fn what_resolvers_send_takes_the_short_way() {
    let names = held(Answer::default());
    let cookie = |server: &[u8]| Options::Client(server.to_vec());
    for (qtype, edns, short) in [
        (RecordType::A, None, true),
        (RecordType::AAAA, Some((1232, true, 0, Options::None)), true),
        (RecordType::A, Some((1232, false, 0, cookie(&[]))), true),
        (RecordType::A, Some((1232, false, 0, cookie(&[1; 16]))), true),
        (RecordType::A, Some((1232, false, 15, Options::None)), false),
        (RecordType::A, Some((1232, false, 0, Options::Other(3, Vec::new()))), false),
        (RecordType::NS, None, false),
    ] {
        for flags in [[true, true, true], [false, false, false]] {
            let usual = Usual { name: "held.test.", qtype, flags, edns: edns.clone() };
            assert_eq!(Plan::of(&usual.octets(None), &names).is_some(), short, "{usual:?}");
        }
    }
}
