//! The figures that the page's script draws, as JSON that can stand within the page.

use serde::Serialize;

use super::super::figures::instant;
use super::super::shares::Standing;
use super::super::visible;
use crate::outcome::Outcome;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    hours: Hours,
    happenings: Vec<Happening>,
    days: Days,
    first_act: Option<i64>,
    lost: Option<i64>,
    back: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hours {
    /// Seconds since 1970.
    at: Vec<i64>,
    infected: Vec<u64>,
    online: Vec<u64>,
    waiting: Vec<u64>,
    call_backs: Vec<u64>,
    sinkhole_bots: Vec<u64>,
    standings: Vec<Bots>,
}

#[derive(Serialize)]
struct Bots {
    name: &'static str,
    bots: Vec<u64>,
}

#[derive(Serialize)]
struct Happening {
    at: i64,
    by: String,
    what: String,
}

#[derive(Serialize)]
struct Days {
    at: Vec<i64>,
    addresses: Vec<u64>,
    bots: Vec<u64>,
}

/// The figures of a play. Entries without a readable moment are left out: a chart has no place for them.
pub(super) fn json(outcome: &Outcome) -> String {
    let seconds = |rfc3339: &str| instant(rfc3339).map(|instant| instant.timestamp());
    let optional = |rfc3339: &Option<String>| rfc3339.as_deref().and_then(seconds);
    let (at, hours): (Vec<i64>, Vec<_>) =
        outcome.hours.iter().filter_map(|hour| Some((seconds(&hour.at)?, hour))).unzip();
    let standings = Standing::ALL
        .iter()
        .map(|standing| Bots { name: standing.name(), bots: hours.iter().map(|hour| standing.bots(hour)).collect() });
    let (day, days): (Vec<i64>, Vec<_>) =
        outcome.sinkhole.days.iter().filter_map(|day| Some((seconds(&format!("{}T00:00:00Z", day.day))?, day))).unzip();
    let figures = Figures {
        hours: Hours {
            at,
            infected: hours.iter().map(|hour| hour.infected).collect(),
            online: hours.iter().map(|hour| hour.online).collect(),
            waiting: hours.iter().map(|hour| hour.waiting).collect(),
            call_backs: hours.iter().map(|hour| hour.call_backs).collect(),
            sinkhole_bots: hours.iter().map(|hour| hour.sinkhole_bots).collect(),
            standings: standings.collect(),
        },
        happenings: outcome
            .happenings
            .iter()
            .filter_map(|happening| {
                Some(Happening {
                    at: seconds(&happening.at)?,
                    by: visible::line(&happening.by),
                    what: visible::line(&happening.what),
                })
            })
            .collect(),
        days: Days {
            at: day,
            addresses: days.iter().map(|day| day.addresses).collect(),
            bots: days.iter().map(|day| day.bots).collect(),
        },
        first_act: optional(&outcome.control.first_act),
        lost: optional(&outcome.control.lost),
        back: optional(&outcome.control.back),
    };
    let json = serde_json::to_string(&figures)
        .unwrap_or_else(|error| unreachable!("text, numbers and lists can always be written as JSON: {error}"));
    visible::json_in_html(&json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn figures_are_whole_and_harmless() {
        let (_, outcome) = sample::play();
        let json = json(&outcome);
        assert!(!json.contains(['<', '>', '&', '\u{1b}', '\u{2028}']));
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["hours"]["at"].as_array().map(Vec::len), Some(outcome.hours.len()));
        assert_eq!(read["hours"]["standings"][1]["name"], "held");
        assert_eq!(read["days"]["at"][0], 1_257_465_600);
        assert_eq!(read["happenings"][3]["what"], "registers <b>bold</b>.example \\u{1b}[31m");
    }
}
