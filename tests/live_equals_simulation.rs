//! **Contract: live equals simulation.** Small random scenarios (chains, worlds, timelines, herders) are played in
//! virtual time and over real sockets; every bot must have gone through the same sequence of (layer, name, route,
//! answer, contact), and the real sinkhole must have counted what the model says.

use std::fmt::Write;

use lab::play::{Options, simulate};
use lab::scenario::{Scenario, parse};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// A layer of the chain, as YAML.
fn layer() -> impl Strategy<Value = String> {
    let routes = select(vec!["[host]", "[name-servers]", "[host, name-servers]", "[name-servers, host]"]);
    let order = select(vec!["per-name", "per-route"]);
    let ports = select(vec!["[80]", "[443, 80]"]);
    let patience =
        select(vec!["", ", attempts: 2, time-out: 3s, backoff: { first: 2s, factor: 2.0, most: 30s, jitter: 0.5 }"]);
    let names = subsequence(vec!["a.herd.test", "b.herd.test", "c.herd.test", "d.herd.example"], 1..=4).prop_shuffle();
    let generator = select(vec![
        "family: ozdok, preset: model",
        "family: conficker, variant: b",
        "family: ramnit, params: { seed: 7, count: 3 }",
        "family: custom, preset: srizbi-model, params: { count: 9, tries: 3 }",
    ]);
    let addresses = subsequence(
        vec!["198.51.100.1:443", "198.51.100.2:80", "198.51.100.77:80", "192.0.2.53:80", "203.0.113.9:8080"],
        1..=3,
    );
    prop_oneof![
        3 => (names, routes.clone(), order.clone(), ports.clone(), patience.clone()).prop_map(
            |(names, routes, order, ports, patience)| format!(
                "domains: {{ names: [{}], routes: {routes}, order: {order}, ports: {ports}{patience} }}",
                names.join(", ")
            )
        ),
        2 => (generator, routes, order, ports).prop_map(|(generator, routes, order, ports)| format!(
            "dga: {{ {generator}, routes: {routes}, order: {order}, ports: {ports} }}"
        )),
        1 => (addresses, patience).prop_map(|(addresses, patience)| {
            let quoted: Vec<String> = addresses.iter().map(|address| format!("\"{address}\"")).collect();
            format!("addresses: {{ list: [{}]{patience} }}", quoted.join(", "))
        }),
    ]
}

/// An act of the timeline, as YAML; the second part says whether it needs a layer of this kind.
fn act() -> impl Strategy<Value = (String, Option<&'static str>)> {
    let names = || subsequence(vec!["a.herd.test", "b.herd.test", "c.herd.test", "d.herd.example"], 1..=3);
    let hosts = subsequence(vec!["one", "two", "ns-a", "ns-b"], 1..=3);
    prop_oneof![
        hosts.prop_map(|hosts| (format!("null-route: {{ hosts: [{}] }}", hosts.join(", ")), None)),
        (subsequence(vec!["ns-a", "ns-b"], 1..=2), select(vec!["", ", lasts: 5h"]))
            .prop_map(|(hosts, lasts)| (format!("cut-name-servers: {{ hosts: [{}]{lasts} }}", hosts.join(", ")), None)),
        names().prop_map(|names| (format!("suspend: {{ names: [{}] }}", names.join(", ")), None)),
        names().prop_map(|names| (format!("sinkhole: {{ names: [{}], host: sink }}", names.join(", ")), None)),
        (1_u32..3).prop_map(|days| (
            format!("pre-register: {{ layer: dga, from: 2020-02-28, days: {days}, host: sink }}"),
            Some("dga")
        )),
    ]
}

prop_compose! {
    fn scenario()(
        chain in prop::collection::vec(layer(), 1..4),
        acts in prop::collection::vec((0_u32..40, act()), 0..6),
        holders in prop::collection::vec(select(vec!["herder", "none", "stranger", "sinkhole"]), 4),
        bots in 1_u32..6,
        seed in any::<u32>(),
        keyed in any::<bool>(),
        complies in any::<bool>(),
        online in select(vec![0.3, 0.6, 1.0]),
        nat in select(vec![0.0, 0.5, 1.0]),
        resolvers in 1_u32..4,
        ttl in select(vec!["30s", "5m", "3h"]),
        may in subsequence(vec!["register-spare", "register-generated", "raise-host"], 0..=3).prop_shuffle(),
        reacts in 1_u32..12,
    ) -> String {
        let mut text = format!(
            "version: 1\nname: random\nseed: {seed}\nclock: {{ start: 2020-02-28T12:00:00Z, days: 2 }}\n\
             bots:\n  count: {bots}\n  call-back: {{ every: 2h, jitter: 0.3 }}\n  handshake: {}\n\
             \x20 online: {{ mean: {online:?}, diurnal: {keyed} }}\n\
             \x20 churn: {{ leave-per-day: 0.2, join-per-day: 0.5 }}\n\
             \x20 addresses: {{ lease: 5h, nat: {nat:?} }}\n  resolvers: {{ count: {resolvers}, skew: 1.0 }}\n",
            if keyed { "keyed" } else { "none" },
        );
        text.push_str("chain:\n");
        for layer in &chain {
            let _ = writeln!(text, "  - {layer}");
        }
        let _ = write!(
            text,
            "name-servers: [ns-a, ns-b]\nworld:\n  hosts:\n\
             \x20   one: {{ address: 198.51.100.1, operator: herder, provider: us }}\n\
             \x20   two: {{ address: 198.51.100.2, operator: herder, provider: tr }}\n\
             \x20   new: {{ address: 198.51.100.3, operator: herder, provider: tr, up: false }}\n\
             \x20   ns-a: {{ address: 203.0.113.5, operator: herder, provider: us, serves: dns }}\n\
             \x20   ns-b: {{ address: 203.0.113.6, operator: herder, provider: tr, serves: dns }}\n\
             \x20   shop: {{ address: 203.0.113.9, operator: stranger }}\n\
             \x20   sink: {{ address: 192.0.2.53, operator: sinkhole }}\n\
             \x20 providers: {{ us: {{ complies: true }}, tr: {{ complies: {complies} }} }}\n  names:\n"
        );
        for (index, (name, holder)) in ["a.herd.test", "b.herd.test", "c.herd.test", "d.herd.example"].iter().zip(&holders).enumerate() {
            let points_to = match *holder {
                "none" => "",
                "stranger" => ", points-to: [shop]",
                "sinkhole" => ", points-to: [sink]",
                _ => [", points-to: [one]", ", points-to: [two, one]", ", points-to: [new]", ", points-to: [one, two]"][index],
            };
            let _ = writeln!(text, "    {name}: {{ holder: {holder}{points_to} }}");
        }
        let _ = writeln!(text, "  ttl: {ttl}\n  sinkhole-ttl: {ttl}");
        let mut acts = acts;
        acts.retain(|(_, (_, needs))| needs.is_none_or(|kind| chain.iter().filter(|layer| layer.starts_with(kind)).count() == 1));
        acts.sort_by_key(|(hour, _)| *hour);
        text.push_str(if acts.is_empty() { "timeline: []\n" } else { "timeline:\n" });
        for (hour, (act, _)) in acts {
            let (day, hour) = (["02-28", "02-29", "03-01"][(12 + hour as usize) / 24], (12 + hour) % 24);
            let _ = writeln!(text, "  - {{ at: 2020-{day}T{hour:02}:20:00Z, by: defender, act: {{ {act} }} }}");
        }
        let _ = writeln!(text, "herder: {{ notices-below: 0.5, reacts-after: {reacts}h, may: [{}] }}", may.join(", "));
        text
    }
}

fn meaning(text: &str) -> Scenario {
    match parse("random.yaml", text.as_bytes(), &dga::WordLists::none()) {
        Ok(scenario) => scenario,
        Err(problems) => panic!("the test's own scenario is wrong:\n{}\n{text}", problems.render(false)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn each_bot_goes_through_the_same(text in scenario()) {
        let scenario = meaning(&text);
        let options = Options { trace: true, ..Options::default() };
        let simulated = simulate(&scenario, &options, &mut ()).expect("the simulation runs");
        let live = lab::live::run(&scenario, &options, &mut ()).expect("the live run runs");
        for (simulated, live) in simulated.trace.iter().zip(&live.trace) {
            prop_assert_eq!(simulated, live, "in\n{}", text);
        }
        prop_assert_eq!(simulated.trace.len(), live.trace.len());
        prop_assert_eq!(&simulated.outcome, &live.outcome, "in\n{}", text);
    }
}

/// The property must not hold because nothing ever happens: this scenario takes a bot over every kind of answer.
#[test]
fn the_sequence_is_rich() {
    let text = include_str!("scenarios/every-answer.yaml");
    let scenario = meaning(text);
    let options = Options { trace: true, ..Options::default() };
    let simulated = simulate(&scenario, &options, &mut ()).expect("the simulation runs");
    let live = lab::live::run(&scenario, &options, &mut ()).expect("the live run runs");
    assert_eq!(simulated.trace, live.trace);
    assert_eq!(simulated.outcome, live.outcome);
    let seen = format!("{:?}", live.trace);
    for answer in [
        "Addresses",
        "NxDomain",
        "NoData",
        "Refused",
        "TimedOut",
        "Connected(Herder)",
        "Connected(Sinkhole)",
        "Connected(Stranger)",
        "ConnectionRefused",
        "ConnectionTimedOut",
        "peer: None",
        "peer: Some(Herder)",
    ] {
        assert!(seen.contains(answer), "no bot met {answer}");
    }
}
