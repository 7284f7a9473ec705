//! Pages that nobody asks for: each refusal is as readable as the rest.

use serde_json::json;

use crate::axe;
use crate::device::Device;
use crate::harness::new_id;
use crate::served::Served;
use crate::visit::earlier;

/// Sends a form from a page of ours, as a page that was left open would.
pub const SEND: &str = "
    const form = document.createElement('form');
    form.method = 'post'; form.action = arguments[0];
    for (const [name, value] of arguments[1]) {
      const field = document.createElement('textarea');
      field.name = name; field.value = value; form.append(field);
    }
    document.body.append(form); form.submit();";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_refusals() {
    let served = Served::new().await;
    earlier(&served).await;
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_cadre").await;
    let mut looked = Refused::default();
    for (address, words) in [
        ("/no-such-page", "没有找到这一页"),
        ("/cadres/new", "这一页您看不了"),
        ("/visits?state=nonsense", "这个链接打不开"),
    ] {
        phone.open(address).await;
        looked.see(&phone, words).await;
    }
    let id = new_id();
    let said = |text: &str| json!([["id", id], ["text", text]]);
    for (path, fields, words) in [
        ("/visits", json!([["id", new_id()]]), "处要改"),
        ("/feedback", said("夜里字太小"), "夜里字太小"),
        ("/feedback", said("同一个编号，另一句话"), "没有覆盖"),
    ] {
        phone.open("/me").await;
        phone.run(SEND, vec![json!(path), fields]).await;
        looked.see(&phone, words).await;
    }
    phone.end().await;
    let stranger = Device::phone(&served).await;
    stranger.open("/login").await;
    stranger.sees("手机号").await;
    stranger.type_into("手机号", "19900000099").await;
    stranger.type_into("密码", "not-the-password").await;
    stranger.tap("登录").await;
    looked.see(&stranger, "没有登录").await;
    stranger.end().await;
    looked.report("refusals");
}

/// Pages that were looked at, and what is wrong with them.
#[derive(Default)]
pub struct Refused {
    pages: usize,
    faults: Vec<String>,
}

impl Refused {
    pub async fn see(&mut self, phone: &Device, words: &str) {
        phone.sees(words).await;
        self.pages += 1;
        let faults = axe::faults_in_all_lights(phone).await.into_iter();
        self.faults
            .extend(faults.map(|fault| format!("“{words}” at {fault}")));
    }

    /// Says how many there were; fails with what axe found.
    pub fn report(&self, what: &str) {
        let n = self.pages;
        println!("axe: {n} {what}, each at 390 and 1440, light and dark");
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }
}
