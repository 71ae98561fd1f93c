//! The chain of layers.

use std::net::SocketAddr;

use dga::{Selection, WordLists};
use indexmap::IndexSet;
use resolver_chain::layers::{Addresses, Domains, Generated};
use resolver_chain::{Backoff, Chain, Layer, Order, Patience, Route, Span, Stage};

use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;
use super::quantity::{fraction, number};
use super::time::length;
use super::world::{DOCUMENTATION, documentation};
use super::{Window, names};

/// Ports of one layer; no bot is known that tries more.
const MOST_PORTS: usize = 100;

pub(super) fn chain(
    spec: &[v1::Layer],
    place: Place<'_>,
    servers: usize,
    clock: Option<Window>,
    words: &WordLists,
    problems: &mut Vec<Problem>,
) -> Option<Chain> {
    if spec.is_empty() {
        problems.push(
            Problem::at(place.key_caret(), "the chain has no layer")
                .hint("write at least one of `- domains: { … }`, `- dga: { … }`, `- addresses: { … }`"),
        );
        return None;
    }
    let mut stages = Vec::with_capacity(spec.len());
    for (index, layer) in spec.iter().enumerate() {
        let mut reader = Reader { servers, clock, words, problems };
        stages.extend(match layer {
            v1::Layer::Domains(spec) => Some(reader.domains(spec, place.index(index).key("domains"))),
            v1::Layer::Dga(spec) => reader.generated(spec, place.index(index).key("dga")),
            v1::Layer::Addresses(spec) => Some(reader.addresses(spec, place.index(index).key("addresses"))),
        });
    }
    // What `Chain` refuses has been reported above, with its place.
    Chain::new(stages, u8::try_from(servers).ok()?).ok()
}

struct Reader<'a> {
    servers: usize,
    clock: Option<Window>,
    words: &'a WordLists,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn domains(&mut self, spec: &v1::Domains, place: Place<'_>) -> Stage {
        let names = names::distinct(&spec.names, place.key("names"), self.problems);
        let patience = self.patience(&spec.time_out, spec.attempts, &spec.backoff, place);
        Stage {
            layer: Box::new(Domains::new(names)),
            routes: self.routes(&spec.routes, place),
            order: order(spec.order),
            patience,
            ports: self.ports(&spec.ports, place),
        }
    }

    fn generated(&mut self, spec: &v1::Generated, place: Place<'_>) -> Option<Stage> {
        let layer = self.generator(spec, place);
        let patience = self.patience(&spec.time_out, spec.attempts, &spec.backoff, place);
        let routes = self.routes(&spec.routes, place);
        let ports = self.ports(&spec.ports, place);
        Some(Stage { layer: layer?, routes, order: order(spec.order), patience, ports })
    }

    fn generator(&mut self, spec: &v1::Generated, place: Place<'_>) -> Option<Box<dyn Layer>> {
        let family = match dga::find(&spec.family) {
            Ok(family) => family,
            Err(error) => {
                self.problems.push(of_catalogue(&error, place.key("family")));
                return None;
            }
        };
        let params = spec.params.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        let selection = Selection { preset: spec.preset.clone(), variant: spec.variant.clone(), params };
        let generator = match family.bind(&selection, self.words) {
            Ok(generator) => generator,
            Err(error) => {
                self.problems.push(of_catalogue(&error, blamed(&error, place)));
                return None;
            }
        };
        if let Some((start, end)) = self.clock {
            // The calendar of a family is one range of years: its ends are enough.
            let last = resolver_chain::Moment(end.0 - 1);
            if let Some(error) = [start, last].iter().find_map(|at| generator.period(at.utc()).err()) {
                self.problems.push(of_catalogue(&error, place.key("family")).hint("move `clock` into these years"));
            }
        }
        Some(Box::new(Generated::new(generator)))
    }

    fn addresses(&mut self, spec: &v1::AddressList, place: Place<'_>) -> Stage {
        let list = place.key("list");
        if spec.list.is_empty() {
            self.problems.push(Problem::at(list.key_caret(), "this list has no address").hint("list at least one"));
        }
        let mut addresses = IndexSet::with_capacity(spec.list.len());
        for (index, text) in spec.list.iter().enumerate() {
            let here = list.index(index);
            match text.0.parse::<SocketAddr>() {
                Ok(address) if !documentation(address.ip()) => self.problems.push(
                    Problem::at(here.caret(), format!("{} is not a documentation address", address.ip()))
                        .hint(DOCUMENTATION),
                ),
                Ok(address) if address.port() == 0 => {
                    self.problems.push(Problem::at(here.caret(), "a port must be from 1 to 65535, not 0"));
                }
                Ok(address) => {
                    let (first, new) = addresses.insert_full(address);
                    if !new {
                        self.problems.push(
                            Problem::at(here.caret(), format!("{address} is listed twice"))
                                .also(list.index(first).caret(), "first listed here")
                                .hint("list it once"),
                        );
                    }
                }
                Err(_) => self.problems.push(
                    Problem::at(here.caret(), format!("`{}` is not an address with a port", text.0))
                        .hint("write it as `198.51.100.7:443` or `\"[2001:db8::7]:443\"`"),
                ),
            }
        }
        let routes = place.key("routes");
        for (index, route) in spec.routes.iter().enumerate() {
            if *route != v1::Route::Direct || index > 0 {
                self.problems.push(
                    Problem::at(routes.index(index).caret(), "addresses can only be reached `direct`, once")
                        .hint("leave `routes` out"),
                );
            }
        }
        if spec.routes.is_empty() {
            self.problems.push(Problem::at(routes.key_caret(), "this layer has no route").hint("leave `routes` out"));
        }
        let patience = self.patience(&spec.time_out, spec.attempts, &spec.backoff, place);
        let ports = addresses.iter().map(SocketAddr::port).take(1).collect();
        Stage {
            layer: Box::new(Addresses::new(addresses.into_iter().collect())),
            routes: vec![Route::Direct],
            order: Order::PerName,
            patience,
            ports,
        }
    }

    /// The routes of a layer of names.
    fn routes(&mut self, spec: &[v1::Route], place: Place<'_>) -> Vec<Route> {
        let place = place.key("routes");
        if spec.is_empty() {
            self.problems.push(
                Problem::at(place.key_caret(), "this layer has no route")
                    .hint("name at least one of `host`, `name-servers`"),
            );
        }
        for (index, route) in spec.iter().enumerate() {
            let here = place.index(index).caret();
            if let Some(first) = spec[..index].iter().position(|earlier| earlier == route) {
                self.problems.push(
                    Problem::at(here.clone(), "this route is listed twice")
                        .also(place.index(first).caret(), "first listed here")
                        .hint("list it once; `attempts` says how often a question is asked"),
                );
            }
            match route {
                v1::Route::Direct => self.problems.push(
                    Problem::at(here, "names cannot be reached `direct`: they must be asked of somebody")
                        .hint("the routes of names are `host` and `name-servers`"),
                ),
                v1::Route::NameServers if self.servers == 0 => self.problems.push(
                    Problem::at(here, "the bots carry no custom name server")
                        .hint("list hosts that serve DNS under `name-servers`, or leave this route out"),
                ),
                v1::Route::NameServers | v1::Route::Host => {}
            }
        }
        spec.iter()
            .map(|route| match route {
                v1::Route::Host => Route::Host,
                v1::Route::NameServers => Route::NameServers,
                v1::Route::Direct => Route::Direct,
            })
            .collect()
    }

    fn ports(&mut self, spec: &[u16], place: Place<'_>) -> Vec<u16> {
        let place = place.key("ports");
        if spec.is_empty() {
            self.problems.push(Problem::at(place.key_caret(), "this layer has no port").hint("name one, such as 80"));
        }
        if spec.len() > MOST_PORTS {
            let message = format!("{} ports are more than {MOST_PORTS}", spec.len());
            self.problems.push(Problem::at(place.key_caret(), message));
        }
        for (index, port) in spec.iter().enumerate().take(MOST_PORTS) {
            if *port == 0 {
                self.problems.push(Problem::at(place.index(index).caret(), "a port must be from 1 to 65535, not 0"));
            }
            if spec[..index].contains(port) {
                let message = format!("port {port} is listed twice");
                self.problems.push(Problem::at(place.index(index).caret(), message).hint("list it once"));
            }
        }
        spec.to_vec()
    }

    fn patience(&mut self, time_out: &v1::Length, attempts: u8, backoff: &v1::Backoff, place: Place<'_>) -> Patience {
        if !(1..=100).contains(&attempts) {
            let message = format!("`attempts` must be from 1 to 100, not {attempts}");
            self.problems.push(Problem::at(place.key("attempts").caret(), message));
        }
        let time_out = length(time_out, Span(1), Span::hours(1), place.key("time-out"), "time-out", self.problems);
        let place = place.key("backoff");
        let first = length(&backoff.first, Span(0), Span::days(7), place.key("first"), "first", self.problems);
        let most = length(&backoff.most, Span(0), Span::days(7), place.key("most"), "most", self.problems);
        Patience {
            time_out,
            attempts,
            backoff: Backoff {
                first,
                factor: number(backoff.factor, 1.0..=100.0, place.key("factor"), "factor", self.problems),
                most,
                jitter: fraction(backoff.jitter, place.key("jitter"), "jitter", self.problems),
            },
        }
    }
}

fn order(order: v1::Order) -> Order {
    match order {
        v1::Order::PerName => Order::PerName,
        v1::Order::PerRoute => Order::PerRoute,
    }
}

/// The value of a `dga` layer that the catalogue does not accept.
fn blamed<'a>(error: &dga::Error, place: Place<'a>) -> Place<'a> {
    match error {
        dga::Error::Unknown(unknown) if unknown.what == "preset" => place.key("preset"),
        dga::Error::Unknown(unknown) if unknown.what == "variant" => place.key("variant"),
        dga::Error::Unknown(unknown) => place.key("params").key(&unknown.given),
        dga::Error::Parameter { parameter, .. } => place.key("params").key(parameter),
        dga::Error::SeveralPresets { .. } | dga::Error::PresetVariant { .. } => place.key("preset"),
        _ => place.key("family"),
    }
}

/// An error of the catalogue, with hints that fit a scenario file.
fn of_catalogue(error: &dga::Error, place: Place<'_>) -> Problem {
    let unknown_parameter = matches!(error, dga::Error::Unknown(unknown) if unknown.what == "parameter");
    let span = if unknown_parameter { place.key_caret() } else { place.caret() };
    let problem = Problem::at(span, error.to_string());
    let hint = match error {
        dga::Error::Unknown(unknown) if unknown.what == "family" => Some(match &unknown.suggestion {
            Some(near) => format!("did you mean `{near}`? `hydrabane families list` prints all"),
            None => "`hydrabane families list` prints all".into(),
        }),
        dga::Error::MissingParameter { parameter, .. } => {
            Some(format!("write `params: {{ {parameter}: … }}`, or name a `preset`"))
        }
        dga::Error::WordListMissing { .. } => Some(
            "word lists are not part of the product; put the file into the folder that `HYDRABANE_WORDLISTS` names"
                .into(),
        ),
        _ => error.hint(),
    };
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}
