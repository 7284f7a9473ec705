//! 我的: light, dark and 大字 as somebody chose them, against what the device asks for.

use crate::axe;
use crate::device::Device;
use crate::served::Served;
use crate::visit::earlier;

/// Pages with most kinds of parts on them.
const PAGES: [&str; 5] = ["/me", "/", "/visits/new", "/youth/new", "/privacy"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_in_any_chosen_look() {
    let served = Served::new().await;
    earlier(&served).await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    let mut faults = Vec::new();
    let mut size = None;
    for theme in ["浅色", "深色"] {
        phone.open("/me").await;
        phone.tap(theme).await;
        if size.is_none() {
            size = Some(letters(&phone).await);
            phone.tap("大字").await;
        }
        phone.tap("保存").await;
        phone.sees("大字").await;
        let ground = phone.run(GROUND, vec![]).await;
        let is_dark = ground.as_f64().expect("a light") < 0.3;
        assert_eq!(is_dark, theme == "深色", "{theme}: {ground}");
        assert!(Some(letters(&phone).await) > size, "larger letters");
        for page in PAGES {
            phone.open(page).await;
            let found = axe::faults_in_all_lights(&phone).await.into_iter();
            faults.extend(found.map(|fault| format!("{theme} {page} at {fault}")));
        }
    }
    println!(
        "axe: {} pages in each chosen look, with large letters",
        PAGES.len()
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    phone.end().await;
}

/// How light the ground is, from 0 to 1.
const GROUND: &str = "
    const of = e => getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number);
    const ground = [document.body, document.documentElement].map(of).find(c => c[3] !== 0);
    return (ground[0] + ground[1] + ground[2]) / 765;";

/// How large letters are, in pixels.
async fn letters(phone: &Device) -> u64 {
    let script = "return Math.round(parseFloat(getComputedStyle(document.querySelector('label')).fontSize) * 10)";
    phone.run(script, vec![]).await.as_u64().expect("a size")
}
