//! How a bot walks its chain: order, retries, pauses, handshakes, and what holds for every chain.

use std::net::{IpAddr, Ipv4Addr};

use dga::Name;
use proptest::prelude::*;
use resolver_chain::layers::{Addresses as Listed, Domains};
use resolver_chain::{
    Addresses, Answer, Backoff, Bot, Candidates, Chain, Handshake, Itinerary, Layer, LayerError, Moment, Order,
    Patience, Peer, Route, Server, Span, Stage, Step,
};

const START: Moment = Moment(1_257_465_600_000);

fn names(count: usize) -> Box<dyn Layer> {
    let name = |index| Name::parse(&format!("n{index}.megad.test")).expect("a name");
    Box::new(Domains::new((0..count).map(name).collect()))
}

fn stage(layer: Box<dyn Layer>, routes: &[Route], order: Order, patience: Patience) -> Stage {
    Stage { layer, routes: routes.to_vec(), order, patience, ports: vec![80] }
}

fn laid_out(chain: &Chain) -> Itinerary {
    let mut itinerary = Itinerary::new(chain);
    itinerary.extend(chain, START, START + Span::days(1)).expect("candidates");
    itinerary
}

fn address(last: u8) -> Answer {
    let addresses: Addresses = [IpAddr::V4(Ipv4Addr::new(198, 51, 100, last))].into_iter().collect();
    Answer::Addresses { addresses, ttl: 300 }
}

/// Walks one call-back with `answer` for every question; gives what was asked and where it ended.
fn walk(chain: &Chain, handshake: Handshake, mut answer: impl FnMut(&str) -> Answer) -> (Vec<String>, Step) {
    let itinerary = laid_out(chain);
    let mut bot = Bot::new(handshake, 1, 2);
    let (mut now, mut asked) = (START, Vec::new());
    loop {
        let step = bot.poll(&itinerary, now);
        if let Step::Ask(_) | Step::Connect(_) | Step::Wait { .. } = step {
            assert_eq!(step, bot.poll(&itinerary, now), "asking again changes nothing");
        }
        let what = match step {
            Step::Ask(question) => {
                let server = match question.server {
                    Server::Host => "host".to_owned(),
                    Server::NameServer(index) => format!("ns{index}"),
                    Server::Direct => unreachable!("a question goes to a server"),
                };
                format!("{} {server}", itinerary.name(question.name))
            }
            Step::Connect(attempt) => format!("connect {}", attempt.address),
            Step::Wait { until } => {
                assert!(until > now);
                now = until;
                continue;
            }
            Step::Found(_) | Step::Exhausted => return (asked, step),
        };
        now += Span(10);
        bot.heard(&itinerary, answer(&what), now);
        asked.push(what);
        assert!(asked.len() < 10_000, "a call-back ends");
    }
}

#[test]
fn each_name_goes_over_every_route_before_the_next() {
    let routes = [Route::Host, Route::NameServers];
    let chain = Chain::new(vec![stage(names(2), &routes, Order::PerName, Patience::default())], 2).expect("a chain");
    let (asked, end) = walk(&chain, Handshake::None, |_| Answer::NxDomain);
    let expected = [
        "n0.megad.test host",
        "n0.megad.test ns0",
        "n0.megad.test ns1",
        "n1.megad.test host",
        "n1.megad.test ns0",
        "n1.megad.test ns1",
    ];
    assert_eq!(asked, expected);
    assert_eq!(end, Step::Exhausted);
}

#[test]
fn each_route_goes_over_all_names_before_the_next() {
    let routes = [Route::Host, Route::NameServers];
    let chain = Chain::new(vec![stage(names(2), &routes, Order::PerRoute, Patience::default())], 2).expect("a chain");
    let (asked, _) = walk(&chain, Handshake::None, |_| Answer::TimedOut);
    let expected = [
        "n0.megad.test host",
        "n1.megad.test host",
        "n0.megad.test ns0",
        "n0.megad.test ns1",
        "n1.megad.test ns0",
        "n1.megad.test ns1",
    ];
    assert_eq!(asked, expected);
}

#[test]
fn a_route_over_no_name_servers_leads_nowhere() {
    let routes = [Route::NameServers, Route::Host];
    let chain = Chain::new(vec![stage(names(2), &routes, Order::PerName, Patience::default())], 0).expect("a chain");
    let (asked, _) = walk(&chain, Handshake::None, |_| Answer::NxDomain);
    assert_eq!(asked, ["n0.megad.test host", "n1.megad.test host"]);
}

#[test]
fn only_a_time_out_is_tried_again_and_pauses_grow() {
    let backoff = Backoff { first: Span::seconds(2), factor: 3.0, most: Span::seconds(5), jitter: 0.0 };
    let patience = Patience { time_out: Span::seconds(1), attempts: 3, backoff };
    let chain = Chain::new(vec![stage(names(1), &[Route::Host], Order::PerName, patience)], 0).expect("a chain");
    let itinerary = laid_out(&chain);
    let mut bot = Bot::new(Handshake::None, 1, 2);
    let (mut now, mut pauses, mut questions) = (START, Vec::new(), 0);
    loop {
        match bot.poll(&itinerary, now) {
            Step::Ask(question) => {
                assert_eq!(question.time_out, Span::seconds(1));
                questions += 1;
                now += question.time_out;
                bot.heard(&itinerary, Answer::TimedOut, now);
            }
            Step::Wait { until } => {
                pauses.push(until - now);
                now = until;
            }
            Step::Exhausted => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((questions, pauses), (3, vec![Span::seconds(2), Span::seconds(5)]));
    let (asked, _) = walk(&chain, Handshake::None, |_| Answer::ServFail);
    assert_eq!(asked.len(), 1);
}

/// A layer of which each bot tries only some names.
struct Part(Box<dyn Layer>, u32);

impl Layer for Part {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn about(&self) -> String {
        self.0.about()
    }

    fn candidates(&self, at: Moment) -> Result<Candidates, LayerError> {
        self.0.candidates(at)
    }

    fn tries(&self) -> Option<u32> {
        Some(self.1)
    }
}

#[test]
fn a_bot_that_tries_some_names_picks_anew_for_each_call_back() {
    let layer = Box::new(Part(names(200), 20));
    let chain = Chain::new(vec![stage(layer, &[Route::Host, Route::Direct], Order::PerName, Patience::default())], 0)
        .expect("a chain");
    let itinerary = laid_out(&chain);
    let mut bot = Bot::new(Handshake::None, 1, 2);
    let mut passes = Vec::new();
    for _ in 0..3 {
        let mut asked = Vec::new();
        while let Step::Ask(question) = bot.poll(&itinerary, START) {
            asked.push((question.name, question.server));
            bot.heard(&itinerary, Answer::NxDomain, START);
        }
        assert_eq!(asked.len(), 40, "20 names over two routes");
        for pair in asked.chunks(2) {
            assert_eq!(pair[0].0, pair[1].0, "each name over every route before the next");
        }
        let picked: std::collections::BTreeSet<_> = asked.iter().map(|(name, _)| *name).collect();
        assert_eq!(picked.len(), 20, "no name twice");
        passes.push(asked);
    }
    assert!(passes[0] != passes[1] && passes[1] != passes[2], "each call-back has its own names");
}

#[test]
fn a_keyed_bot_passes_a_sinkhole_by_and_stays_with_the_herder() {
    let stages = || {
        let listed = Listed::new(vec!["198.51.100.9:443".parse().expect("an address")]);
        vec![
            stage(names(2), &[Route::Host], Order::PerName, Patience::default()),
            stage(Box::new(listed), &[Route::Direct], Order::PerName, Patience::default()),
        ]
    };
    let answer = |what: &str| match what {
        "n0.megad.test host" => address(1),
        "n1.megad.test host" => address(2),
        "connect 198.51.100.9:443" => Answer::Connected(Peer::Herder),
        _ => Answer::Connected(Peer::Sinkhole),
    };
    let chain = Chain::new(stages(), 0).expect("a chain");
    let (asked, end) = walk(&chain, Handshake::Keyed, answer);
    assert_eq!(asked.len(), 5);
    assert!(matches!(end, Step::Found(contact) if contact.peer == Peer::Herder && contact.stage == 1));
    let (asked, end) = walk(&chain, Handshake::None, answer);
    assert_eq!(asked.len(), 2);
    assert!(matches!(end, Step::Found(contact) if contact.peer == Peer::Sinkhole && contact.stage == 0));
}

proptest! {
    /// Whatever the world answers, a call-back asks each name of each server at most `attempts` times, in the chain's
    /// order, and ends; and the next one begins from the first layer again.
    #[test]
    fn a_call_back_ends_and_begins_anew(
        counts in prop::collection::vec(0_usize..5, 1..4),
        servers in 0_u8..4,
        per_route in any::<bool>(),
        attempts in 1_u8..4,
        keyed in any::<bool>(),
        answers in prop::collection::vec(0_u8..9, 1..40),
    ) {
        let order = if per_route { Order::PerRoute } else { Order::PerName };
        let patience = Patience { attempts, ..Patience::default() };
        let routes = [Route::Host, Route::NameServers];
        let stages = counts.iter().map(|count| stage(names(*count), &routes, order, patience)).collect();
        let chain = Chain::new(stages, servers).expect("a chain");
        let handshake = if keyed { Handshake::Keyed } else { Handshake::None };
        let run = || {
            let mut turn = 0;
            walk(&chain, handshake, |what| {
                turn += 1;
                let connecting = what.starts_with("connect");
                match (answers[turn % answers.len()], connecting) {
                    (0, false) => address(1),
                    (1, false) => Answer::NoData,
                    (2, false) => Answer::ServFail,
                    (3, false) => Answer::Refused,
                    (4 | 5, false) => Answer::TimedOut,
                    (_, false) => Answer::NxDomain,
                    (0, true) => Answer::Connected(Peer::Herder),
                    (1, true) => Answer::Connected(Peer::Sinkhole),
                    (2 | 3, true) => Answer::ConnectionTimedOut,
                    (_, true) => Answer::ConnectionRefused,
                }
            })
        };
        let (asked, end) = run();
        prop_assert_eq!((asked.clone(), end), run());
        let most: usize = counts.iter().sum::<usize>() * (1 + usize::from(servers)) * 2 * usize::from(attempts);
        prop_assert!(asked.len() <= most, "{} steps of {}", asked.len(), most);
        if let Step::Found(contact) = end {
            prop_assert!(!keyed || contact.peer == Peer::Herder);
        }
    }
}
