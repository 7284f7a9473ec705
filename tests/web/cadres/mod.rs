//! 团干部: taken into office, known to their own line, gone at once.

mod lists;

use crate::harness::people::PASSWORD;
use crate::harness::{Browser, Seen, Town, new_id};
use crate::walls::{as_owner, refusal};

type Fields = Vec<(&'static str, String)>;

fn committee(town: &Town, key: &str) -> String {
    town.world.committee(key).place.committee.to_string()
}

fn newcomer(town: &Town, key: &str) -> Fields {
    vec![
        ("id", new_id()),
        ("committee", committee(town, key)),
        ("post", "委员".into()),
        ("nature", "part".into()),
        ("role", "cadre".into()),
        ("starts_on", "2026-11-24".into()),
        ("name", "夏知秋".into()),
        ("phone", "199 0000 0077".into()),
        ("sex", "2".into()),
        ("birth_on", "1998-05-04".into()),
        ("politics", "01".into()),
        ("work_unit", "溪口镇政府".into()),
    ]
}

fn with(mut fields: Fields, name: &'static str, value: &str) -> Fields {
    fields.retain(|(n, _)| *n != name);
    fields.push((name, value.to_owned()));
    fields
}

async fn send(who: &Browser, path: &str, fields: &Fields) -> Seen {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, &**v)).collect();
    who.post(path, &fields).await
}

/// The address of the cadre whom a page links to.
fn cadre_on(page: &Seen) -> String {
    let (_, rest) = page
        .text
        .split_once(r#"class="btn primary" href=""#)
        .expect("a way back");
    rest.split('"').next().expect("an address").to_owned()
}

fn cadre_of(town: &Town, key: &str) -> String {
    format!("/cadres/{}", town.world.person(key).cadre.expect("a cadre"))
}

fn version(page: &Seen) -> String {
    let (_, rest) = page
        .text
        .split_once(r#"name="version" value=""#)
        .expect("a version");
    rest.split('"').next().expect("a number").to_owned()
}

#[tokio::test]
async fn an_admin_takes_somebody_into_office() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let form = format!("/cadres/new?committee={}", committee(&town, "town"));
    admin.get(&form).await.sees("溪口镇团委");
    let fields = newcomer(&town, "town");
    let page = send(&admin, "/cadres", &fields).await;
    page.sees("一次性口令").sees("19900000077").sees("20 天");
    let at = cadre_on(&page);
    // Sent twice: one cadre, and the code is not shown again.
    let again = send(&admin, "/cadres", &fields).await;
    again.sees("已经有账号").hides("20 天");
    assert_eq!(cadre_on(&again), at);
    send(&admin, "/cadres", &with(fields, "post", "副书记"))
        .await
        .is(409);
    admin
        .get(&at)
        .await
        .sees("溪口镇团委 委员")
        .sees("19900000077")
        .sees("1998-05-04")
        .sees("中共党员")
        .sees("登记团干部")
        .hides("登录时间");
    admin
        .get("/cadres")
        .await
        .sees("夏知秋")
        .hides("19900000077");
    let found = admin.post("/cadres/search", &[("q", "xzq")]).await;
    found.sees("夏知秋");
}

#[tokio::test]
async fn taken_into_office_twice_at_once_it_is_one_cadre() {
    let town = Town::new().await;
    let (one, two) = (town.signed_in("county_admin"), town.signed_in("city_admin"));
    let fields = newcomer(&town, "town");
    let (first, again) = tokio::join!(
        send(&one, "/cadres", &fields),
        send(&one, "/cadres", &fields)
    );
    first.is(200);
    again.is(200);
    assert_eq!(cadre_on(&first), cadre_on(&again));
    // Two admins, one number.
    let phone = "199 0000 0078";
    let (here, there) = (
        with(newcomer(&town, "town"), "phone", phone),
        with(newcomer(&town, "sibling"), "phone", phone),
    );
    let (here, there) = tokio::join!(send(&one, "/cadres", &here), send(&two, "/cadres", &there));
    here.is(200);
    there.is(200);
    assert_eq!(cadre_on(&here), cadre_on(&there));
}

/// Somebody of another county who is written down without an account is the same person, and whose a
/// number is there is nobody's business here.
#[tokio::test]
async fn a_number_is_one_person_in_the_whole_city() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let (at, phone) = (
        cadre_of(&town, "sibling_cadre"),
        town.world.person("sibling_cadre").phone,
    );
    let mut owner = as_owner(&town.database).await;
    for has_account in [true, false] {
        if !has_account {
            let id = at.trim_start_matches("/cadres/");
            for table in ["appointments where cadre_id", "cadres where id"] {
                let (table, key) = table.split_once(" where ").expect("a key");
                let sql = format!("update {table} set account_id = null where {key} = '{id}'");
                assert_eq!(refusal(&mut owner, &sql).await, None);
            }
            let sql = format!(
                "delete from sessions; delete from accounts where phone_hash = phone_key('{phone}')"
            );
            assert_eq!(refusal(&mut owner, &sql).await, None);
        }
        let other = with(newcomer(&town, "town"), "phone", &phone);
        send(&admin, "/cadres", &other)
            .await
            .refuses("姓名对不上")
            .hides("程听雪")
            .hides("梅岭");
    }
    let admin = town.signed_in("county_admin");
    let same = with(newcomer(&town, "town"), "phone", &phone);
    let page = send(&admin, "/cadres", &with(same, "name", "程听雪")).await;
    page.sees("一次性口令");
    assert_eq!(cadre_on(&page), at);
    admin.get(&at).await.sees("溪口镇团委 委员");
}

#[tokio::test]
async fn the_directory_is_for_the_tenant_and_particulars_for_the_line() {
    let town = Town::new().await;
    let at = cadre_of(&town, "town_cadre");
    let phone = town.world.person("town_cadre").phone;
    for (key, knows) in [
        ("town_secretary", true),
        ("county_admin", true),
        ("city_admin", true),
        ("town_colleague", false),
        ("sibling_secretary", false),
        ("sibling_cadre", false),
    ] {
        let page = town.signed_in(key).get(&at).await;
        page.sees("林晓禾").sees("溪口镇团委 委员");
        assert_eq!(page.text.contains(&phone), knows, "{key}");
        assert_eq!(page.text.contains("经过"), knows, "{key}");
    }
    town.signed_in("other_admin").get(&at).await.is(404);
    town.signed_in("operator").get(&at).await.is(403);
    town.stranger().get(&at).await.goes_to("/login?next=");
}

#[tokio::test]
async fn who_may_not_change() {
    let town = Town::new().await;
    let at = cadre_of(&town, "sibling_cadre");
    let admin = town.signed_in("county_admin");
    for path in ["edit", "leave"] {
        admin.get(&format!("{at}/{path}")).await.is(404);
    }
    for path in ["edit", "leave", "code"] {
        let (form, fields) = (format!("{at}/{path}"), newcomer(&town, "town"));
        send(&admin, &form, &fields).await.is(404);
    }
    admin.get("/cadres?committee=999999").await.is(404);
    for key in ["town_cadre", "county_secretary"] {
        let who = town.signed_in(key);
        who.get("/cadres").await.is(403);
        who.get("/cadres/new").await.is(403);
        send(&who, "/cadres", &newcomer(&town, "town"))
            .await
            .is(403);
        let own = cadre_of(&town, "town_colleague");
        who.post(&format!("{own}/code"), &[]).await.is(403);
        who.post(&format!("{own}/leave"), &[]).await.is(403);
    }
}

#[tokio::test]
async fn one_number_is_one_person_with_a_second_appointment() {
    let town = Town::new().await;
    let sibling_phone = town.world.person("sibling_cadre").phone;
    let admin = town.signed_in("county_admin");
    let mut fields = with(newcomer(&town, "county"), "phone", &sibling_phone);
    send(&admin, "/cadres", &fields)
        .await
        .refuses("姓名对不上")
        .hides("程听雪")
        .shows("夏知秋");
    fields = with(fields, "name", "程听雪");
    let page = send(&admin, "/cadres", &fields).await;
    // This admin could not reset him: it is said whose could.
    page.sees("已经有账号").shows("由团清川市委或上级的管理员");
    let at = cadre_on(&page);
    assert_eq!(at, cadre_of(&town, "sibling_cadre"));
    let page = admin.get(&at).await;
    page.sees("团青溪县委 委员").sees("梅岭乡团委 委员");
    page.hides(&sibling_phone);
    let twice = with(fields, "id", &new_id());
    send(&admin, "/cadres", &twice)
        .await
        .refuses("已经在这里任这个职务");
    // His password stays his own committee's: resetting it would open the other county's records.
    town.signed_in("city_admin")
        .post(&format!("{at}/code"), &[])
        .await
        .sees("24 小时");
}

#[tokio::test]
async fn who_serves_two_lines_is_reset_by_neither() {
    let town = Town::new().await;
    let phone = town.world.person("sibling_cadre").phone;
    let fields = with(newcomer(&town, "county"), "phone", &phone);
    let fields = with(fields, "name", "程听雪");
    let county = town.signed_in("county_admin");
    send(&county, "/cadres", &fields).await.sees("已经有账号");
    let at = cadre_of(&town, "sibling_cadre");
    county.post(&format!("{at}/code"), &[]).await.is(404);
    county.get(&format!("{at}/edit")).await.is(404);
    // Nor by a second appointment that the admin gives to a cadre of his own.
    let own = cadre_of(&town, "town_cadre");
    county
        .post(&format!("{own}/code"), &[])
        .await
        .sees("一次性口令");
}

#[tokio::test]
async fn leaving_ends_access_at_once_and_records_stay() {
    let town = Town::new().await;
    let leaver = town.signed_in("town_cadre");
    leaver.get("/feedback").await.is(200);
    let admin = town.signed_in("county_admin");
    let at = cadre_of(&town, "town_cadre");
    let page = admin.get(&format!("{at}/leave")).await;
    page.sees("溪口镇团委 委员");
    let appointment = town.world.person("town_cadre").appointment.expect("one");
    let mut fields: Fields = vec![
        ("appointments", appointment.to_string()),
        ("ends_on", "2026-11-25".into()),
    ];
    let leave = format!("{at}/leave");
    send(&admin, &leave, &fields).await.refuses("不能晚于今天");
    fields = with(fields, "ends_on", "2023-01-01");
    send(&admin, &leave, &fields)
        .await
        .refuses("不能早于任职日期");
    let nothing = vec![("ends_on", "2026-11-24".into())];
    send(&admin, &leave, &nothing)
        .await
        .refuses("选要结束的任职");
    leaver.get("/feedback").await.is(200);
    fields = with(fields, "ends_on", "2026-11-24");
    send(&admin, &leave, &fields).await.goes_to(&at);
    leaver.get("/feedback").await.goes_to("/login");
    send(&admin, &leave, &fields).await.goes_to(&at);
    admin
        .get(&at)
        .await
        .sees("已结束")
        .sees("结束任职")
        .sees("林晓禾");
    let list = admin.get("/cadres").await;
    list.hides("林晓禾");
    admin.get("/cadres?state=left").await.sees("林晓禾");
    // Colleagues do not find him any more.
    let colleagues = town
        .scope("town_colleague")
        .look(async |db| qingting::cadres::store::colleagues(db, "林晓").await)
        .await
        .expect("a look");
    assert!(colleagues.is_empty());
}

#[tokio::test]
async fn nobody_ends_his_own_appointment() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let own = cadre_of(&town, "county_admin");
    admin.get(&own).await.sees("陆之遥").hides("/leave");
    admin.get(&format!("{own}/leave")).await.is(403);
}

#[tokio::test]
async fn a_code_ends_the_password_and_every_session() {
    let town = Town::new().await;
    let cadre = town.signed_in("town_cadre");
    cadre.get("/feedback").await.is(200);
    let admin = town.signed_in("county_admin");
    let at = cadre_of(&town, "town_cadre");
    let page = admin.post(&format!("{at}/code"), &[]).await;
    page.sees("一次性口令").sees("24 小时").hides(PASSWORD);
    cadre.get("/feedback").await.goes_to("/login");
    admin.get(&at).await.sees("发一次性口令");
}

#[tokio::test]
async fn particulars_change_with_their_version() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let at = cadre_of(&town, "town_cadre");
    let edit = format!("{at}/edit");
    let read = version(&admin.get(&edit).await);
    let person = |version: &str, unit: &str| -> Fields {
        vec![
            ("name", "林晓禾".into()),
            ("phone", town.world.person("town_cadre").phone),
            ("work_unit", unit.into()),
            ("version", version.into()),
        ]
    };
    send(&admin, &edit, &person(&read, "溪口镇政府"))
        .await
        .goes_to(&at);
    admin.get(&at).await.sees("溪口镇政府").sees("改资料");
    let stale = send(&admin, &edit, &person(&read, "青溪中学")).await;
    stale
        .is(409)
        .shows("别人刚改过")
        .shows("溪口镇政府")
        .shows("青溪中学");
    send(&admin, &edit, &person(&version(&stale), "青溪中学"))
        .await
        .goes_to(&at);
    let mut taken = person(&version(&admin.get(&edit).await), "青溪中学");
    taken = with(taken, "phone", &town.world.person("sibling_cadre").phone);
    send(&admin, &edit, &taken).await.refuses("别的账号在用");
    let moved = with(taken, "phone", "19900000066");
    send(&admin, &edit, &moved).await.goes_to(&at);
    admin.get(&at).await.sees("19900000066");
    // The session goes on: only the number changed.
    town.signed_in("town_cadre").get("/feedback").await.is(200);
}

#[tokio::test]
async fn a_further_post_of_a_known_cadre() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let at = cadre_of(&town, "town_cadre");
    admin
        .get(&format!("{at}/appointments/new"))
        .await
        .sees("林晓禾再任一职");
    let mut office = newcomer(&town, "county");
    office = with(office, "nature", "seconded");
    office = with(office, "ends_on", "2027-11-24");
    let post = format!("{at}/appointments");
    send(&admin, &post, &office).await.goes_to(&at);
    send(&admin, &post, &office).await.goes_to(&at);
    admin
        .get(&at)
        .await
        .sees("团青溪县委 委员")
        .sees("2027-11-24 到期")
        .sees("挂职");
    let bad = with(with(office, "id", &new_id()), "ends_on", "2026-01-01");
    send(&admin, &post, &bad).await.refuses("要晚于任职日期");
}
