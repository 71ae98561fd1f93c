//! Addresses of custom name servers, as rules are made from them: see [`prefixes`].

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::Range;

use ipnet::IpNet;

use crate::context::Context;
use crate::error::Error;
use crate::format::Info;

/// The prefixes of custom name servers, each once and in ascending order.
///
/// # Errors
///
/// One of them is the whole Internet.
pub(crate) fn prefixes(context: &Context, info: &'static Info) -> Result<Vec<IpNet>, Error> {
    if let Some(all) = context.addresses.iter().find(|prefix| prefix.prefix_len() == 0) {
        return Err(Error::Setting {
            format: info.name,
            reason: format!("`{all}` is every address"),
            hint: "give the addresses of the name servers, or the smallest prefixes that hold them".into(),
        });
    }
    Ok(context.addresses.iter().map(IpNet::trunc).collect::<BTreeSet<_>>().into_iter().collect())
}

/// A prefix as the owner of a policy zone's trigger: its length, then its parts from the last to the first
/// (draft-vixie-dnsop-dns-rpz-00 §4.1.1). The longest run of two or more groups of zeros in an IPv6 address is `zz`; of
/// two equally long ones it is the first in the address, as in RFC 5952 §4.2.3: BIND warns of any other spelling.
pub(crate) fn trigger(prefix: IpNet) -> String {
    let mut parts: Vec<_> = match prefix.network() {
        IpAddr::V4(address) => address.octets().iter().map(u8::to_string).collect(),
        IpAddr::V6(address) => {
            let groups = address.segments();
            let mut parts = groups.map(|group| format!("{group:x}")).to_vec();
            let zeros = longest_zeros(&groups);
            if !zeros.is_empty() {
                parts.splice(zeros, ["zz".to_owned()]);
            }
            parts
        }
    };
    parts.push(prefix.prefix_len().to_string());
    parts.reverse();
    parts.join(".")
}

/// The first of the longest runs of at least two zeros; empty if there is none.
fn longest_zeros(groups: &[u16; 8]) -> Range<usize> {
    let mut longest = 0..0;
    for begin in 0..groups.len() {
        let zeros = groups[begin..].iter().take_while(|group| **group == 0).count();
        if zeros > longest.len().max(1) {
            longest = begin..begin + zeros;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triggers() {
        for (prefix, expected) in [
            ("203.0.113.5/32", "32.5.113.0.203"),
            ("198.51.100.0/28", "28.0.100.51.198"),
            ("10.0.0.0/8", "8.0.0.0.10"),
            ("2001:db8::53/128", "128.53.zz.db8.2001"),
            ("2001:db8::/32", "32.zz.db8.2001"),
            ("2001:db8:1:2:3:4:5:6/128", "128.6.5.4.3.2.1.db8.2001"),
            // A single group of zeros stays; of two runs the longer one goes, of two equal ones the first.
            ("2001:db8:0:2:3:4:5:6/128", "128.6.5.4.3.2.0.db8.2001"),
            ("2001:0:0:2:0:0:0:6/128", "128.6.zz.2.0.0.2001"),
            ("2001:db8:0:0:1:0:0:6/128", "128.6.0.0.1.zz.db8.2001"),
            ("::1/128", "128.1.zz"),
            ("ff00::/8", "8.zz.ff00"),
        ] {
            assert_eq!(trigger(prefix.parse().expect("a prefix")), expected, "{prefix}");
        }
    }
}
