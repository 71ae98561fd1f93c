//! Bots that follow a script bring exactly what they bring step by step: a play that is recorded is played without
//! a script, and its outcome must be the same.

use dga::WordLists;
use lab::play::{Options, simulate};
use lab::scenario::{Scenario, parse};
use proptest::prelude::*;

/// What varies from one scenario to the next.
#[derive(Clone, Debug)]
struct Variant {
    seed: u32,
    layers: Vec<&'static str>,
    handshake: &'static str,
    order: &'static str,
    routes: &'static str,
    patience: &'static str,
    every: &'static str,
    online: &'static str,
    nat: f32,
    resolvers: u32,
    ttls: [&'static str; 3],
    acts: &'static str,
}

/// A generator of which each bot picks its own names: there is no script for that stage.
const SOME_OF_A_LIST: &str = "custom, preset: srizbi-model, params: { count: 9, tries: 3 }";

fn variants() -> impl Strategy<Value = Variant> {
    let layers = vec!["domains", "conficker", "ozdok", SOME_OF_A_LIST, "addresses"];
    let ttl = || prop::sample::select(vec!["0s", "7s", "50s", "5m", "2h"]);
    let first = (
        any::<u32>(),
        prop::sample::subsequence(layers, 1..=3).prop_shuffle(),
        prop::sample::select(vec!["none", "keyed"]),
        prop::sample::select(vec!["per-name", "per-route"]),
        prop::sample::select(vec!["[host]", "[host, name-servers]", "[name-servers, host]"]),
        prop::sample::select(vec![
            "time-out: 5s",
            "time-out: 1ms",
            "time-out: 40s",
            "attempts: 3, time-out: 2s, backoff: { first: 500ms, jitter: 0.5 }",
            "attempts: 2, backoff: { first: 0s }",
        ]),
    );
    let second = (
        prop::sample::select(vec![
            "{ every: 1h, jitter: 0.2 }",
            "{ every: 20m, jitter: 1 }",
            "{ every: 3d, jitter: 0.5 }",
        ]),
        prop::sample::select(vec!["{ mean: 1 }", "{ mean: 0.57, diurnal: true }", "{ mean: 0.9 }"]),
        prop::sample::select(vec![0.0_f32, 0.2, 1.0]),
        prop::sample::select(vec![1_u32, 3, 40]),
        [ttl(), ttl(), ttl()],
        prop::sample::select(vec!["02:30:00", "03:00:00", "04:17:05"]),
    );
    (first, second).prop_map(|(first, second)| {
        let (seed, layers, handshake, order, routes, patience) = first;
        let (every, online, nat, resolvers, ttls, acts) = second;
        Variant { seed, layers, handshake, order, routes, patience, every, online, nat, resolvers, ttls, acts }
    })
}

impl Variant {
    fn text(&self) -> String {
        let Self { seed, layers, handshake, order, routes, patience, every, online, nat, resolvers, ttls, acts } = self;
        let [ttl, negative, sinkhole] = ttls;
        let walk = format!("routes: {routes}, order: {order}, ports: [80, 443], {patience}");
        let chain = layers.iter().map(|layer| match *layer {
            "domains" => format!("  - domains: {{ names: [a.bot.test, b.bot.test, c.bot.test, d.bot.test], {walk} }}\n"),
            "addresses" => {
                format!("  - addresses: {{ list: [\"198.51.100.1:80\", \"192.0.2.53:80\", \"203.0.113.9:1\"], {patience} }}\n")
            }
            family => format!("  - dga: {{ family: {family}, {walk} }}\n"),
        });
        let chain: String = chain.collect();
        let generated = layers.iter().filter(|layer| !["domains", "addresses"].contains(layer)).count();
        let pre_register = if generated > 0 {
            let layer = if generated == 1 { "dga" } else { "dga-1" };
            format!(
                "  - {{ at: 2009-11-02T{acts}Z, by: defender, act: {{ pre-register: \
                 {{ layer: {layer}, from: 2009-11-02, days: 2, host: sink }} }} }}\n"
            )
        } else {
            String::new()
        };
        format!(
            "version: 1\nname: varied\nabout: varied\nseed: {seed}\n\
             clock: {{ start: 2009-11-01T20:07:11Z, days: 1 }}\n\
             bots:\n  count: 30\n  call-back: {every}\n  handshake: {handshake}\n  online: {online}\n  \
             churn: {{ leave-per-day: 0.1, join-per-day: 0.3 }}\n  addresses: {{ lease: 5h, nat: {nat:.1} }}\n  \
             resolvers: {{ count: {resolvers}, skew: 1 }}\n\
             chain:\n{chain}\
             name-servers: [ns]\n\
             world:\n  hosts:\n    \
             c2: {{ address: 198.51.100.1, operator: herder, provider: one }}\n    \
             c3: {{ address: 198.51.100.2, operator: herder, provider: one, up: false }}\n    \
             ns: {{ address: 198.51.100.5, operator: herder, provider: one, serves: dns }}\n    \
             sink: {{ address: 192.0.2.53, operator: sinkhole }}\n  \
             providers: {{ one: {{ complies: true }} }}\n  \
             names:\n    a.bot.test: {{ holder: herder, points-to: [c3, c2] }}\n    \
             b.bot.test: {{ holder: herder, points-to: [c2] }}\n    c.bot.test: {{ holder: none }}\n    \
             d.bot.test: {{ holder: none }}\n  \
             ttl: {ttl}\n  negative-ttl: {negative}\n  sinkhole-ttl: {sinkhole}\n\
             timeline:\n\
             {pre_register}  - {{ at: 2009-11-02T{acts}Z, by: defender, act: {{ cut-name-servers: {{ hosts: [ns], lasts: 100m }} }} }}\n  \
             - {{ at: 2009-11-02T09:00:00Z, by: defender, act: {{ null-route: {{ hosts: [c2] }} }} }}\n  \
             - {{ at: 2009-11-02T09:40:00Z, by: defender, act: {{ suspend: {{ names: [a.bot.test] }} }} }}\n  \
             - {{ at: 2009-11-02T11:00:00Z, by: defender, act: {{ sinkhole: {{ names: [b.bot.test, d.bot.test], host: sink }} }} }}\n\
             herder: {{ notices-below: 0.5, reacts-after: 3h, may: [register-spare, register-generated, raise-host] }}\n"
        )
    }

    fn scenario(&self) -> Scenario {
        let text = self.text();
        parse("varied.yaml", text.as_bytes(), &WordLists::none())
            .unwrap_or_else(|problems| panic!("{}\n{text}", problems.render(false)))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_script_changes_nothing(variant in variants()) {
        let scenario = variant.scenario();
        let play = |trace| {
            simulate(&scenario, &Options { bots: None, threads: Some(1), trace }, &mut ()).expect("the play goes on")
        };
        let (scripted, step_by_step) = (play(false), play(true));
        prop_assert!(step_by_step.outcome.population.call_backs > 0);
        prop_assert_eq!(scripted.outcome, step_by_step.outcome);
    }
}
