//! What the list is asked for, from its address. What no page of ours offers is a bad address.

use chrono::NaiveDate;

use crate::kit::clock::read_date;
use crate::kit::period::PeriodFault;
use crate::platform::fields::Fields;
use crate::platform::form::Faults;
use crate::platform::{Error, Result};
use crate::visits::model::{Filter, Mode, State};

/// As it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterForm {
    pub from: String,
    pub to: String,
    pub committee: String,
    pub night: String,
    pub mode: String,
    pub mine: String,
    pub state: String,
    /// The whole filter is open.
    pub more: String,
}

/// What is asked for, and what is to be mended in it: dates are typed, the rest is chosen.
pub struct Asked {
    pub filter: Filter,
    pub faults: Faults,
}

impl FilterForm {
    pub fn read(query: &Fields) -> Self {
        Self {
            from: query.text("from"),
            to: query.text("to"),
            committee: query.text("committee"),
            night: query.text("night"),
            mode: query.text("mode"),
            mine: query.text("mine"),
            state: query.text("state"),
            more: query.text("more"),
        }
    }

    pub fn is_open(&self) -> bool {
        !self.more.is_empty() || !self.committee.is_empty()
    }

    /// The same list at another page.
    pub fn address(&self, after: Option<&str>) -> String {
        let fields = [
            ("from", self.from.as_str()),
            ("to", &self.to),
            ("committee", &self.committee),
            ("night", &self.night),
            ("mode", &self.mode),
            ("mine", &self.mine),
            ("state", &self.state),
            ("more", &self.more),
            ("after", after.unwrap_or("")),
        ];
        let set = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(set)
            .finish();
        if query.is_empty() {
            "/visits".into()
        } else {
            format!("/visits?{query}")
        }
    }

    /// With the whole filter.
    pub fn opened(&self) -> String {
        let open = Self {
            more: "1".into(),
            ..self.clone()
        };
        open.address(None)
    }
}

pub fn read_filter(query: &Fields) -> Result<Asked> {
    let mut faults = Faults::default();
    let from = faults.take("from", day(query.get("from"), PeriodFault::From));
    let to = faults.take("to", day(query.get("to"), PeriodFault::To));
    let filter = Filter {
        from: from.flatten(),
        to: to.flatten(),
        is_night: flag(query, "night")?,
        mode: known(query, "mode", Mode::from_code)?,
        state: known(query, "state", State::from_code)?.unwrap_or(State::Submitted),
        is_mine: flag(query, "mine")?,
        committee: known(query, "committee", |text| text.parse().ok())?,
    };
    flag(query, "more")?;
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from > to
    {
        faults.add("from", PeriodFault::Reversed.to_string());
    }
    Ok(Asked { filter, faults })
}

fn day(text: &str, fault: PeriodFault) -> Result<Option<NaiveDate>, String> {
    match text {
        "" => Ok(None),
        text => read_date(text).map(Some).ok_or_else(|| fault.to_string()),
    }
}

fn known<T>(query: &Fields, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    match query.get(name) {
        "" => Ok(None),
        text => read(text)
            .map(Some)
            .ok_or(Error::BadAddress("筛选条件不对，重新选一下。")),
    }
}

fn flag(query: &Fields, name: &str) -> Result<bool> {
    known(query, name, |text| (text == "1").then_some(())).map(|set| set.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_it_is_read() {
        let query = Fields::parse(b"night=1&from=2026-11-01&mode=&mine=");
        let form = FilterForm::read(&query);
        assert_eq!(form.address(None), "/visits?from=2026-11-01&night=1");
        assert_eq!(
            form.address(Some("visits.1.2")),
            "/visits?from=2026-11-01&night=1&after=visits.1.2"
        );
        assert_eq!(FilterForm::default().address(None), "/visits");
        assert_eq!(FilterForm::default().opened(), "/visits?more=1");
    }

    #[test]
    fn what_is_not_asked_for_is_not_sifted() {
        let filter = read_filter(&Fields::default()).unwrap().filter;
        assert_eq!(
            (filter.state, filter.is_night, filter.mode),
            (State::Submitted, false, None)
        );
    }
}
