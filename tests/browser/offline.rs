//! No network in the middle of a form: what is typed stays in the phone, over a closed tab, until the
//! cadre sends it.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::device::Device;
use crate::served::Served;

const TALK: &str = "聊到一半没了信号，他说想回村开网店";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_outlives_network_and_tab() {
    // By the clock of this machine: the form that the phone keeps takes its day and time from there.
    let served = Served::now().await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    phone.tap("记一次走访").await;
    kept_form(&phone).await;

    phone.tap("新认识的青年").await;
    phone.type_here("姓名", "宋知夏").await;
    phone.tap("已当面告知用途，本人同意").await;
    served.cut();
    phone.offline(true).await;
    phone.type_into("聊了什么", TALK).await;
    phone.sees("没有网络，已存在手机").await;
    phone.close_tab().await;

    phone.offline(true).await;
    phone.open("/visits/new").await;
    phone.sees("手机里还有一份没传的：没写完").await;
    phone.tap("接着写").await;
    phone.holds("聊了什么", TALK).await;
    phone.holds("姓名", "宋知夏").await;
    phone.choose("村（社区）", "下溪村").await;
    phone.tap("记一次走访").await;
    phone
        .sees("没有网络，已存在手机。有网络时再发送，不会丢。")
        .await;

    served.mend();
    phone.offline(false).await;
    phone.sees("网络恢复了，手机里的这份可以发送。").await;
    phone.tap("发送").await;
    phone.sees("记下了").await;
    phone.tap("回到今天").await;
    phone.sees("今年见了 1 位青年").await;
    phone.sees("溪口镇下溪村").await;
    phone.hides("没传").await;
    let left = phone.run(
        "return Object.keys(localStorage).filter(k => k.startsWith('draft:')).length",
        vec![],
    );
    assert_eq!(left.await, Value::from(0), "the draft is let go");
    phone.open("/visits").await;
    phone.sees("共 1 次").await;
    phone.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_pages_say_that_there_is_no_network() {
    let served = Served::new().await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    kept_form(&phone).await;
    served.cut();
    phone.open("/issues").await;
    phone.sees("没有网络").await;
    phone.hides("林晓禾").await;
    served.mend();
    phone.open("/issues").await;
    phone.sees("共 0 件").await;
    phone.end().await;
}

/// Waits until the worker has put the empty form by. A server that was too busy the first time is asked
/// again by each page that is opened.
pub async fn kept_form(phone: &Device) {
    let begun = Instant::now();
    let mut asked = begun;
    let script = "const done = arguments[arguments.length - 1];
        caches.match('/visits/blank').then(hit => done(!!hit && !!navigator.serviceWorker.controller));";
    loop {
        let kept = phone.client.execute_async(script, vec![]).await;
        if kept.is_ok_and(|kept| kept == Value::Bool(true)) {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "the worker keeps no form"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
        if asked.elapsed() > Duration::from_secs(5) {
            phone.open("/visits/new").await;
            asked = Instant::now();
        }
    }
}
