//! The same visit with script off, and what the first load of the form weighs.

use serde_json::{Value, json};

use crate::device::Device;
use crate::served::Served;
use crate::visit::earlier;

/// 32 KB, as they come over the line.
const WEIGHT: u64 = 32 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_visit_with_script_off() {
    let served = Served::new().await;
    earlier(&served).await;
    let phone = Device::phone(&served).await;
    phone
        .tool(
            "Emulation.setScriptExecutionDisabled",
            &json!({ "value": true }),
        )
        .await;
    phone.sign_in(&served, "town_cadre").await;
    phone.tap("记一次走访").await;
    phone.sees("走访了谁").await;
    let hidden = phone.run(
        "return document.querySelectorAll('[data-when][hidden]').length",
        vec![],
    );
    assert_eq!(hidden.await, Value::from(0), "a script has run");
    phone.type_into("走访了谁", "陈一").await;
    phone.tap("找").await;
    phone.tap("陈一诺").await;
    phone.tap("新认识的青年").await;
    leads_to(&phone, "n1-name").await;
    phone.type_into("姓名", "宋知夏").await;
    phone.tap("已当面告知用途，本人同意").await;
    phone.type_into("聊了什么", "聊了网店和鸡舍").await;
    phone.tap("记一件诉求").await;
    leads_to(&phone, "p1-text").await;
    phone
        .type_into("青年说的事", "茶园想装滴灌，不懂补贴怎么申请")
        .await;
    phone.tap("创业扶持").await;
    phone.tap("报团县委").await;
    phone.tap_last("记一次走访").await;
    phone.sees("记下了").await;
    phone.sees("走访 2 人、诉求 1 件").await;
    phone.tap("回到今天").await;
    phone.sees("今年见了 2 位青年").await;
    phone.open("/visits/paper").await;
    phone.sees("走访记录表").await;
    let offered =
        "return [...document.querySelectorAll('[data-print]')].filter(b => b.offsetParent).length";
    assert_eq!(phone.run(offered, vec![]).await, Value::from(0));
    phone.end().await;
}

/// The page came back at the block that was asked for, not at its top.
async fn leads_to(phone: &Device, field: &str) {
    let script = "const e = document.querySelector(':target'), at = e?.getBoundingClientRect();
        return at && at.bottom > 0 && at.top < innerHeight ? e.id : null;";
    phone
        .sees(if field.starts_with('n') {
            "姓名"
        } else {
            "青年说的事"
        })
        .await;
    let target = phone.run(script, vec![]).await;
    assert_eq!(target, Value::from(field));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_is_light() {
    let served = Served::new().await;
    earlier(&served).await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    // As on the first day: nothing of ours is in the phone yet, but the session.
    phone.open("/healthz").await;
    let all = json!({ "origin": served.address, "storageTypes": "service_workers,cache_storage" });
    phone.tool("Storage.clearDataForOrigin", &all).await;
    phone.tool("Network.clearBrowserCache", &json!({})).await;
    phone.open("/visits/new").await;
    phone.sees("走访了谁").await;
    let script = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map(e => ({ name: new URL(e.name).pathname, bytes: e.encodedBodySize, whole: e.decodedBodySize }));";
    let entries = phone.run(script, vec![]).await;
    let mut sum = 0;
    for entry in entries.as_array().expect("a list") {
        let (bytes, whole) = (entry["bytes"].as_u64(), entry["whole"].as_u64());
        let (bytes, whole) = (bytes.expect("a size"), whole.expect("a size"));
        let name = entry["name"].as_str().expect("a name");
        println!("{bytes:6} of {whole:6}  {name}");
        assert!(bytes > 0, "{name} came from a cache");
        sum += bytes;
    }
    println!("first load of the form: {sum} bytes over the line");
    assert!(sum <= WEIGHT, "{sum} bytes");
    phone.end().await;
    by_brotli(&served).await;
}

/// What the browser counted came with `Content-Encoding: br`: page, styles and script.
async fn by_brotli(served: &Served) {
    let browser = served.town.signed_in("town_cadre");
    let ask = async |path: &str| {
        let request = browser
            .request("GET", path)
            .header("accept-encoding", "gzip, br");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        browser.send(request).await
    };
    let page = ask("/visits/new").await;
    assert_eq!(page.headers["content-encoding"], "br");
    let plain = browser.get("/visits/new").await.text;
    let files = plain.split('"').filter(|part| part.starts_with("/static/"));
    let files: Vec<&str> = files
        .filter(|file| matches!(file.rsplit('.').next(), Some("css" | "js")))
        .collect();
    assert!(files.len() > 3, "{files:?}");
    for file in files {
        assert_eq!(ask(file).await.headers["content-encoding"], "br", "{file}");
    }
}
