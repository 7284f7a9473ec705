//! The 系统管理员 chooses a province and a city, sees what would be planted, and plants it.

use askama::Template;
use axum::response::Response;

use crate::committees::divisions::{self, Division};
use crate::committees::model::Committee;
use crate::committees::planting::intervals::Rank;
use crate::committees::planting::{self, Kind, Seedling};
use crate::committees::{forget, plant_tree, store};
use crate::platform::extract::{Form, Query};
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, show};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

#[derive(Template)]
#[template(path = "committees/plant.html")]
struct PlantPage {
    chrome: Chrome,
    provinces: Vec<Choice>,
    province: String,
    places: Vec<Choice>,
    preview: Option<Preview>,
}

/// What planting would make.
struct Preview {
    division: String,
    full_name: String,
    counties: Vec<String>,
    zones: Vec<String>,
    towns: usize,
    villages: usize,
    lines: Vec<String>,
    cities: usize,
    total: usize,
    stands: Option<Committee>,
}

pub async fn choose(scope: Scope, Query(query): Query) -> Result<Response> {
    let province = of_query(query.get("province"), Rank::Province)?;
    let place = of_query(query.get("place"), Rank::City)?;
    let preview = match place {
        Some(place) => Some(preview(&scope, place).await?),
        None => None,
    };
    let province = place
        .map(|place| place.code)
        .or(province.map(|province| province.code))
        .and_then(|code| divisions::load().province(code));
    show(&PlantPage {
        chrome: scope.chrome(),
        provinces: provinces(province),
        province: province.map_or_else(String::new, |it| it.code.to_string()),
        places: province.map_or_else(Vec::new, |it| places(it, place)),
        preview,
    })
}

pub async fn plant(scope: Scope, Form(fields): Form) -> Result<Response> {
    let code = of_query(fields.get("division"), Rank::City)?;
    let code = code.ok_or(Error::BadAddress("没有选中要建的市。"))?.code;
    let planted = scope
        .work(async |db| {
            let planted = plant_tree(db, code).await?;
            if planted.added == 0 {
                return Ok(db.unchanged(planted));
            }
            let line = planted.line();
            db.log_line(line, planted).await
        })
        .await?;
    forget(scope.site());
    Ok(go(&format!("/committees/{}/founding", planted.top.id)))
}

/// A division of that rank or above, by the code in an address; the empty text is none.
fn of_query(text: &str, lowest: Rank) -> Result<Option<&'static Division>> {
    if text.is_empty() {
        return Ok(None);
    }
    let code = text.parse::<i64>().ok();
    let found = code.and_then(|code| divisions::load().get(code));
    let found = found.filter(|division| Rank::of(division.level) <= lowest);
    found
        .map(Some)
        .ok_or(Error::BadAddress("没有这个省、市，重新选一个。"))
}

fn provinces(chosen: Option<&Division>) -> Vec<Choice> {
    let chosen = chosen.map_or_else(String::new, |it| it.code.to_string());
    let all = divisions::load().provinces().map(|it| (it.code, it.name));
    Choice::one(all, &chosen)
}

/// The cities of a province, and the province as a whole.
fn places(province: &Division, chosen: Option<&Division>) -> Vec<Choice> {
    let chosen = chosen.map_or_else(String::new, |it| it.code.to_string());
    let all = divisions::load();
    let whole = std::iter::once((province.code, format!("{}（全部市县）", province.name)));
    let cities = all
        .cities_of(province.code)
        .map(|it| (it.code, it.name.to_owned()));
    Choice::one(cities.chain(whole), &chosen)
}

async fn preview(scope: &Scope, place: &Division) -> Result<Preview> {
    let plan = planting::plan(place.code).ok_or(Error::NotFound)?;
    let top = plan[0].code_lo;
    let stands = scope.look(async |db| store::at_code(db, top).await).await?;
    let count = |level, kind| named(&plan, level, kind).count();
    let names = |level, kind| named(&plan, level, kind).map(|it| it.short_name.clone());
    Ok(Preview {
        division: place.code.to_string(),
        full_name: plan[0].full_name.clone(),
        cities: plan[1..].iter().filter(|it| it.level == Rank::City).count(),
        counties: names(Rank::County, Kind::Area).collect(),
        zones: names(Rank::County, Kind::Zone).collect(),
        towns: count(Rank::Town, Kind::Area),
        villages: count(Rank::Grassroots, Kind::Area),
        lines: names(Rank::Town, Kind::Line).collect(),
        total: plan.len(),
        stands,
    })
}

fn named(plan: &[Seedling], level: Rank, kind: Kind) -> impl Iterator<Item = &Seedling> {
    plan.iter()
        .filter(move |it| it.level == level && it.kind == kind)
}
