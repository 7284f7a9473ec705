//! A record of each kind, at one town of one county, and the people who look at it from all sides.
//! A route with a parameter needs a line in `SAMPLES`; without one the sweep names the route.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qingting::cadres::{self, Nature, NewAppointment};
use qingting::kit::clock::Clock;
use qingting::platform::ids::AppointmentId;
use qingting::platform::routes::Route;
use qingting::platform::scope::{Role, Scope};
use qingting::platform::session::{self, COOKIE_NAME};
use qingting::youth::Care;

use super::visitors::VISITORS;
pub use super::visitors::{Side, Visitor};
use super::{as_owner, refusal, texts};
use crate::harness::people::{Newcomer, Person, join, sign_in};
use crate::harness::{Browser, Town, cluster, evening, new_id};
use crate::issues::files::{PDF, attach};
use crate::issues::{Shared, does, given_to, heard};
use crate::visits::{Sheet, cadre, youth_with};

/// From where a record can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nobody outside the interval: 404.
    Own,
    /// Colleagues of the whole tenant read it; they change nothing: 403 or 404.
    Tenant,
    /// No record: the same for everybody.
    Same,
}

type Id = fn(&Samples) -> &str;

/// An address up to its parameter, from where it is seen, and which one stands there.
const SAMPLES: &[(&str, Reach, Id)] = &[
    ("/cadres/{id}", Reach::Tenant, |s| &s.cadre),
    ("/committees/{id}", Reach::Own, |s| &s.committee),
    ("/committees/{id}/close", Reach::Own, |s| &s.leaf),
    ("/committees/{id}/founding", Reach::Own, |s| &s.city),
    ("/dashboard/{committee}", Reach::Own, |s| &s.committee),
    ("/d/{token}", Reach::Same, |s| &s.shared.token),
    ("/files/{id}", Reach::Own, |s| &s.file),
    ("/feedback/{id}", Reach::Own, |s| &s.feedback),
    ("/figures/{code}", Reach::Same, |_| "C02"),
    ("/issues/{id}", Reach::Own, |s| &s.issue),
    ("/issues/{id}/moves/{act}", Reach::Own, |_| "accept"),
    ("/issues/{id}/handoff", Reach::Own, |s| &s.shared.above),
    ("/issues/{id}/parts/new", Reach::Own, |s| &s.shared.issue),
    ("/issues/{id}/follow-up", Reach::Own, |s| &s.closed),
    ("/issues/{id}/files", Reach::Own, |s| &s.closed),
    ("/issues/{id}/link", Reach::Own, |s| &s.closed),
    ("/me/sessions/{id}", Reach::Own, |s| &s.session),
    ("/p/{committee}", Reach::Same, |s| &s.committee),
    ("/organisations/{id}", Reach::Tenant, |s| &s.organisation),
    ("/parts/{id}", Reach::Own, |s| &s.shared.part),
    ("/deputies/{id}", Reach::Own, |_| super::leave::ID),
    ("/notices/{id}", Reach::Own, |s| &s.notice),
    ("/v/{token}", Reach::Same, |s| &s.token),
    ("/visits/{id}", Reach::Own, |s| &s.visit),
    ("/youth/{id}", Reach::Own, |s| &s.youth),
];

/// Pages that only a form leads to, with what it puts into the address.
const QUERIES: &[(&str, &str)] = &[("/youth/pasted", "?added=1&same=0&skipped=0")];

/// Written in the records, and nowhere else in the world: who is outside never reads one of these.
pub const MARKS: [&str; 7] = [
    "司马照临",
    "南宫听澜",
    "19900005678",
    "屋后竹林的事只写在这里",
    "想把老榨油坊改成书屋",
    "夜里横幅上的字看不清",
    "老樟树后头司马家",
];
/// Names of young people: whole, and as a mask shows them.
pub const NAMES: [(&str, [&str; 2]); 2] = [
    ("司马照临", ["司马**", "司马某某"]),
    ("南宫听澜", ["南宫**", "南宫某某"]),
];

pub struct Samples {
    pub town: Town,
    people: BTreeMap<&'static str, Visitor>,
    cadre: String,
    city: String,
    /// A matter that waits for the young person's verdict, and the secret of its link.
    closed: String,
    token: String,
    committee: String,
    notice: String,
    feedback: String,
    file: String,
    issue: String,
    /// A committee with nobody in it and nothing below.
    leaf: String,
    organisation: String,
    session: String,
    shared: Shared,
    visit: String,
    youth: String,
}

impl Samples {
    pub async fn new() -> Self {
        let town = Town::new().await;
        let newcomer = |name, place: &str, number: usize, role| Newcomer {
            name,
            phone: format!("199000001{number:02}"),
            role,
            post: "干事",
            home: town.world.committee(place),
        };
        let mut people = BTreeMap::new();
        for (number, (key, side, role, place)) in VISITORS.into_iter().enumerate() {
            let browser = match place {
                None => town.signed_in(key),
                Some(place) => {
                    let new = newcomer("卫新来", place, number, role);
                    let person = join(&town.site, new, "no password").await;
                    if key == "two_posts" {
                        second_post(&town, &person).await;
                    }
                    town.browser(Some(format!("{COOKIE_NAME}={}", person.token)))
                }
            };
            let visitor = Visitor {
                key,
                side,
                role,
                browser,
            };
            people.insert(key, visitor);
        }
        let kept = newcomer("申屠守拙", "town", 90, Role::Cadre);
        let kept = join(&town.site, kept, "no password").await;
        let mut samples = Self {
            cadre: kept.cadre.expect("a cadre").to_string(),
            city: town.world.committee("city").place.committee.to_string(),
            closed: String::new(),
            token: String::new(),
            committee: town.world.committee("town").place.committee.to_string(),
            notice: String::new(),
            feedback: new_id(),
            file: String::new(),
            issue: String::new(),
            leaf: town.world.committee("village").place.committee.to_string(),
            organisation: String::new(),
            session: String::new(),
            shared: Shared::default(),
            visit: String::new(),
            youth: String::new(),
            people,
            town,
        };
        samples.record().await;
        samples.close_one().await;
        samples.shared = crate::issues::share_one(&samples.town).await;
        samples.look_up().await;
        samples
    }

    /// Through the forms, as a cadre does it.
    async fn record(&mut self) {
        let town = &self.town;
        let known = youth_with(town, "town_cadre", MARKS[0], |new| {
            new.phone = Some(MARKS[2].into());
            new.care = Care::Usual;
        });
        self.youth = known.await.to_string();
        let sheet = Sheet::new(town)
            .without("walkins")
            .with("youth", &self.youth)
            .with("n1-name", MARKS[1])
            .with("n1-told", "on")
            .with("kind", "enterprise")
            .with("organisation", "溪口竹编工坊")
            .with("content", MARKS[3])
            .with("mate", &cadre(town, "town_colleague").to_string())
            .problem(1, MARKS[4], "02")
            .with("p1-who", &self.youth);
        let at = sheet.saved(&sheet.post(town, "town_cadre").await);
        self.visit = at.replace("/visits/", "");
        // Once more, later in the evening: two visits that may be merged, two places too.
        let again = Sheet::new(town)
            .with("at", "21:05")
            .with("kind", "enterprise")
            .with("organisation", "溪口竹编厂")
            .with("content", MARKS[3]);
        again.saved(&again.post(town, "town_cadre").await);
        // At a house that is typed, the evening before.
        let house = Sheet::new(town)
            .with("day", "2026-11-23")
            .with("youth", &self.youth)
            .with("place_text", MARKS[6]);
        house.saved(&house.post(town, "town_cadre").await);
        super::leave::begin(town).await;
        let fields = [("id", self.feedback.as_str()), ("text", MARKS[5])];
        let writer = town.signed_in("town_cadre");
        writer
            .post("/feedback", &fields)
            .await
            .goes_to("/feedback/");
    }

    /// One more matter, answered on the spot, with a link for the verdict.
    async fn close_one(&mut self) {
        let town = &self.town;
        let issue = given_to(town, "想问问夜校哪天开班", "town", "town_cadre");
        self.closed = heard(town, "town_cadre", issue).await.to_string();
        let at = format!("/issues/{}", self.closed);
        does(town, "town_cadre", &at, "accept", &[]).await;
        let later = [("day", "2026-12-25"), ("words", "等开班")];
        does(town, "town_cadre", &at, "ask_extension", &later).await;
        let answer = [("answer-1", "下月初五"), ("words", "当场说清了")];
        does(town, "town_cadre", &at, "explain", &answer).await;
        self.file = attach(town, "town_cadre", &at, ("课表.pdf", PDF)).await;
        let writer = town.signed_in("town_cadre");
        let seen = writer.post(&format!("{at}/link"), &[("way", "sent")]).await;
        let rest = seen.text.split("/v/").nth(1).expect("a link");
        let token = rest.chars().take_while(char::is_ascii_hexdigit);
        self.token = token.collect();
    }

    /// Ids that only the database knows; one more session to end.
    async fn look_up(&mut self) {
        let town = &self.town;
        let mut db = as_owner(&town.database).await;
        let cadre = town.world.person("town_cadre");
        let tenant = cadre.home.expect("a committee").place.tenant;
        let appointment = cadre.appointment.map(|id| (tenant, id));
        let token = sign_in(&town.site, cadre.account, appointment).await;
        let sql = format!(
            "select id::text from issues where state = 'pending'
             union all select organisation_id::text from visits where id = '{}'
             union all select id::text from issue_notices where kind = 'ask_extension'
             union all select id::text from sessions where token_hash = '{}'",
            self.visit,
            session::hash(&token)
        );
        let ids = texts(&mut db, &sql).await;
        let [issue, organisation, notice, session] = ids.try_into().expect("one of each");
        (self.issue, self.organisation) = (issue, organisation);
        (self.notice, self.session) = (notice, session);
    }

    /// The same records and people in a database of their own. Nobody may be connected to this one.
    pub async fn copy(&self) -> Self {
        let database = cluster::copy(&self.town.database).await;
        let world = self.town.world.clone();
        let town = Town::over(database, world, Clock::fixed(evening())).await;
        let moved = |(key, visitor): (&&'static str, &Visitor)| {
            let browser = town.browser(visitor.browser.cookies());
            let visitor = Visitor {
                browser,
                ..visitor.clone()
            };
            (*key, visitor)
        };
        let people = self.people.iter().map(moved).collect();
        Self {
            town,
            people,
            cadre: self.cadre.clone(),
            city: self.city.clone(),
            closed: self.closed.clone(),
            token: self.token.clone(),
            committee: self.committee.clone(),
            notice: self.notice.clone(),
            feedback: self.feedback.clone(),
            file: self.file.clone(),
            issue: self.issue.clone(),
            leaf: self.leaf.clone(),
            organisation: self.organisation.clone(),
            session: self.session.clone(),
            shared: self.shared.clone(),
            visit: self.visit.clone(),
            youth: self.youth.clone(),
        }
    }

    pub fn visitors(&self) -> impl Iterator<Item = &Visitor> {
        VISITORS.iter().map(|(key, ..)| &self.people[key])
    }

    /// Of a visitor, or of `nobody`.
    pub fn browser(&self, key: &str) -> Browser {
        let known = self.people.get(key).map(|it| it.browser.clone());
        known.unwrap_or_else(|| self.town.stranger())
    }

    pub fn visitor(&self, key: &str) -> &Visitor {
        &self.people[key]
    }

    /// The address of a route with the samples in it, and from where it is seen.
    pub fn address(&self, route: &Route) -> Result<(String, Reach), String> {
        let (mut address, mut pattern, mut reach) = (String::new(), String::new(), Reach::Same);
        for part in route.path.split('/').skip(1) {
            pattern = format!("{pattern}/{part}");
            if !part.starts_with('{') {
                address = format!("{address}/{part}");
                continue;
            }
            let whole = SAMPLES.iter().find(|(known, ..)| *known == route.path);
            let sample = whole.or(SAMPLES.iter().find(|(known, ..)| *known == pattern));
            let (_, seen, id) = sample.ok_or(format!(
                "{} {}: there is no sample for {pattern}",
                route.method, route.path
            ))?;
            address = format!("{address}/{}", id(self));
            reach = *seen;
        }
        if let Some((_, query)) = QUERIES.iter().find(|(path, _)| *path == route.path) {
            address.push_str(query);
        }
        Ok((address, reach))
    }
}

async fn second_post(town: &Town, person: &Person) {
    let county = town.world.committee("county");
    let new = &NewAppointment {
        id: AppointmentId::new_v7(evening()),
        cadre: person.cadre.expect("a cadre"),
        account: Some(person.account),
        role: Role::Cadre,
        post: "委员".into(),
        nature: Nature::Part,
        starts_on: NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date"),
        is_primary: false,
    };
    let scope = Scope::of_ticker(town.site.clone(), county);
    let appointed = scope.work(async |db| {
        let at = db.scope().place();
        cadres::store::appoint(db, at, new).await?;
        db.log(cadres::APPOINTED, Some(new.cadre.0), at, ()).await
    });
    appointed.await.expect("a second post");
    let mut db = as_owner(&town.database).await;
    let long_ago = format!(
        "update sessions set own_phone = true, confirmed_at = '2026-11-20'
         where account_id = '{}'",
        person.account
    );
    assert_eq!(refusal(&mut db, &long_ago).await, None);
}

/// The route that an address of ours leads to: a literal part wins over a parameter.
pub fn route_of<'a>(routes: &'a [Route], method: &str, address: &str) -> Option<&'a Route> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let fits = |route: &&Route| {
        let (mine, theirs) = (route.path.split('/'), path.split('/'));
        mine.clone().count() == theirs.clone().count()
            && mine
                .zip(theirs)
                .all(|(m, t)| m == t || (m.starts_with('{') && !t.is_empty()))
    };
    let found = routes.iter().filter(|route| route.method == method);
    found
        .filter(fits)
        .min_by_key(|route| route.path.matches('{').count())
}
