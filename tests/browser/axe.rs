//! axe-core on the page as it stands.

use serde_json::{Value, json};

use crate::device::Device;

const AXE: &str = include_str!("../vendor/axe-core-4.14.1.min.js");

/// What axe finds wrong, one line each.
pub async fn faults(device: &Device) -> Vec<String> {
    if device.run("return typeof axe", vec![]).await == "undefined" {
        device.run(AXE, vec![]).await;
    }
    let script = "const done = arguments[arguments.length - 1];
        const calm = Promise.all(document.getAnimations().map(a => a.finished.catch(() => {})));
        Promise.race([calm, new Promise(r => setTimeout(r, 1000))])
            .then(() => axe.run(document, { resultTypes: ['violations'] })).then(r => done(r.violations.map(v =>
            v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))));";
    let found = device.client.execute_async(script, vec![]).await;
    let found = found.unwrap_or_else(|fault| panic!("axe: {fault}"));
    let lines = found.as_array().expect("a list").iter();
    lines.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Light or dark, as the device asks for it.
pub async fn shine(device: &Device, scheme: &str) {
    let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
    device
        .tool(
            "Emulation.setEmulatedMedia",
            &json!({ "features": features }),
        )
        .await;
}
