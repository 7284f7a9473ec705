//! axe-core on the page as it stands, on the phone and at the desk, light and dark.

use serde_json::{Value, json};

use crate::device::Device;

const AXE: &str = include_str!("../vendor/axe-core-4.14.1.min.js");

/// What is wrong with this page in any size and light, one line each: by axe, and a page that is wider
/// than the phone. The device keeps its own size in the end.
pub async fn faults_in_all_lights(device: &Device) -> Vec<String> {
    let mut all = Vec::new();
    for shape in [device.shape.other(), device.shape] {
        device.resize(shape).await;
        let (width, _) = shape.size();
        let wide = "return document.documentElement.scrollWidth";
        let wide = device.run(wide, vec![]).await.as_u64().expect("a width");
        if wide > width {
            all.push(format!("{width}: is {wide} wide"));
        }
        for scheme in ["dark", "light"] {
            shine(device, scheme).await;
            let faults = faults(device).await.into_iter();
            all.extend(faults.map(|fault| format!("{width} {scheme}: {fault}")));
        }
    }
    all
}

async fn faults(device: &Device) -> Vec<String> {
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
async fn shine(device: &Device, scheme: &str) {
    let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
    device
        .tool(
            "Emulation.setEmulatedMedia",
            &json!({ "features": features }),
        )
        .await;
}
