//! The population.

use resolver_chain::{Handshake, Span};

use super::super::Bots;
use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;
use super::quantity::{fraction, number, whole};
use super::time::length;

pub(super) fn bots(spec: &v1::Bots, place: Place<'_>, problems: &mut Vec<Problem>) -> Bots {
    let call_back = place.key("call-back");
    let online = place.key("online");
    let churn = place.key("churn");
    let addresses = place.key("addresses");
    let resolvers = place.key("resolvers");
    if spec.online.mean <= 0.0 {
        problems.push(
            Problem::at(online.key("mean").caret(), "`mean` must be above 0: some bot must be online")
                .hint("it is the share of the time that a bot is online, such as 0.45"),
        );
    } else {
        fraction(spec.online.mean, online.key("mean"), "mean", problems);
    }
    Bots {
        count: whole(spec.count, 1..=100_000_000, place.key("count"), "count", problems),
        every: length(
            &spec.call_back.every,
            Span::seconds(1),
            Span::days(30),
            call_back.key("every"),
            "every",
            problems,
        ),
        jitter: fraction(spec.call_back.jitter, call_back.key("jitter"), "jitter", problems),
        handshake: match spec.handshake {
            v1::Handshake::None => Handshake::None,
            v1::Handshake::Keyed => Handshake::Keyed,
        },
        online: spec.online.mean,
        diurnal: spec.online.diurnal,
        leave_per_day: fraction(spec.churn.leave_per_day, churn.key("leave-per-day"), "leave-per-day", problems),
        join_per_day: number(spec.churn.join_per_day, 0.0..=10.0, churn.key("join-per-day"), "join-per-day", problems),
        lease: length(
            &spec.addresses.lease,
            Span::seconds(60),
            Span::days(3660),
            addresses.key("lease"),
            "lease",
            problems,
        ),
        nat: fraction(spec.addresses.nat, addresses.key("nat"), "nat", problems),
        resolvers: whole(spec.resolvers.count, 1..=1_000_000, resolvers.key("count"), "count", problems),
        skew: number(spec.resolvers.skew, 0.0..=5.0, resolvers.key("skew"), "skew", problems),
    }
}
