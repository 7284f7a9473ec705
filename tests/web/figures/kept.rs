//! A year-end table out of the roll-ups has the numbers that are counted, and is counted wherever something
//! has changed since.

use qingting::committees::{self, Committee};
use qingting::figures::{Unit, below, dictionary, kept, store, units_of};
use qingting::kit::period::Period;
use qingting::platform::scope::Scope;

use super::{catch_up, filled};
use crate::harness::Town;
use crate::visits::Sheet;

async fn units(scope: &Scope, period: Period) -> Vec<Unit> {
    let read = async |db: &mut _| {
        let committee = committees::store::get(db, scope.place().committee).await?;
        let committee: Committee = committee.expect("one's own");
        let below = below(db, &committee, period).await?;
        let mut units = units_of(&committee, &below);
        units.push(Unit::whole(&committee));
        Ok(units)
    };
    scope.look(read).await.expect("units")
}

async fn is_kept(scope: &Scope, period: Period) -> bool {
    let units = units(scope, period).await;
    let read = scope.look(async |db| kept::read(db, &units, period).await);
    read.await.expect("a look").is_some()
}

fn seats(town: &Town) -> [Scope; 2] {
    ["city_secretary", "county_secretary"].map(|who| town.scope(who))
}

#[tokio::test]
async fn what_is_kept_is_what_is_counted() {
    let town = filled().await;
    let mut compared = 0;
    for scope in seats(&town) {
        let now = Period::ytd(scope.today());
        for period in [now, now.same_last_year()] {
            let units = units(&scope, period).await;
            let kept = scope.look(async |db| kept::read(db, &units, period).await);
            let kept = kept.await.expect("a look").expect("nothing has changed");
            for it in dictionary::ALL {
                let (units, kept) = (&units, Some(&kept));
                let both = scope.look(async |db| {
                    let sooner = kept::by_unit(db, kept, it, units, period).await?;
                    Ok((sooner, store::by_unit(db, it, units, period).await?))
                });
                let (sooner, counted) = both.await.expect("figures");
                assert_eq!(sooner, counted, "{} in {period:?}", it.code);
                compared += counted.len();
            }
        }
    }
    println!("{compared} figures of units: kept == counted");
}

#[tokio::test]
async fn what_has_changed_since_is_counted() {
    let town = filled().await;
    let [city, county] = seats(&town);
    let now = Period::ytd(city.today());
    assert!(is_kept(&county, now).await && is_kept(&county, now.same_last_year()).await);
    let yesterday = Period::new(now.from(), now.to().pred_opt().expect("a day"));
    assert!(!is_kept(&county, yesterday.expect("a period")).await);

    let sheet = Sheet::new(&town);
    sheet.saved(&sheet.post(&town, "town_cadre").await);
    for scope in [&city, &county] {
        assert!(!is_kept(scope, now).await, "a visit is not counted yet");
        assert!(is_kept(scope, now.same_last_year()).await);
    }
    catch_up(&town).await;
    assert!(is_kept(&county, now).await);
}
