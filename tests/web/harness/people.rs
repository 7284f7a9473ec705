//! The world in which the stories play: two cities of two tenants, and the people in them. Made once,
//! through the public stores, and cloned with the template database.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use qingting::accounts::hasher::Hasher;
use qingting::accounts::store::First;
use qingting::cadres::{Nature, NewAppointment, NewCadre};
use qingting::committees::planting;
use qingting::kit::clock::Clock;
use qingting::platform::ids::{AccountId, AppointmentId, CadreId};
use qingting::platform::request::Request;
use qingting::platform::scope::{Actor, Ground, Role, Scope};
use qingting::platform::session::{self, NewSession};
use qingting::platform::site::Site;
use qingting::{accounts, cadres, committees};

use super::cluster::Database;
use super::site;

/// Everybody's password.
pub const PASSWORD: &str = "Dengxia-2026";

/// 2026-11-24 21:20 in China: a Tuesday evening.
pub fn evening() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_526_400, 0).expect("a time")
}

#[derive(Clone, Debug)]
pub struct Person {
    pub name: &'static str,
    pub phone: String,
    pub account: AccountId,
    pub cadre: Option<CadreId>,
    pub appointment: Option<AppointmentId>,
    pub role: Role,
    pub home: Option<Ground>,
    /// Of a session at a desk.
    pub token: String,
}

#[derive(Clone, Debug)]
pub struct World {
    people: HashMap<&'static str, Person>,
    committees: HashMap<&'static str, Ground>,
}

impl World {
    pub fn person(&self, key: &str) -> Person {
        self.people[key].clone()
    }

    /// By the key of `PLACES`.
    pub fn committee(&self, key: &str) -> Ground {
        self.committees[key].clone()
    }
}

/// The committees that stories name, by division code: 清川市 is invented (county 青溪县, town 溪口镇,
/// town2 茶山镇, village 上溪村, sibling 云栖区 with 梅岭乡), 克拉玛依 another tenant.
const PLACES: [(&str, i64); 10] = [
    ("province", 990_000_000_000),
    ("city", 991_200_000_000),
    ("county", 991_221_000_000),
    ("sibling", 991_203_000_000),
    ("town", 991_221_100_000),
    ("town2", 991_221_101_000),
    ("village", 991_221_100_201),
    ("sibling_town", 991_203_200_000),
    ("other_city", 650_200_000_000),
    ("other_county", 650_203_000_000),
];

/// key, name, place, role, post.
const PEOPLE: [(&str, &str, &str, Role, &str); 14] = [
    (
        "province_secretary",
        "费远山",
        "province",
        Role::Secretary,
        "书记",
    ),
    ("city_secretary", "周予安", "city", Role::Secretary, "书记"),
    ("city_admin", "沈未央", "city", Role::Admin, "干事"),
    (
        "county_secretary",
        "秦望舒",
        "county",
        Role::Secretary,
        "书记",
    ),
    ("county_admin", "陆之遥", "county", Role::Admin, "干事"),
    ("county_cadre", "江临川", "county", Role::Cadre, "干事"),
    ("town_secretary", "许青禾", "town", Role::Secretary, "书记"),
    ("town_cadre", "林晓禾", "town", Role::Cadre, "委员"),
    ("town_colleague", "贺知微", "town", Role::Cadre, "委员"),
    ("town2_cadre", "苏见月", "town2", Role::Cadre, "委员"),
    (
        "sibling_secretary",
        "顾长宁",
        "sibling",
        Role::Secretary,
        "书记",
    ),
    (
        "sibling_cadre",
        "程听雪",
        "sibling_town",
        Role::Cadre,
        "委员",
    ),
    (
        "other_admin",
        "艾山·玉素甫",
        "other_city",
        Role::Admin,
        "干事",
    ),
    ("other_cadre", "孟初夏", "other_county", Role::Cadre, "干事"),
];

pub async fn plant(database: &Database) -> World {
    let site = site(database, Clock::fixed(evening())).await;
    let phc = Hasher::start().hash(PASSWORD).await.expect("a hash");
    let operator = operator(&site, &phc).await;
    trees(&site, &operator).await;
    let committees = find(&site).await;
    let mut people = HashMap::from([("operator", operator)]);
    for (index, (key, name, place, role, post)) in PEOPLE.into_iter().enumerate() {
        let new = Newcomer {
            name,
            phone: format!("199000000{:02}", index + 10),
            role,
            post,
            home: committees[place].clone(),
        };
        people.insert(key, join(&site, new, &phc).await);
    }
    site.pools.close().await;
    World { people, committees }
}

async fn operator(site: &Arc<Site>, phc: &str) -> Person {
    let nobody = Scope::nobody(site.clone(), Arc::new(Request::internal()));
    let phone = "19900000001";
    let account = nobody
        .work(async |db| {
            let first = First::Password(phc);
            let id = accounts::store::add(db, phone, &first, Some("系统管理员")).await?;
            Ok(db.unchanged(id))
        })
        .await
        .expect("an operator");
    Person {
        name: "系统管理员",
        phone: phone.into(),
        account,
        cadre: None,
        appointment: None,
        role: Role::System,
        home: None,
        token: sign_in(site, account, None).await,
    }
}

async fn trees(site: &Arc<Site>, operator: &Person) {
    let scope = scope_of(site, operator);
    let starts_on = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");
    scope
        .work(async |db| {
            use committees::store::{get, plant};
            let centre = plant(db, None, &[planting::centre()], starts_on).await?[0];
            let centre = get(db, centre).await?.expect("the centre");
            for (province, city) in [
                (990_000_000_000, 991_200_000_000),
                (650_000_000_000, 650_200_000_000),
            ] {
                let province = planting::single(province).expect("a province");
                let province = plant(db, Some(&centre), &[province], starts_on).await?[0];
                let province = get(db, province).await?.expect("the province");
                let plan = planting::plan(city).expect("a city");
                plant(db, Some(&province), &plan, starts_on).await?;
            }
            db.log(committees::PLANTED, None, centre.place(), ()).await
        })
        .await
        .expect("two trees");
}

async fn find(site: &Arc<Site>) -> HashMap<&'static str, Ground> {
    let nobody = Scope::nobody(site.clone(), Arc::new(Request::internal()));
    let mut found = HashMap::new();
    for (key, code) in PLACES {
        let committee = nobody
            .look(async |db| committees::store::by_division(db, code).await)
            .await;
        let committee = committee
            .expect("a look")
            .unwrap_or_else(|| panic!("{key}"));
        found.insert(key, committee.ground());
    }
    found
}

/// Somebody who is to be written down, appointed and signed in.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub name: &'static str,
    pub phone: String,
    pub role: Role,
    pub post: &'static str,
    pub home: Ground,
}

pub async fn join(site: &Arc<Site>, new: Newcomer, phc: &str) -> Person {
    let scope = Scope::of_ticker(site.clone(), new.home.clone());
    let (cadre, appointment) = (
        CadreId::new_v7(scope.now()),
        AppointmentId::new_v7(scope.now()),
    );
    let account = scope
        .work(async |db| {
            let at = db.scope().place();
            let first = First::Password(phc);
            let account = accounts::store::add(db, &new.phone, &first, None).await?;
            let person = NewCadre {
                id: cadre,
                name: new.name.into(),
                phone: new.phone.clone(),
                sex: None,
                birth_on: None,
                politics: None,
                education: None,
                work_unit: None,
            };
            cadres::store::add(db, at, &person, Some(account)).await?;
            let office = NewAppointment {
                id: appointment,
                cadre,
                account: Some(account),
                role: new.role,
                post: new.post.into(),
                nature: Nature::Full,
                starts_on: NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date"),
                is_primary: true,
            };
            cadres::store::appoint(db, at, &office).await?;
            db.log(cadres::ADDED, Some(cadre.0), at, account).await
        })
        .await
        .unwrap_or_else(|fault| panic!("{}: {fault:?}", new.name));
    let appointed = Some((new.home.place.tenant, appointment));
    Person {
        name: new.name,
        phone: new.phone,
        account,
        cadre: Some(cadre),
        appointment: Some(appointment),
        role: new.role,
        home: Some(new.home),
        token: sign_in(site, account, appointed).await,
    }
}

/// The token of a new session at a desk.
pub async fn sign_in(
    site: &Arc<Site>,
    account: AccountId,
    appointment: Option<(qingting::platform::ids::TenantId, AppointmentId)>,
) -> String {
    let nobody = Scope::nobody(site.clone(), Arc::new(Request::internal()));
    let new = NewSession {
        account,
        appointment,
        own_phone: false,
    };
    nobody
        .work(async |db| {
            db.open_account(account).await?;
            let token = session::add(db, &new).await?;
            Ok(db.unchanged(token))
        })
        .await
        .expect("a session")
}

/// The scope that this person's session gives, for fixtures through the public stores.
pub fn scope_of(site: &Arc<Site>, person: &Person) -> Scope {
    let actor = Actor {
        account: person.account,
        cadre: person.cadre,
        appointment: person.appointment,
        role: person.role,
        name: person.name.into(),
        post: String::new(),
        theme: "system".into(),
        large_text: false,
        must_change: false,
        session: None,
        own_phone: false,
        confirmed_at: site.clock.now(),
        home: person.home.clone(),
    };
    Scope::of_session(site.clone(), Arc::new(actor), Arc::new(Request::internal()))
}
