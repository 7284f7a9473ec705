//! Back to a form that was refused: what was typed is there, and nobody says that there is no network.

use crate::device::Device;
use crate::offline::kept_form;
use crate::served::Served;
use crate::visit::earlier;

const TALK: &str = "聊了鸡舍的事，还没写是和谁聊的";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn back_to_a_refused_form_finds_what_was_typed() {
    let served = Served::new().await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    phone.open("/visits/new").await;
    kept_form(&phone).await;
    phone.open("/visits/new").await;
    phone.type_into("聊了什么", TALK).await;
    phone.tap("记一次走访").await;
    phone.sees("处要改").await;
    phone.open("/privacy").await;
    phone.sees("隐私").await;
    phone.run("history.back()", vec![]).await;
    phone.sees("什么时候、在哪里").await;
    phone.hides("没有网络").await;
    assert_eq!(phone.value("聊了什么").await, TALK);
    phone.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_looked_for_and_chosen_is_not_looked_for_again() {
    let served = Served::new().await;
    earlier(&served).await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    phone.open("/visits/new").await;
    phone.type_into("走访了谁", "陈一").await;
    phone.tap("陈一诺").await;
    assert_eq!(phone.value("走访了谁").await, "");
    phone.end().await;
}
