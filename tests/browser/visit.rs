//! The main job: a visit logged by touch, and what everybody sees of it.

use crate::device::Device;
use crate::served::Served;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_in_and_out() {
    let served = Served::new().await;
    let phone = Device::phone(&served).await;
    phone.open("/").await;
    phone.sees("登录").await;
    phone.sign_in(&served, "town_cadre").await;
    phone.sees("晚上好，林晓禾").await;
    println!("{:?}", phone.counted());
    println!("{}", phone.text().await);
    println!("{:?}", crate::axe::faults(&phone).await);
    phone.end().await;
}
