//! Which proxies are believed, and so whose address a request comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// All addresses that share their first bits: `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u32,
}

impl Network {
    fn one(base: IpAddr) -> Self {
        let bits = if base.is_ipv4() { 32 } else { 128 };
        Self { base, bits }
    }

    fn parse(text: &str) -> Option<Self> {
        let Some((base, bits)) = text.split_once('/') else {
            return text.parse().ok().map(Self::one);
        };
        let whole = Self::one(base.parse().ok()?);
        let bits = bits.parse().ok().filter(|bits| *bits <= whole.bits)?;
        Some(Self { bits, ..whole })
    }

    /// An IPv4 address that comes over an IPv6 socket counts as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let differ = u64::from(base.to_bits() ^ address.to_bits());
                differ >> (32 - self.bits) == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let differ = base.to_bits() ^ address.to_bits();
                differ.checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Networks with commas between them.
pub fn list(text: &str) -> Result<Vec<Network>, String> {
    text.split(',')
        .map(|part| Network::parse(part.trim()).ok_or(part))
        .collect::<Result<_, _>>()
        .map_err(|part| {
            format!("names {part:?}, neither an address nor a network such as 10.1.0.0/16.")
        })
}

/// With a public address a proxy is expected on this machine; without one nobody is believed.
pub fn this_machine(expected: bool) -> Vec<Network> {
    if expected {
        let both = [
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ];
        both.map(Network::one).into()
    } else {
        Vec::new()
    }
}

/// The client's address: the peer, unless it is a trusted proxy; then the last address in
/// `X-Forwarded-For` that is not one. What stands before that the client may have invented.
pub fn client_address(peer: IpAddr, forwarded_for: Option<&str>, trusted: &[Network]) -> IpAddr {
    let believed = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    for part in forwarded_for.unwrap_or_default().rsplit(',') {
        let Some(before) = believed(client).then(|| part.trim().parse().ok()).flatten() else {
            break;
        };
        client = IpAddr::to_canonical(&before);
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_hold_what_they_should() {
        let net = |text| Network::parse(text).unwrap();
        assert!(net("10.1.0.0/16").contains(at("10.1.255.3")));
        assert!(!net("10.1.0.0/16").contains(at("10.2.0.1")));
        assert!(net("10.1.0.1").contains(at("::ffff:10.1.0.1")));
        assert!(!net("10.1.0.1").contains(at("10.1.0.2")));
        assert!(net("0.0.0.0/0").contains(at("203.0.113.9")));
        assert!(net("::/0").contains(at("2001:db8::1")));
        assert!(!net("::/0").contains(at("203.0.113.9")));
        assert!(net("2001:db8::/32").contains(at("2001:db8:ffff::1")));
        for wrong in [
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "proxy",
            "",
            "1.2.3.4/x",
        ] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_client_cannot_invent_its_address() {
        let trusted = list("127.0.0.1, 10.0.0.0/8").unwrap();
        let of = |peer, forwarded| client_address(at(peer), forwarded, &trusted);
        assert_eq!(of("203.0.113.9", Some("1.1.1.1")), at("203.0.113.9"));
        assert_eq!(of("127.0.0.1", None), at("127.0.0.1"));
        assert_eq!(
            of("127.0.0.1", Some("1.1.1.1, 203.0.113.9")),
            at("203.0.113.9")
        );
        assert_eq!(
            of("127.0.0.1", Some("1.1.1.1, 203.0.113.9, 10.0.0.7")),
            at("203.0.113.9")
        );
        assert_eq!(of("127.0.0.1", Some("nonsense, 10.0.0.7")), at("10.0.0.7"));
        assert_eq!(of("127.0.0.1", Some("")), at("127.0.0.1"));
        assert_eq!(
            of("::ffff:127.0.0.1", Some("2001:db8::1")),
            at("2001:db8::1")
        );
        assert_eq!(
            client_address(at("127.0.0.1"), Some("1.1.1.1"), &[]),
            at("127.0.0.1")
        );
    }
}
