//! Which column of a table, or which key of a JSON object, holds what: by the headings that are usual.

/// Usual headings of names, the surest first. A heading that could be another thing's (`host`) comes last.
pub(super) const NAMES: &[&str] = &[
    "dns.question.name",
    "dns.rrname",
    "qname",
    "query_name",
    "queryname",
    "dns_query",
    "rrname",
    "fqdn",
    "domain",
    "domain_name",
    "domainname",
    "query",
    "name",
    "hostname",
    "host",
];

/// Usual headings of the time.
pub(super) const TIMES: &[&str] =
    &["@timestamp", "timestamp", "query_timestamp", "time", "datetime", "ts", "_time", "date", "first_seen"];

/// Usual headings of the client.
pub(super) const CLIENTS: &[&str] = &[
    "client.ip",
    "source.ip",
    "client_ip",
    "client",
    "src_ip",
    "srcaddr",
    "source_ip",
    "src",
    "source",
    "id.orig_h",
    "ip",
];

/// Whether a heading is usual for names.
pub(super) fn is_name(heading: &str) -> bool {
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(heading))
}

/// The place of the first usual heading that a table has.
pub(super) fn position(headings: &[&str], usual: &[&str]) -> Option<usize> {
    usual.iter().find_map(|name| headings.iter().position(|heading| heading.eq_ignore_ascii_case(name)))
}
