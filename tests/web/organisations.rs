//! What is visited: villages of the tree, and what cadres wrote down.

use qingting::organisations::{Kind, Organisation, OrganisationId, store};
use qingting::platform::Error;

use crate::harness::{Seen, Town, new_id};

fn version(page: &Seen) -> String {
    let (_, rest) = page
        .text
        .split_once(r#"name="version" value=""#)
        .expect("a version");
    rest.split('"').next().expect("a number").to_owned()
}

/// Written down by a cadre in a visit.
async fn found(town: &Town, who: &str, name: &str) -> OrganisationId {
    town.scope(who)
        .work(async |db| {
            let at = db.scope().place();
            let id = store::find_or_add(db, at, Kind::Enterprise, name).await?;
            Ok(db.unchanged(id))
        })
        .await
        .expect("an organisation")
}

#[tokio::test]
async fn one_of_the_same_name_nearby_is_pointed_out_and_may_be_another() {
    let town = Town::new().await;
    found(&town, "town_cadre", "双溪竹编厂").await;
    found(&town, "sibling_cadre", "云栖竹编厂").await;
    let admin = town.signed_in("county_admin");
    let add = async |name: &str, other: &str| {
        let id = new_id();
        let fields = [
            ("id", id.as_str()),
            ("what", "enterprise"),
            ("name", name),
            ("other", other),
        ];
        admin.post("/organisations", &fields).await
    };
    add("双溪竹编厂", "")
        .await
        .refuses(r##"<a href="#other">溪口镇团委已经有“双溪竹编厂”"##)
        .shows(r#"value="双溪竹编厂""#)
        .shows(r#"name="other""#);
    add("双溪竹编厂", "on").await.goes_to("/organisations/");
    add("双溪竹编厂", "on").await.refuses("这里已经有");
    add("云栖竹编厂", "").await.goes_to("/organisations/");
}

#[tokio::test]
async fn villages_come_from_the_tree() {
    let town = Town::new().await;
    let scope = town.scope("town_cadre");
    let villages = scope.look(async |db| store::villages(db).await).await;
    let villages = villages.expect("villages");
    let names: Vec<&str> = villages.iter().map(|it| &*it.name).collect();
    assert_eq!(names[..3], ["溪口社区", "上溪村", "下溪村"]);
    assert!(villages.iter().all(|it| it.town == "溪口镇"));
    assert!(villages.iter().all(|it| it.organisation.is_none()));
    let village = villages[1].committee;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let made = scope
            .work(async |db| {
                let id = store::ensure_village(db, village).await?;
                Ok(db.unchanged(id))
            })
            .await;
        ids.push(made.expect("a village"));
    }
    assert_eq!(ids[0], ids[1]);
    let after = scope.look(async |db| store::villages(db).await).await;
    assert_eq!(after.expect("villages")[1].organisation, Some(ids[0]));
    let towns = town
        .scope("county_cadre")
        .look(async |db| store::towns(db).await)
        .await
        .expect("towns");
    assert!(
        towns
            .iter()
            .any(|it| it.name == "溪口镇" && it.villages == 5)
    );
}

#[tokio::test]
async fn a_village_of_another_scope_is_made_by_its_own() {
    let town = Town::new().await;
    let village = town.world.committee("village").place.committee;
    let town_itself = town.world.committee("town").place.committee;
    for (who, committee) in [("sibling_cadre", village), ("town_cadre", town_itself)] {
        let made = town
            .scope(who)
            .work(async |db| {
                let id = store::ensure_village(db, committee).await?;
                Ok(db.unchanged(id))
            })
            .await;
        assert!(matches!(made, Err(Error::NotFound)), "{who}");
    }
}

#[tokio::test]
async fn a_name_is_found_again_in_one_line_but_not_beside_it() {
    let town = Town::new().await;
    let first = found(&town, "county_cadre", "清川纸业").await;
    assert_eq!(found(&town, "town_cadre", "清川纸业").await, first);
    assert_eq!(found(&town, "county_cadre", "清川纸业").await, first);
    assert_ne!(found(&town, "sibling_cadre", "清川纸业").await, first);
    assert_ne!(found(&town, "other_cadre", "清川纸业").await, first);
    let suggested = town
        .scope("town2_cadre")
        .look(async |db| store::suggest(db, Kind::Enterprise, "纸业").await)
        .await
        .expect("suggestions");
    assert_eq!(suggested.len(), 2, "the tenant's, not another's");
}

#[tokio::test]
async fn an_admin_adds_renames_and_closes() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let id = new_id();
    let new = |id: &str, name: &str| {
        [
            ("id".to_owned(), id.to_owned()),
            ("what".to_owned(), "school".to_owned()),
            ("name".to_owned(), name.to_owned()),
        ]
    };
    let add = async |id: &str, name: &str| {
        let fields = new(id, name);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        admin.post("/organisations", &fields).await
    };
    let at = add(&id, "青溪中学").await.goes_to("/organisations/");
    add(&id, "青溪中学").await.goes_to(&at);
    add(&id, "别的学校").await.is(409);
    add(&new_id(), "青溪中学").await.refuses("这里已经有");
    add(&new_id(), "").await.refuses("写单位的名称");
    add(&new_id(), &"长".repeat(41)).await.refuses("最多 40 个");
    admin.get("/organisations").await.sees("青溪中学");
    admin
        .get("/organisations?q=没有")
        .await
        .sees("没有这样的单位");
    for bad in ["?kind=x", "?state=x", "?after=cadres.1.2"] {
        admin.get(&format!("/organisations{bad}")).await.is(400);
    }
    let read = version(&admin.get(&at).await);
    let rename = format!("{at}/name");
    let named = |name: &'static str| [("name", name), ("version", &*read)];
    admin
        .post(&rename, &named("青溪县第一中学"))
        .await
        .goes_to(&at);
    admin
        .post(&rename, &named("青溪一中"))
        .await
        .is(409)
        .shows("别人刚改成了")
        .shows("青溪一中");
    let current = version(&admin.get(&at).await);
    let close = format!("{at}/close");
    admin.post(&close, &[("version", "0")]).await.is(409);
    for _ in 0..2 {
        admin
            .post(&close, &[("version", &current)])
            .await
            .goes_to(&at);
    }
    admin.get(&at).await.sees("已停用");
}

#[tokio::test]
async fn two_of_one_kind_become_one() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let (a, b, c) = (
        found(&town, "town_cadre", "清川纸业").await,
        found(&town, "town2_cadre", "清川纸业有限公司").await,
        found(&town, "county_cadre", "清川市纸业").await,
    );
    let merge = async |from: OrganisationId, into: OrganisationId| {
        let at = format!("/organisations/{from}");
        let version = version(&admin.get(&at).await);
        let fields = [("version", version), ("into", into.to_string())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, &**v)).collect();
        admin.post(&format!("{at}/merge"), &fields).await
    };
    let page = admin.get(&format!("/organisations/{a}?q=纸业")).await;
    page.sees("清川纸业有限公司").sees("清川市纸业");
    merge(a, b).await.goes_to(&format!("/organisations/{a}"));
    merge(b, c).await.goes_to(&format!("/organisations/{b}"));
    let names = town
        .scope("town_cadre")
        .look(async |db| store::names(db, &[a, b, c]).await)
        .await
        .expect("names");
    assert!(names.values().all(|name| name == "清川市纸业"), "{names:?}");
    assert_eq!(found(&town, "town_cadre", "清川纸业").await, c);
    let at = format!("/organisations/{c}");
    let itself = [("version", "1"), ("into", &*c.to_string())];
    admin
        .post(&format!("{at}/merge"), &itself)
        .await
        .refuses("选一个要并入的单位");
    let foreign = found(&town, "other_cadre", "清川纸业").await;
    let foreign = [("version", "1"), ("into", &*foreign.to_string())];
    admin
        .post(&format!("{at}/merge"), &foreign)
        .await
        .refuses("选一个要并入的单位");
}

/// Of two mergings at once the later one looks again: no chain is left, and no circle without an end.
#[tokio::test]
async fn two_mergings_at_once_leave_no_chain() {
    let town = Town::new().await;
    let (x, y) = (
        found(&town, "town_cadre", "清川纸业").await,
        found(&town, "town2_cadre", "清川纸业有限公司").await,
    );
    let z = found(&town, "county_cadre", "清川市纸业").await;
    let scope = town.scope("county_admin");
    let get = async |id| {
        let found = scope.look(async |db| store::get(db, id).await).await;
        found.expect("a look").expect("one")
    };
    let (old_x, old_y) = (get(x).await, get(y).await);
    let merge = async |from: &Organisation, into| {
        let merged = scope.work(async |db| {
            store::merge(db, from, into).await?;
            Ok(db.unchanged(()))
        });
        merged.await
    };
    merge(&old_y, z).await.expect("y goes into z");
    // What was read before says that y is active.
    let late = merge(&old_x, y).await;
    assert!(matches!(late, Err(Error::Stale(_))), "{late:?}");
    assert_eq!(get(x).await.successor_id, None);
}

#[tokio::test]
async fn who_may_not() {
    let town = Town::new().await;
    let id = found(&town, "town_cadre", "清川纸业").await;
    let at = format!("/organisations/{id}");
    town.signed_in("county_admin").get(&at).await.is(200);
    town.signed_in("other_admin").get(&at).await.is(404);
    for verb in ["name", "merge", "close"] {
        let post = format!("{at}/{verb}");
        let fields = [("version", "1"), ("name", "x")];
        town.signed_in("other_admin")
            .post(&post, &fields)
            .await
            .is(404);
        town.signed_in("town_secretary")
            .post(&post, &fields)
            .await
            .is(403);
    }
    let theirs = found(&town, "sibling_cadre", "清川纸业").await;
    let admin = town.signed_in("county_admin");
    admin.get(&format!("/organisations/{theirs}")).await.is(404);
    town.signed_in("operator")
        .get("/organisations")
        .await
        .is(403);
    admin.get("/organisations/x").await.is(404);
}
