//! DNS cookies (RFC 7873) in the form that servers of different makers share (RFC 9018): who sends back the cookie that
//! it was given is at the address from which it asks.
//!
//! A server cookie is the number of its form, three octets without meaning, the time at which it was made, and the
//! SipHash-2-4 of client cookie, these eight octets and the client's address under a secret. Nothing is kept about clients.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use siphasher::sip::SipHasher24;

use crate::config::{self, Secret};
use crate::pipeline::Received;
pub(crate) use crate::wire::AskedCookie;
use crate::wire::Edns;

/// What a client chose to know its server's answers by.
pub(crate) type ClientCookie = [u8; 8];
/// What this server gave a client.
pub(crate) type ServerCookie = [u8; 16];

/// The form of cookies that RFC 9018 §4.1 defines.
const VERSION: u8 = 1;
/// Seconds for which a cookie is taken (RFC 9018 §4.3).
const AGE_LIMIT: i32 = 60 * 60;
/// Seconds that a cookie may come from the future: another server's clock made it (RFC 9018 §4.3).
const AHEAD_LIMIT: i32 = 5 * 60;
/// Seconds after which a cookie that is still good is replaced (RFC 9018 §4.3).
const FRESH_LIMIT: i32 = 30 * 60;

/// What a server cookie is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    /// It was made here, or by a server with the same secret, for this client: the source address is not forged.
    Valid,
    /// As [`Self::Valid`], and it is time for a new one.
    Ageing,
    /// Nothing: it is too old, of another address or secret, or of another form.
    Invalid,
}

/// What follows from an asked cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GivenCookie {
    /// The client's part, as asked.
    pub(crate) client: ClientCookie,
    /// The server's part of the answer's cookie: the client's own while it is fresh.
    pub(crate) server: ServerCookie,
    /// The client's server cookie was valid.
    pub(crate) confirmed: bool,
}

impl GivenCookie {
    /// The COOKIE option of the answer.
    pub(crate) fn octets(&self) -> [u8; 24] {
        let mut octets = [0; 24];
        octets[..8].copy_from_slice(&self.client);
        octets[8..].copy_from_slice(&self.server);
        octets
    }
}

/// What to answer to the cookie of a question. A server cookie that is not valid is as good as none: the question is
/// answered all the same, with a new one (RFC 7873 §5.2.4).
pub(super) fn pass(cookies: Option<&Cookies>, edns: Option<&Edns<'_>>, received: &Received<'_>) -> Option<GivenCookie> {
    Some(cookies?.pass(edns?.cookie?, received.source.ip(), received.at))
}

/// Makes cookies and knows its own.
pub(crate) struct Cookies {
    /// Makes cookies.
    current: SipHasher24,
    /// Made cookies that are still taken.
    previous: Box<[SipHasher24]>,
}

impl Cookies {
    /// Cookies under the configured secret or, without one, under `random`; nothing if there are to be none.
    pub(crate) fn new(config: &config::Cookies, random: [u8; 16]) -> Option<Self> {
        let hasher = |secret: &Secret| SipHasher24::new_with_key(secret.octets());
        config.enabled.then(|| Self {
            current: hasher(&config.secret.unwrap_or(Secret::new(random))),
            previous: config.previous.iter().map(hasher).collect(),
        })
    }

    /// What to answer to a cookie.
    pub(crate) fn pass(&self, asked: AskedCookie<'_>, source: IpAddr, at: DateTime<Utc>) -> GivenCookie {
        let AskedCookie { client, server } = asked;
        let validity = self.check(client, server, source, at);
        let confirmed = validity != Validity::Invalid;
        if validity == Validity::Valid
            && let Ok(server) = server.try_into()
        {
            return GivenCookie { client, server, confirmed };
        }
        GivenCookie { client, server: self.make(client, source, at), confirmed }
    }

    /// A new server cookie for a client.
    pub(crate) fn make(&self, client: ClientCookie, source: IpAddr, at: DateTime<Utc>) -> ServerCookie {
        let mut cookie = [0; 16];
        cookie[0] = VERSION;
        cookie[4..8].copy_from_slice(&seconds(at).to_be_bytes());
        let hash = hash(&self.current, client, cookie, source);
        cookie[8..].copy_from_slice(&hash);
        cookie
    }

    /// What a server cookie is worth. One that was made under a secret that is no longer used is ageing.
    pub(crate) fn check(&self, client: ClientCookie, server: &[u8], source: IpAddr, at: DateTime<Utc>) -> Validity {
        let Ok(cookie) = ServerCookie::try_from(server) else { return Validity::Invalid };
        // In the arithmetic of serial numbers (RFC 1982), as RFC 9018 §4.3 asks.
        let age = seconds(at).wrapping_sub(u32::from_be_bytes([cookie[4], cookie[5], cookie[6], cookie[7]])) as i32;
        if cookie[0] != VERSION || !(-AHEAD_LIMIT..=AGE_LIMIT).contains(&age) {
            return Validity::Invalid;
        }
        let made_by = |secret: &SipHasher24| same(hash(secret, client, cookie, source), &cookie[8..]);
        if made_by(&self.current) {
            if age > FRESH_LIMIT { Validity::Ageing } else { Validity::Valid }
        } else if self.previous.iter().any(made_by) {
            Validity::Ageing
        } else {
            Validity::Invalid
        }
    }
}

impl std::fmt::Debug for Cookies {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Cookies")
    }
}

/// The time as it stands in a cookie: seconds since 1970, the lower 32 bits of them.
fn seconds(at: DateTime<Utc>) -> u32 {
    at.timestamp() as u32
}

/// The last eight octets of a server cookie whose first eight are those of `cookie` (RFC 9018 §4.4).
fn hash(secret: &SipHasher24, client: ClientCookie, cookie: ServerCookie, source: IpAddr) -> [u8; 8] {
    let mut input = [0; 32];
    input[..8].copy_from_slice(&client);
    input[8..16].copy_from_slice(&cookie[..8]);
    let length = match source.to_canonical() {
        IpAddr::V4(address) => {
            input[16..20].copy_from_slice(&address.octets());
            20
        }
        IpAddr::V6(address) => {
            input[16..].copy_from_slice(&address.octets());
            32
        }
    };
    secret.hash(&input[..length]).to_le_bytes()
}

/// Compares in a time that does not depend on where the difference is.
fn same(expected: [u8; 8], given: &[u8]) -> bool {
    given.len() == expected.len()
        && std::hint::black_box(expected.iter().zip(given).fold(0, |differences, (a, b)| differences | (a ^ b))) == 0
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    use super::*;

    /// The secret of RFC 9018 appendices A.1 to A.3.
    const SECRET: &str = "e5e973e5a6b2a43f48e7dc849e37bfcf";

    fn cookies(secret: &str, previous: &[&str]) -> Cookies {
        let read = |text: &&str| Secret::read(text).unwrap();
        let previous = previous.iter().map(read).collect();
        let config = config::Cookies { enabled: true, secret: Some(read(&secret)), previous };
        Cookies::new(&config, [0; 16]).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// Client and server cookie from the text of both.
    fn read(text: &str) -> (ClientCookie, Vec<u8>) {
        let octets = HEXLOWER.decode(text.as_bytes()).unwrap();
        (octets[..8].try_into().unwrap(), octets[8..].to_vec())
    }

    /// An exchange of RFC 9018, appendix A.
    struct Vector {
        secret: &'static str,
        previous: &'static [&'static str],
        client: &'static str,
        /// When it is answered, seconds since 1970.
        at: i64,
        asked: &'static str,
        answered: &'static str,
    }

    const VECTORS: [Vector; 4] = [
        // A.1: learning a new server cookie.
        Vector {
            secret: SECRET,
            previous: &[],
            client: "198.51.100.100",
            at: 1_559_731_985,
            asked: "2464c4abcf10c957",
            answered: "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
        },
        // A.2: the same client learns a renewed one.
        Vector {
            secret: SECRET,
            previous: &[],
            client: "198.51.100.100",
            at: 1_559_734_385,
            asked: "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
            answered: "2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
        },
        // A.3: another client learns a renewed one.
        Vector {
            secret: SECRET,
            previous: &[],
            client: "203.0.113.203",
            at: 1_559_734_700,
            asked: "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
            answered: "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e",
        },
        // A.4: over IPv6, after the secret was changed.
        Vector {
            secret: "445536bcd2513298075a5d379663c962",
            previous: &["dd3bdf9344b678b185a6f5cb60fca715"],
            client: "2001:db8:220:1:59de:d0f4:8769:82b8",
            at: 1_559_741_961,
            asked: "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
            answered: "22681ab97d52c298010000005cf7c609a6bb79d16625507a",
        },
    ];

    #[test]
    fn cookies_are_those_of_the_rfcs_appendices() {
        for Vector { secret, previous, client, at: seconds, asked, answered } in VECTORS {
            let cookies = cookies(secret, previous);
            let source = client.parse().unwrap();
            let (client, server) = read(asked);
            let given = cookies.pass(AskedCookie { client, server: &server }, source, at(seconds));
            let (expected_client, expected) = read(answered);
            assert_eq!((given.client, &given.server[..]), (expected_client, &expected[..]), "{asked}");
            assert_eq!(cookies.check(client, &expected, source, at(seconds)), Validity::Valid);
            if let Ok(octets) = ServerCookie::try_from(server) {
                // The asked cookies were good when they were made, whatever stands in the three octets without meaning.
                let made = i64::from(u32::from_be_bytes(octets[4..8].try_into().unwrap()));
                assert_ne!(cookies.check(client, &octets, source, at(made)), Validity::Invalid, "{asked}");
            }
        }
    }

    #[test]
    fn a_cookie_has_its_time() {
        let cookies = cookies(SECRET, &[]);
        let (source, client) = ("192.0.2.7".parse().unwrap(), [7; 8]);
        let made = 1_800_000_000;
        let server = cookies.make(client, source, at(made));
        for (age, expected) in [
            (-301, Validity::Invalid),
            (-300, Validity::Valid),
            (0, Validity::Valid),
            (1800, Validity::Valid),
            (1801, Validity::Ageing),
            (3600, Validity::Ageing),
            (3601, Validity::Invalid),
        ] {
            assert_eq!(cookies.check(client, &server, source, at(made + age)), expected, "{age}");
            let given = cookies.pass(AskedCookie { client, server: &server }, source, at(made + age));
            assert_eq!(given.server == server, age == 0 || expected == Validity::Valid, "{age}");
            assert_eq!(given.confirmed, expected != Validity::Invalid, "{age}");
        }
        // The seconds of 2106 begin again at 0.
        let server = cookies.make(client, source, at((1 << 32) - 10));
        assert_eq!(cookies.check(client, &server, source, at((1 << 32) + 10)), Validity::Valid);
    }

    #[test]
    fn without_a_configured_secret_each_start_has_its_own() {
        let config = config::Cookies::default();
        let (one, other) = (Cookies::new(&config, [1; 16]).unwrap(), Cookies::new(&config, [2; 16]).unwrap());
        let source = "::ffff:192.0.2.7".parse().unwrap();
        let cookie = one.make([0; 8], source, at(0));
        assert_eq!(one.check([0; 8], &cookie, "192.0.2.7".parse().unwrap(), at(0)), Validity::Valid);
        assert_eq!(other.check([0; 8], &cookie, source, at(0)), Validity::Invalid);
        assert!(Cookies::new(&config::Cookies { enabled: false, ..config }, [0; 16]).is_none());
    }

    proptest! {
        #[test]
        fn a_cookie_that_was_changed_or_is_shown_from_elsewhere_is_worth_nothing(
            client in any::<[u8; 8]>(),
            other_client in any::<[u8; 8]>(),
            source in any::<IpAddr>(),
            other_source in any::<IpAddr>(),
            changed in 0..16_usize,
            by in 1..=255_u8,
            length in 0..33_usize,
        ) {
            let cookies = cookies(SECRET, &[]);
            let now = at(1_800_000_000);
            let cookie = cookies.make(client, source, now);
            prop_assert_eq!(cookies.check(client, &cookie, source, now), Validity::Valid);
            if client != other_client {
                prop_assert_eq!(cookies.check(other_client, &cookie, source, now), Validity::Invalid);
            }
            if source.to_canonical() != other_source.to_canonical() {
                prop_assert_eq!(cookies.check(client, &cookie, other_source, now), Validity::Invalid);
            }
            let mut wrong = cookie;
            wrong[changed] ^= by;
            prop_assert_eq!(cookies.check(client, &wrong, source, now), Validity::Invalid);
            let mut long = [&cookie[..], &cookie[..], &cookie[..1]].concat();
            long.truncate(length);
            prop_assert_eq!(cookies.check(client, &long, source, now) == Validity::Valid, length == 16);
        }
    }
}
