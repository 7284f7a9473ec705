//! 新认识的青年 who is registered already.

use super::{Sheet, count, youth, youth_with};
use crate::harness::Town;

const YOUTHS: &str = "select count(*) from youths";

fn numbered(town: &Town) -> Sheet {
    Sheet::new(town)
        .without("walkins")
        .with("n1-name", "王小芬")
        .with("n1-phone", "19900000101")
        .with("n1-told", "on")
        .problem(1, "想找文员岗位", "01")
        .with("p1-who", "王小芬")
}

#[tokio::test]
async fn one_number_is_asked_about_and_nothing_typed_is_lost() {
    let town = Town::new().await;
    let known = youth_with(&town, "town_colleague", "王小芳", |new| {
        new.phone = Some("19900000101".into());
    })
    .await
    .to_string();
    let sheet = numbered(&town);
    sheet
        .post(&town, "town_cadre")
        .await
        .refuses("王小芬可能已经登记过了")
        .shows("就是 王** · 溪口镇 · 同一个号码")
        .shows("不是同一个人，另外登记")
        .shows(r#"value="王小芬""#)
        .shows("想找文员岗位")
        .hides("王小芳");
    assert_eq!(count(&town, "select count(*) from visits").await, 0);
    let this = sheet.clone_with("n1-twin", &known);
    for _ in 0..2 {
        this.saved(&this.post(&town, "town_cadre").await);
    }
    assert_eq!(count(&town, YOUTHS).await, 1);
    let said = "select count(*) from issues i join youths y on y.id = i.youth_id";
    assert_eq!(count(&town, said).await, 1, "the problem is hers");
}

#[tokio::test]
async fn somebody_else_with_that_number_is_registered_once() {
    let town = Town::new().await;
    youth_with(&town, "town_colleague", "王小芳", |new| {
        new.phone = Some("19900000101".into());
    })
    .await;
    let other = numbered(&town).with("n1-twin", "new");
    other
        .clone()
        .with("at", "")
        .post(&town, "town_cadre")
        .await
        .refuses("写下到达时间")
        .shows(r#"<input type="hidden" name="n1-twin" value="new">"#);
    for _ in 0..2 {
        other.saved(&other.post(&town, "town_cadre").await);
    }
    assert_eq!(count(&town, YOUTHS).await, 2);
}

#[tokio::test]
async fn the_same_form_again_asks_nothing_though_a_namesake_came_since() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town)
        .with("n1-name", "宋知夏")
        .with("n1-told", "on");
    sheet.saved(&sheet.post(&town, "town_cadre").await);
    youth(&town, "town_colleague", "宋知夏").await;
    sheet.saved(&sheet.post(&town, "town_cadre").await);
    assert_eq!(count(&town, YOUTHS).await, 2);
}

#[tokio::test]
async fn a_correction_asks_too() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let known = youth(&town, "town_colleague", "宋知夏").await.to_string();
    let change = sheet.with("version", "1").with("n1-name", "宋知夏");
    let edit = format!("{at}/edit");
    change
        .post_to(&town, "town_cadre", &edit)
        .await
        .refuses("宋知夏可能已经登记过了");
    let this = change.with("n1-twin", &known);
    this.post_to(&town, "town_cadre", &edit)
        .await
        .goes_to("/visits/");
    assert_eq!(count(&town, YOUTHS).await, 1);
}
