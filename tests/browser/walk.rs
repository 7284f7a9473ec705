//! A problem from the night on which it was heard to the young person's word that it is solved, by five
//! people: a town's cadre, a county's secretary and cadre, somebody of a department and the young person, who
//! have no account (domain.md §2.5).

use crate::device::Device;
use crate::served::Served;
use crate::visit::earlier;

const TALK: &str = "聊了返乡后的打算，家里三亩茶园";
const WISH: &str = "茶园想装滴灌，问补贴怎么申请";

/// What stands on the page to be passed on.
async fn address(device: &Device) -> String {
    device.sees("只显示这一次").await;
    let script = "return document.getElementById('address').textContent.trim()";
    let text = device.run(script, vec![]).await;
    let text = text.as_str().expect("an address").to_owned();
    let path = text.splitn(4, '/').nth(3).expect("a path");
    format!("/{path}")
}

/// The page of the matter, by its words in the list.
async fn open(device: &Device, list: &str) {
    device.open(list).await;
    device.tap(WISH).await;
    device.sees("经过").await;
}

/// A town's cadre hears it, takes it on and sends it up.
async fn heard_and_reported(phone: &Device) {
    phone.tap("记一次走访").await;
    phone.type_into("走访了谁", "陈一").await;
    phone.tap("陈一诺").await;
    phone.type_into("聊了什么", TALK).await;
    phone.tap("记一件诉求").await;
    phone.type_here("青年说的事", WISH).await;
    phone.tap("创业扶持").await;
    phone.tap("我来办").await;
    phone.tap_last("记一次走访").await;
    phone.sees("记下了").await;
    open(phone, "/issues").await;
    phone.tap("受理").await;
    phone.type_into("要答复哪几点", "补贴找谁申请").await;
    phone.tap_last("受理").await;
    phone.sees("已受理").await;
    phone.tap("上报").await;
    phone.choose("交给哪个单位", "团青溪县委").await;
    phone
        .type_into("要上级协调什么", "镇里定不了，请县里问农业农村局")
        .await;
    phone.tap_last("上报").await;
    phone.sees("已上报").await;
}

/// The county's secretary signs, names who stays with it and asks a department for its part.
async fn signed_and_shared(desk: &Device) -> String {
    open(desk, "/issues?queue=sign").await;
    desk.tap("签收").await;
    desk.choose("谁跟进", "江临川（干事）").await;
    desk.tap_last("签收").await;
    desk.sees("办理中").await;
    desk.tap("请协办").await;
    desk.tap("没有账号的部门").await;
    desk.type_into("哪个部门", "县农业农村局产业科").await;
    desk.type_into("要对方做什么", "滴灌补贴还有没有名额，怎样申请")
        .await;
    desk.tap_last("请协办").await;
    desk.sees("县农业农村局产业科").await;
    desk.hides("已办结").await;
    desk.tap("生成链接").await;
    address(desk).await
}

/// Who has no account reads what was written for him, and answers once.
async fn answered(department: &Device, path: &str) {
    department.open(path).await;
    department.sees("请县农业农村局产业科协办").await;
    department.hides("陈一诺").await;
    department.tap("答复").await;
    department
        .type_into("答复，或者为什么退回", "还有名额，带土地合同到产业科登记")
        .await;
    department.tap("提交").await;
    department.sees("收到").await;
    department.open(path).await;
    department.hides("带土地合同").await;
}

async fn closed(desk: &Device, words: &str) {
    open(desk, "/issues?mine=on").await;
    desk.tap("办结").await;
    desk.tap("已解决").await;
    desk.type_into("1．补贴找谁申请", words).await;
    desk.type_into("结果说明", "已经和青年当面说清").await;
    desk.tap_last("办结").await;
    desk.sees("已办结待评价").await;
}

/// The cadre who heard it passes the link on; the young person says how it went.
async fn judged(phone: &Device, youth: &Device, verdict: &str, words: &str) {
    open(phone, "/issues").await;
    phone.tap("请青年评价").await;
    phone.tap("发给青年").await;
    phone.tap("生成链接").await;
    let path = address(phone).await;
    youth.open(&path).await;
    youth.sees("这件事办得怎样").await;
    youth.sees(WISH).await;
    youth.tap(verdict).await;
    youth.type_into("想说的话", words).await;
    youth.tap("提交评价").await;
    youth.sees("收到").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_night_it_was_heard_to_the_young_persons_word() {
    let served = Served::new().await;
    earlier(&served).await;
    let phone = Device::phone(&served).await;
    let desk = Device::desk(&served).await;
    let strangers = Device::phone(&served).await;

    phone.sign_in(&served, "town_cadre").await;
    heard_and_reported(&phone).await;

    desk.sign_in(&served, "county_secretary").await;
    let part = signed_and_shared(&desk).await;
    answered(&strangers, &part).await;
    open(&desk, "/issues").await;
    desk.sees("还有名额").await;

    let cadre = Device::desk(&served).await;
    cadre.sign_in(&served, "county_cadre").await;
    closed(&cadre, "找县农业农村局产业科，带土地合同").await;
    judged(&phone, &strangers, "没办成", "去了，说名额满了").await;

    open(&cadre, "/issues?queue=failed").await;
    cadre.sees("名额满了").await;
    cadre.tap("着手办理").await;
    cadre.tap_last("着手办理").await;
    cadre.sees("办理中").await;
    closed(&cadre, "县里给追加了一户，周五来登记").await;
    judged(&phone, &strangers, "办成了", "登记上了，谢谢").await;

    open(&desk, "/issues").await;
    for words in ["已办结", "登记上了", "名额满了", "由 林晓禾 转达链接"] {
        desk.sees(words).await;
    }
    for device in [phone, desk, cadre, strangers] {
        device.end().await;
    }
}
