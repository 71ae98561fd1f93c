//! Pseudonyms for addresses, so that events can be shared: the same address always gets the same pseudonym, and two
//! addresses that share their first bits get pseudonyms that share exactly as many. Who has the key can go back.
//!
//! This is Crypto-PAn (Xu, Fan, Ammar, Moon: "Prefix-Preserving IP Address Anonymization", ICNP 2002) with AES-128, for
//! IPv6 over all 128 bits. What keeps prefixes also keeps structure: who knows the true address of some pseudonyms knows
//! the networks of others. It hides persons from a reader, not from an attacker with addresses of his own in the data.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

use crate::event::{ClientSubnet, Event};
use crate::store::Recorded;

/// Octets of a key: 16 for the cipher, 16 for the pad.
pub const KEY: usize = 32;

/// Gives addresses their pseudonyms.
#[derive(Clone)]
pub struct Pseudonyms {
    /// The cipher under the first half of the key.
    cipher: Aes128,
    /// The second half of the key, encrypted.
    pad: u128,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read the key `{}`: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file holds something else.
    #[error("`{}` is no key: it must be 32 octets, or 64 hexadecimal digits", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
}

impl Pseudonyms {
    /// Pseudonyms under a key.
    pub fn new(key: &[u8; KEY]) -> Self {
        let (mut secret, mut pad) = ([0; 16], [0; 16]);
        secret.copy_from_slice(&key[..16]);
        pad.copy_from_slice(&key[16..]);
        let cipher = Aes128::new(&secret.into());
        let pad = encrypt(&cipher, u128::from_be_bytes(pad));
        Self { cipher, pad }
    }

    /// Pseudonyms under the key in a file: 32 octets, or 64 hexadecimal digits in one line.
    ///
    /// # Errors
    ///
    /// The file cannot be read or holds no key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let octets = fs::read(path).map_err(|error| KeyError::Read { path: path.to_owned(), error })?;
        if let Ok(key) = <&[u8; KEY]>::try_from(&*octets) {
            return Ok(Self::new(key));
        }
        let digits = octets.trim_ascii();
        let mut key = [0; KEY];
        let pairs = digits.as_chunks::<2>();
        if pairs.0.len() == KEY && pairs.1.is_empty() {
            let digit = |digit: u8| char::from(digit).to_digit(16);
            let values = pairs.0.iter().map(|[high, low]| Some((digit(*high)? << 4 | digit(*low)?) as u8));
            if let Some(values) = values.collect::<Option<Vec<u8>>>() {
                key.copy_from_slice(&values);
                return Ok(Self::new(&key));
            }
        }
        Err(KeyError::NoKey { path: path.to_owned() })
    }

    /// The pseudonym of an address, of the same family.
    pub fn of(&self, address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(address) => {
                let bits = self.bits(u128::from(address.to_bits()) << 96, 32) >> 96;
                IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() ^ bits as u32))
            }
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() ^ self.bits(address.to_bits(), 128)))
            }
        }
    }

    /// Puts pseudonyms in the place of an event's addresses. Ports, names and texts stay: what bots write about
    /// themselves into a path is not recognised.
    pub fn apply(&self, recorded: &mut Recorded) {
        let origin = match &mut recorded.event {
            Event::Dns(question) => {
                if let Some(subnet) = &mut question.client_subnet {
                    *subnet = self.of_subnet(*subnet);
                }
                &mut question.origin
            }
            Event::Http(request) => &mut request.origin,
            Event::Tcp(connection) => &mut connection.origin,
            Event::Tls(hello) => &mut hello.origin,
            Event::Octets(octets) => &mut octets.origin,
            Event::Counters(_) => return,
        };
        origin.source.set_ip(self.of(origin.source.ip()));
    }

    /// The pseudonym of a network: the one that the pseudonyms of its hosts are in.
    fn of_subnet(&self, subnet: ClientSubnet) -> ClientSubnet {
        let address = match self.of(subnet.address) {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32_u32.saturating_sub(subnet.prefix.into())).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128_u32.saturating_sub(subnet.prefix.into())).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
            }
        };
        ClientSubnet { address, prefix: subnet.prefix }
    }

    /// What the first `length` bits of an address are changed by: each by the first bit of what the cipher makes of the
    /// bits before it, filled up with the pad.
    fn bits(&self, address: u128, length: u32) -> u128 {
        (0..length).fold(0, |bits, place| {
            let known = u128::MAX.checked_shl(128 - place).unwrap_or(0);
            let block = encrypt(&self.cipher, address & known | self.pad & !known);
            bits | (block >> 127) << (127 - place)
        })
    }
}

/// Encrypts one block.
fn encrypt(cipher: &Aes128, block: u128) -> u128 {
    let mut block = block.to_be_bytes().into();
    cipher.encrypt_block(&mut block);
    u128::from_be_bytes(block.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The key of the sample that the authors of Crypto-PAn publish with their program.
    const SAMPLE: [u8; KEY] = [
        21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39,
        98, 87, 76, 45, 42, 132, 34, 2,
    ];

    #[test]
    fn pseudonyms_are_those_of_the_authors_sample() {
        let pseudonyms = Pseudonyms::new(&SAMPLE);
        for (address, pseudonym) in [
            ("128.11.68.132", "135.242.180.132"),
            ("129.118.74.4", "134.136.186.123"),
            ("130.132.252.244", "133.68.164.234"),
            ("141.223.7.43", "141.167.8.160"),
            ("141.233.145.108", "141.129.237.235"),
            ("152.163.225.39", "151.140.114.167"),
            ("156.29.3.236", "147.225.12.42"),
            ("165.247.96.84", "162.9.99.234"),
            ("166.107.77.190", "160.132.178.185"),
            ("192.102.249.13", "252.138.62.131"),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(pseudonyms.of(address).to_string(), pseudonym);
        }
    }

    #[test]
    fn a_key_is_read_as_octets_or_as_digits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let address: IpAddr = "2001:db8::7".parse().unwrap();
        let expected = Pseudonyms::new(&SAMPLE).of(address);
        fs::write(&path, SAMPLE).unwrap();
        assert_eq!(Pseudonyms::read(&path).unwrap().of(address), expected);
        let digits = crate::store::SegmentHash(SAMPLE).to_string();
        fs::write(&path, digits.clone() + "\n").unwrap();
        assert_eq!(Pseudonyms::read(&path).unwrap().of(address), expected);
        for wrong in ["", "secret", &digits[1..], &digits.replace('1', "g")] {
            fs::write(&path, wrong).unwrap();
            assert!(matches!(Pseudonyms::read(&path), Err(KeyError::NoKey { .. })), "{wrong}");
        }
        assert!(matches!(Pseudonyms::read(folder.path()), Err(KeyError::Read { .. })));
    }

    /// How many first bits two addresses share.
    fn shared(one: IpAddr, other: IpAddr) -> u32 {
        match (one, other) {
            (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => panic!("a pseudonym has the family of its address"),
        }
    }

    proptest! {
        // Equal prefixes, no longer and no shorter: also no two addresses with one pseudonym.
        #[test]
        fn as_many_first_bits_are_shared_as_before(
            key: [u8; KEY], one: u128, differ in 0_u32..=128, rest: u128, v4: bool
        ) {
            let pseudonyms = Pseudonyms::new(&key);
            let keep = u128::MAX.checked_shl(128 - differ).unwrap_or(0);
            let other = one & keep | rest & !keep;
            let address = |bits: u128| if v4 {
                IpAddr::V4(Ipv4Addr::from_bits((bits >> 96) as u32))
            } else {
                IpAddr::V6(Ipv6Addr::from_bits(bits))
            };
            let (one, other) = (address(one), address(other));
            let (first, second) = (pseudonyms.of(one), pseudonyms.of(other));
            prop_assert_eq!(shared(first, second), shared(one, other));
        }

        #[test]
        fn the_pseudonym_of_a_network_has_those_of_its_hosts(key: [u8; KEY], host: u32, prefix in 0_u8..=32) {
            let pseudonyms = Pseudonyms::new(&key);
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            let network = ClientSubnet { address: Ipv4Addr::from_bits(host & mask).into(), prefix };
            let IpAddr::V4(network) = pseudonyms.of_subnet(network).address else { panic!() };
            let IpAddr::V4(host) = pseudonyms.of(Ipv4Addr::from_bits(host).into()) else { panic!() };
            prop_assert_eq!(host.to_bits() & mask, network.to_bits());
        }
    }
}
