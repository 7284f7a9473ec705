//! Villages that become one are counted once, at once, for whoever had visited them.

use qingting::organisations::{OrganisationId, store};
use qingting::platform::ids::CommitteeId;

use super::{Days, address, behind, by_hand, catch_up, filled, rolled_up, village};
use crate::harness::Town;
use crate::visits::count;

async fn organisation(town: &Town, name: &str) -> OrganisationId {
    let committee: CommitteeId = village(town, name).await.parse().expect("an id");
    town.scope("city_admin")
        .work(async |db| {
            let id = store::ensure_village(db, committee).await?;
            Ok(db.unchanged(id))
        })
        .await
        .expect("an organisation")
}

#[tokio::test]
async fn a_merge_mends_every_figure_of_organisations() {
    let town = filled().await;
    let (upper, lower) = (
        organisation(&town, "上溪村").await,
        organisation(&town, "下溪村").await,
    );
    let figures = async |place: &str, days: Days, period: &str| {
        let city = town.signed_in("city_secretary");
        let listed = behind(&city, &address(&town, "C03", place, days)).await;
        let villages = behind(&city, &address(&town, "C04", place, days)).await;
        assert_eq!(villages.total, listed.total);
        assert_eq!(i64::try_from(listed.rows.len()), Ok(listed.total));
        (listed.total, rolled_up(&town, place, "C03", period).await)
    };
    let hand = |place| by_hand("C03", place, Days::NOW).0;
    for place in ["city", "county", "town", "own"] {
        assert_eq!(
            figures(place, Days::NOW, "year").await,
            (hand(place), hand(place))
        );
    }
    let admin = town.signed_in("county_admin");
    let page = admin.get(&format!("/organisations/{upper}")).await;
    let version = super::between(&page.text, "name=\"version\" value=\"", "\"").to_owned();
    admin
        .post(
            &format!("/organisations/{upper}/merge"),
            &[("into", &lower.to_string()), ("version", &version)],
        )
        .await
        .goes_to("/organisations/");
    catch_up(&town).await;
    // Where both had been visited there is one less; the city's own visit is to the successor now.
    for (place, less) in [("city", 1), ("county", 1), ("town", 1), ("own", 0)] {
        let wanted = hand(place) - less;
        assert_eq!(
            figures(place, Days::NOW, "year").await,
            (wanted, wanted),
            "{place}"
        );
    }
    // And last year's, which no other write marks: 上溪村 alone was visited by today's date.
    assert_eq!(figures("county", Days::BEFORE, "year_ly").await, (1, 1));
    assert_eq!(count(&town, "select count(*) from stale_months").await, 0);
}
