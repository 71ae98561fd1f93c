//! What a scenario file means: every key of the format, and the defaults of those left out.

use dga::{Name, WordLists};
use lab::scenario::{Act, Expectation, HostId, Move, Operator, Party, Scenario, Share, parse};
use resolver_chain::{Handshake, Moment, Order, Route, Span};

fn read(text: &str) -> Scenario {
    parse("file.yaml", text.as_bytes(), &WordLists::none()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn moment(text: &str) -> Moment {
    text.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant").into()
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

#[test]
fn every_key() {
    let text = include_str!("scenarios/everything.yaml");
    let scenario = read(text);
    assert_eq!((scenario.name.as_str(), scenario.about.as_str(), scenario.seed), ("everything", "every key once", 7));
    assert_eq!(scenario.hash.len(), 64);
    assert_eq!(scenario.start, moment("2012-02-28T10:00:00Z"));
    assert_eq!(scenario.end, moment("2012-03-19T10:00:00Z"));

    let bots = &scenario.bots;
    assert_eq!((bots.count, bots.every, bots.handshake), (1000, Span::seconds(1800), Handshake::Keyed));
    assert_eq!((bots.jitter, bots.online, bots.diurnal), (0.5, 0.5, true));
    assert_eq!((bots.leave_per_day, bots.join_per_day), (0.02, 0.03));
    assert_eq!((bots.lease, bots.nat, bots.resolvers, bots.skew), (Span::hours(36), 0.25, 20, 0.0));

    let stages = scenario.chain.stages();
    let kinds: Vec<&str> = stages.iter().map(|stage| stage.layer.kind()).collect();
    assert_eq!(kinds, ["addresses", "domains", "dga", "dga"]);
    assert_eq!(stages[0].routes, [Route::Direct]);
    assert_eq!(stages[0].patience.time_out, Span(500));
    assert_eq!(stages[0].patience.attempts, 2);
    assert_eq!(stages[0].patience.backoff.most, Span::seconds(60));
    assert_eq!(stages[1].routes, [Route::NameServers, Route::Host]);
    assert_eq!((stages[1].order, stages[1].ports.as_slice()), (Order::PerRoute, [443, 80].as_slice()));
    let names = stages[1].layer.candidates(scenario.start).expect("names").items;
    assert_eq!(names, [name("one.test"), name("two.example")].map(resolver_chain::Candidate::Name));
    assert_eq!(stages[3].patience, resolver_chain::Patience::default());

    assert_eq!(scenario.name_servers, [HostId(1)]);
    let world = &scenario.world;
    assert_eq!((world.ttl, world.negative_ttl, world.sinkhole_ttl), (60, 120, 180));
    assert_eq!(world.hosts[0].provider, Some(0));
    assert!(world.hosts[1].serves_dns && world.hosts[1].operator == Operator::Stranger);
    assert!(!world.hosts[3].up);
    assert_eq!(world.names[0].points_to, [HostId(0), HostId(3)]);
    assert_eq!((world.names[1].holder, world.names[2].holder), (None, Some(Operator::Stranger)));

    let acts: Vec<&Act> = scenario.timeline.iter().map(|entry| &entry.act).collect();
    let Act::PreRegister { stage: 3, from, until, host: HostId(2) } = acts[0] else { panic!("{:?}", acts[0]) };
    assert_eq!((*from, *until), (moment("2012-02-29T00:00:00Z"), moment("2012-03-03T00:00:00Z")));
    assert!(matches!(acts[1], Act::Sinkhole { names, host: HostId(2) } if *names == [name("two.example")]));
    assert!(
        matches!(acts[2], Act::CutNameServers { hosts, lasts } if *hosts == [HostId(1)] && *lasts == Some(Span::days(5)))
    );
    assert!(matches!(acts[3], Act::NullRoute { hosts } if *hosts == [HostId(0)]));
    assert!(matches!(acts[4], Act::Suspend { names } if *names == [name("one.test")]));
    assert!(matches!(acts[5], Act::Raise { hosts } if *hosts == [HostId(3)]));
    assert!(matches!(acts[6], Act::Register { points_to, .. } if *points_to == [HostId(3)]));
    assert_eq!((scenario.timeline[4].by, scenario.timeline[5].by), (Party::Defender, Party::Herder));

    assert_eq!((scenario.herder.notices_below, scenario.herder.reacts_after), (0.4, Span::days(2)));
    assert_eq!(scenario.herder.may, [Move::RaiseHost, Move::RegisterGenerated, Move::RegisterSpare]);
    assert!(matches!(&scenario.expect[0], Expectation::At { share: Share::Herder, bounds, .. }
        if bounds.above == Some(0.1) && bounds.below == Some(0.9)));
    assert!(matches!(&scenario.expect[1], Expectation::Between { from, until, share: Share::Counted, .. }
        if *from < *until));
    assert!(matches!(&scenario.expect[3], Expectation::DaysUntilReturn { bounds } if bounds.below == Some(3.0)));

    let processes: Vec<_> = scenario.processes.iter().map(|it| (it.image.as_str(), it.program.as_str())).collect();
    assert_eq!(processes, [("mask_svc.exe", "MaskVPN"), ("odd one.exe", "")]);
}

#[test]
fn defaults() {
    let scenario = read(
        "version: 1\nname: least\nclock: { start: 2009-11-01T00:00:00Z, days: 1 }\nbots: { count: 1 }\n\
         chain: [{ domains: { names: [one.megad.test] } }]\n",
    );
    assert_eq!(scenario.seed, 1);
    assert_eq!((scenario.bots.every, scenario.bots.handshake), (Span::hours(1), Handshake::None));
    assert_eq!((scenario.bots.online, scenario.bots.resolvers), (1.0, 100));
    let stage = &scenario.chain.stages()[0];
    assert_eq!((stage.routes.as_slice(), stage.ports.as_slice()), ([Route::Host].as_slice(), [80].as_slice()));
    assert_eq!(stage.patience, resolver_chain::Patience::default());
    assert_eq!((scenario.world.ttl, scenario.world.negative_ttl, scenario.world.sinkhole_ttl), (300, 900, 300));
    assert!(scenario.timeline.is_empty() && scenario.expect.is_empty() && scenario.herder.may.is_empty());
    assert!(scenario.processes.is_empty());
}

#[test]
fn the_hash_is_of_the_bytes() {
    let text = include_str!("scenarios/everything.yaml");
    assert_ne!(read(text).hash, read(&format!("{text}\n")).hash);
}

#[test]
fn the_schema_describes_every_key() {
    fn walk(path: &str, schema: &serde_json::Value, undescribed: &mut Vec<String>) {
        if let Some(properties) = schema["properties"].as_object() {
            for (key, property) in properties {
                let kind_of_an_entry = schema["required"].as_array().is_some_and(|required| required.len() == 1)
                    && schema["description"].is_string();
                if property["description"].is_null() && !kind_of_an_entry {
                    undescribed.push(format!("{path}.{key}"));
                }
            }
        }
        match schema {
            serde_json::Value::Object(entries) => {
                entries.iter().for_each(|(key, value)| walk(&format!("{path}/{key}"), value, undescribed));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(path, item, undescribed)),
            _ => {}
        }
    }
    let mut undescribed = Vec::new();
    walk("", &lab::scenario::spec::schema(), &mut undescribed);
    assert!(undescribed.is_empty(), "{undescribed:?}");
}
