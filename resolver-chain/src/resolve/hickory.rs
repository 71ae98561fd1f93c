//! The one adapter over hickory-resolver: one question, to one server, as a bot's host asks it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use rustc_hash::FxHashMap;

use super::{Perimeter, ResolveError};
use crate::answer::{Addresses, Answer};

/// How long a question may stay without an answer: loopback answers in less than a millisecond, so this is long
/// enough for a busy machine and short enough to be bearable.
const TIME_OUT: Duration = Duration::from_millis(300);

/// Asks questions over UDP, and over TCP where an answer was truncated. Nothing is cached, nothing is asked twice,
/// no file of the machine is read.
#[derive(Debug)]
pub struct Questioner {
    perimeter: Perimeter,
    // hickory keeps statistics on a server's behaviour, which no two bots may share.
    resolvers: FxHashMap<(u64, SocketAddr), TokioResolver>,
}

impl Questioner {
    /// Asks nobody outside `perimeter`.
    pub fn new(perimeter: Perimeter) -> Self {
        Self { perimeter, resolvers: FxHashMap::default() }
    }

    /// Asks `server` for the IPv4 addresses of `name`. `asker` tells apart who must not share a resolver, and `from`
    /// is the loopback address that the question comes from.
    ///
    /// # Errors
    ///
    /// The server or `from` is outside the lab, the name is none, a socket failed, or the answer is none that a bot
    /// can understand. A time-out is an answer.
    pub async fn ask(
        &mut self,
        asker: u64,
        from: IpAddr,
        server: SocketAddr,
        name: &str,
    ) -> Result<Answer, ResolveError> {
        self.perimeter.admit(server)?;
        self.perimeter.admit_source(from)?;
        let name = Name::from_ascii(format!("{}.", name.trim_end_matches('.')))
            .map_err(|error| ResolveError::Name { name: name.to_owned(), reason: error.to_string() })?;
        let resolver = match self.resolvers.entry((asker, server)) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => {
                let resolver = resolver(from, server)
                    .map_err(|error| ResolveError::Answer { server, reason: error.to_string() })?;
                new.insert(resolver)
            }
        };
        match resolver.lookup(name, RecordType::A).await {
            Ok(lookup) => {
                let records = lookup.answers().iter();
                let mut ttl = u32::MAX;
                let addresses: Addresses = records
                    .filter_map(|record| match &record.data {
                        RData::A(address) => {
                            ttl = ttl.min(record.ttl);
                            Some(IpAddr::V4(address.0))
                        }
                        _ => None,
                    })
                    .collect();
                Ok(if addresses.as_slice().is_empty() { Answer::NoData } else { Answer::Addresses { addresses, ttl } })
            }
            Err(error) => answer(server, error),
        }
    }
}

fn resolver(from: IpAddr, server: SocketAddr) -> Result<TokioResolver, NetError> {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection.bind_addr = Some(SocketAddr::new(from, 0));
        connection
    });
    let server = NameServerConfig::new(server.ip(), true, connections.to_vec());
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    let mut options = ResolverOpts::default();
    options.timeout = TIME_OUT;
    options.attempts = 0;
    options.cache_size = 0;
    options.num_concurrent_reqs = 1;
    options.try_tcp_on_error = false;
    options.use_hosts_file = ResolveHosts::Never;
    options.ip_strategy = LookupIpStrategy::Ipv4Only;
    options.os_port_selection = true;
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    *builder.options_mut() = options;
    builder.build()
}

fn answer(server: SocketAddr, error: NetError) -> Result<Answer, ResolveError> {
    let unusable = |reason: String| Err(ResolveError::Answer { server, reason });
    match error {
        NetError::Timeout => Ok(Answer::TimedOut),
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => Ok(Answer::NxDomain),
            ResponseCode::NoError => Ok(Answer::NoData),
            ResponseCode::ServFail => Ok(Answer::ServFail),
            ResponseCode::Refused => Ok(Answer::Refused),
            code => unusable(format!("response code {code}")),
        },
        NetError::Dns(DnsError::ResponseCode(ResponseCode::ServFail)) => Ok(Answer::ServFail),
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => Ok(Answer::Refused),
        error => unusable(error.to_string()),
    }
}
