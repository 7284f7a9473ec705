//! The main job: a visit logged by touch.

use crate::device::Device;
use crate::harness::new_id;
use crate::served::Served;

const TALK: &str = "聊了网店和鸡舍，想在村口摆个摊";
const WISH: &str = "想学一门短视频剪辑，问有没有班";

/// Two evenings ago in 下溪村: 陈一诺 was met for the first time.
pub async fn earlier(served: &Served) {
    let town = &served.town;
    let village = town.world.committee("village").place.committee.to_string();
    let id = new_id();
    let fields = [
        ("id", id.as_str()),
        ("day", "2026-11-22"),
        ("at", "19:40"),
        ("village", &village),
        ("kind", "home"),
        ("n1-name", "陈一诺"),
        ("n1-told", "on"),
    ];
    let seen = town.signed_in("town_cadre").post("/visits", &fields).await;
    seen.goes_to("/visits/");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_youth_with_one_problem_in_few_taps() {
    let served = Served::new().await;
    earlier(&served).await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    phone.counted();
    phone.tap("记一次走访").await;
    phone.type_into("走访了谁", "陈一").await;
    phone.tap("陈一诺").await;
    phone.type_into("聊了什么", TALK).await;
    phone.tap("记一件诉求").await;
    phone.type_here("青年说的事", WISH).await;
    phone.tap("学习教育与技能提升").await;
    phone.tap("我来办").await;
    phone.tap("记一次走访").await;
    phone.sees("记下了").await;
    let (taps, typed) = phone.counted();
    let typed = typed - TALK.chars().count() - WISH.chars().count();
    println!("known youth, one problem: {taps} taps, {typed} characters besides the free text");
    assert!(taps <= 12 && typed <= 4, "{taps} taps, {typed} characters");
    phone.tap("回到今天").await;
    phone.sees("下溪村").await;
    phone.end().await;
}
