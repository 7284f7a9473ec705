//! From where a page was asked for: whether a verdict came from the phone of who handles the matter. Only
//! hashes are kept, salted with the matter, so that they are of no use for anything else.

use super::model::IssueId;
use crate::platform::pace::network_of;
use crate::platform::request::Request;
use crate::platform::session::hash;

/// Nothing where the server does not know its visitors: behind a proxy that does not pass addresses on
/// everybody comes from this very machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Browser and network together.
    pub device: Option<String>,
    pub network: Option<String>,
}

impl Origin {
    pub fn of(request: &Request, issue: IssueId) -> Self {
        if request.address.to_canonical().is_loopback() {
            return Self::default();
        }
        let network = network_of(request.address);
        Self {
            device: Some(hash(&format!("{issue}|{}|{network}", request.device))),
            network: Some(hash(&format!("{issue}|{network}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_of_one_matter_and_says_nothing_at_home() {
        let issue = |n: u128| IssueId(uuid::Uuid::from_u128(n));
        let request =
            |address: &str, device: &str| Request::new(address.parse().unwrap(), device.into());
        let of = |address, device, n| Origin::of(&request(address, device), issue(n));
        let one = of("203.0.113.7", "phone", 1);
        assert_eq!(one, of("203.0.113.7", "phone", 1));
        let other = of("203.0.113.7", "another", 1);
        assert_eq!(one.network, other.network);
        assert_ne!(one.device, other.device);
        assert_ne!(one.network, of("203.0.113.7", "phone", 2).network);
        assert_ne!(one.network, of("203.0.113.8", "phone", 1).network);
        assert_eq!(of("127.0.0.1", "phone", 1), Origin::default());
    }
}
