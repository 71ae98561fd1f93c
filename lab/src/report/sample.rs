//! A play of twenty days, made up for the tests of reports: a night of acts, a week at the sinkhole, a return. Some
//! of its names are hostile.

use chrono::{DateTime, TimeDelta, Utc};
use resolver_chain::Moment;

use super::{Mode, Subject};
use crate::outcome::{
    AnswerTally, ConnectionTally, Control, Ends, Happening, HostTally, Hour, LayerTally, NameTally, Outcome,
    Population, RouteTally, ServerTally, SinkholeDay, SinkholeTally, Verdict,
};

/// A scenario's name that tries to be markup, to steer a terminal and to read as something else.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script> \u{1b}[2J \u{202e}drow =cmd()|' /C calc'!A0";

fn start() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2009-11-01T00:00:00Z").unwrap().to_utc()
}

fn at(hours: i64) -> String {
    Moment::from(start() + TimeDelta::hours(hours)).to_string()
}

/// Share of the herder and of the sinkhole at an hour of the play.
fn shares(hour: i64) -> (f64, f64) {
    match hour {
        ..118 => (1.0, 0.0),
        118..122 => (1.0 - 0.25 * (hour - 117) as f64, 0.23 * (hour - 117) as f64),
        122..336 => (0.0, 0.97 - 0.002 * ((hour % 24) as f64)),
        336..348 => (0.07 * (hour - 335) as f64, 0.97 - 0.08 * (hour - 335) as f64),
        _ => (0.9, 0.02),
    }
}

fn hour(number: i64) -> Hour {
    let online = 118_000 + 24_000 * ((number % 24) - 12).abs().unsigned_abs() / 12;
    let waiting = online / 200;
    let settled = online - waiting;
    let (herder, held) = shares(number);
    let herder = (settled as f64 * herder) as u64;
    let held = (settled as f64 * held) as u64;
    let counted = (settled - herder - held) / 4;
    let stranger = (settled - herder - held) / 8;
    let ends = Ends { herder, held, counted, stranded: settled - herder - held - counted - stranger, stranger };
    Hour {
        at: at(number),
        infected: 264_784,
        online,
        herder,
        held,
        counted,
        stranded: ends.stranded,
        stranger,
        waiting,
        call_backs: settled,
        ended: ends,
        by_layer: vec![herder, held],
        sinkhole_addresses: held * 9 / 10,
        sinkhole_bots: held,
        sinkhole_questions: held / 50,
    }
}

fn happening(hours: i64, by: &str, what: &str, without_effect: &[&str]) -> Happening {
    let without_effect = without_effect.iter().map(|&reason| reason.to_owned()).collect();
    Happening { at: at(hours), by: by.to_owned(), what: what.to_owned(), without_effect }
}

fn route(route: &str, addresses: u64, nxdomain: u64, sinkhole: u64) -> RouteTally {
    RouteTally {
        route: route.to_owned(),
        answers: AnswerTally { addresses, nxdomain, timed_out: nxdomain / 9, ..AnswerTally::default() },
        connections: ConnectionTally {
            herder: addresses - sinkhole,
            sinkhole,
            timed_out: 1_234_567,
            ..ConnectionTally::default()
        },
    }
}

fn name(name: &str, origin: &str, questions: u64, holder_at_end: &str) -> NameTally {
    NameTally { name: name.to_owned(), origin: origin.to_owned(), questions, holder_at_end: holder_at_end.to_owned() }
}

fn server(server: &str, questions: u64, from_cache: u64, timed_out: u64) -> ServerTally {
    ServerTally { server: server.to_owned(), questions, from_cache, timed_out }
}

fn host(host: &str, address: &str, operator: &str, accepted: u64, state_at_end: &str) -> HostTally {
    let [host, address, operator, state_at_end] = [host, address, operator, state_at_end].map(str::to_owned);
    HostTally { host, address, operator, accepted, state_at_end }
}

fn verdict(expected: &str, seen: &str, holds: bool) -> Verdict {
    Verdict { expected: expected.to_owned(), seen: seen.to_owned(), holds }
}

/// The play: what was played, and what came out.
pub(crate) fn play() -> (Subject, Outcome) {
    let subject = Subject {
        scenario: HOSTILE.to_owned(),
        about: "FireEye's night of 5 November 2009 against Mega-D,\nwith the generated names left open".to_owned(),
        seed: 20_091_105,
        hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        mode: Mode::Simulation,
        bots: 264_784,
        start: Moment::from(start()),
        end: Moment::from(start() + TimeDelta::days(20)),
        tool_version: "0.1.0".to_owned(),
        catalogue_version: "0.1.0".to_owned(),
    };
    let days = (5..15).map(|day| SinkholeDay {
        day: (start() + TimeDelta::days(day)).format("%Y-%m-%d").to_string(),
        questions: 98_400 - 900 * day as u64,
        connections: 2_800_000,
        addresses: 240_100 + 1_000 * day as u64,
        bots: 131_000 - 1_000 * day as u64,
    });
    let outcome = Outcome {
        hours: (0..=20 * 24).map(hour).collect(),
        happenings: vec![
            happening(
                118,
                "defender",
                "null-routes c2-1 to c2-9",
                &["c2-7: provider tr-1 refuses", "c2-8: provider il-1 refuses"],
            ),
            happening(118, "defender", "suspends one.megad.test and 5 more names", &[]),
            happening(119, "defender", "points two.megad.test at sink", &[]),
            happening(334, "herder", "registers <b>bold</b>.example \u{1b}[31m", &[]),
        ],
        layers: vec![
            LayerTally {
                kind: "domains".to_owned(),
                about: "domains, 12 names".to_owned(),
                entered: 54_321_987,
                routes: vec![
                    route("host", 52_000_000, 9_400_000, 21_000_000),
                    route("name-servers", 1_300_000, 8_000_000, 0),
                ],
            },
            LayerTally {
                kind: "dga".to_owned(),
                about: "dga ozdok/model".to_owned(),
                entered: 8_000_123,
                routes: vec![route("host", 7_000_000, 1_000_000, 30_000), route("name-servers", 900_000, 200_000, 0)],
            },
        ],
        names: vec![
            name("one.megad.test", "listed", 61_400_000, "suspended"),
            name("<img src=x onerror=alert(1)>.test", "listed", 8_000_000, "sinkhole"),
            name("qkzpvtwa.com", "generated", 420_000, "herder"),
        ],
        names_left_out: 17,
        servers: vec![
            server("host resolvers", 69_400_000, 69_100_000, 0),
            server("ns-a", 9_200_000, 0, 9_100_000),
            server("ns-b", 8_900_000, 0, 0),
        ],
        hosts: vec![
            host("c2-1", "198.51.100.10", "herder", 31_000_000, "null-routed"),
            host("sink", "192.0.2.53", "sinkhole", 21_030_000, "up"),
        ],
        sinkhole: SinkholeTally {
            questions: 912_000,
            resolvers: 1_996,
            connections: 21_030_000,
            addresses: 487_340,
            bots: 248_590,
            days: days.collect(),
        },
        population: Population {
            at_start: 264_784,
            joined: 52_000,
            left: 51_200,
            call_backs: 60_123_456,
            questions: 87_500_000,
            connections: 56_789_012,
        },
        control: Control {
            first_act: Some("2009-11-05T22:00:00Z".to_owned()),
            lost: Some(at(120)),
            acts: Some(at(334)),
            back: Some(at(342)),
            days_until_return: Some(9.1),
            came_back_through: Some("dga ozdok/model".to_owned()),
        },
        verdicts: vec![
            verdict("share herder below 0.01 at 2009-11-08T00:00:00Z", "0.0000", true),
            verdict(
                "share held above 0.9 from 2009-11-06T12:00:00Z to 2009-11-20T00:00:00Z",
                "0.0200 at 2009-11-19T00:00:00Z",
                false,
            ),
            verdict("days until return above 15", "9.1", false),
        ],
    };
    (subject, outcome)
}
