//! The built program as a newcomer starts it: one command, the demo tenant, the printed accounts.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::device::Device;

/// Planting is slow in a build for tests, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(3);

struct Program {
    process: Child,
    address: String,
    /// Everything it printed until it served.
    printed: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_one_command_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = start(folder.path()).await;
    let (password, phones) = accounts(&program.printed);
    assert!(phones.len() >= 6, "{:?}", program.printed);
    let device = Device::at(&program.address).await;
    for (phone, who) in &phones {
        device.open("/login").await;
        device.type_into("手机号", phone).await;
        device.type_into("密码", &password).await;
        device.tap("登录").await;
        let name = who.split('，').next().expect("a name");
        device.open("/me").await;
        device.sees(name).await;
        if who.contains("团干部，团溪口镇") {
            device.open("/").await;
            device.hides("今年见了 0 位青年").await;
            device.sees("位青年").await;
        }
        device.open("/me").await;
        device.tap("退出登录").await;
        device.sees("/login").await;
    }
    device.end().await;
    stop(&mut program).await;
    println!("the demo: {} printed accounts sign in", phones.len());
}

async fn start(folder: &std::path::Path) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("DATABASE_")
            || (name.starts_with("QINGTING_") && name != "QINGTING_PG_BIN")
        {
            command.env_remove(name.as_ref());
        }
    }
    let mut process = command
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.join("data"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the program");
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    let mut printed = Vec::new();
    let serving = async {
        while let Ok(Some(line)) = lines.next_line().await {
            let address = line
                .split_once("serves on ")
                .and_then(|(_, rest)| rest.split('/').nth(2));
            let address = address.map(|host| format!("http://{host}"));
            printed.push(line.clone());
            if address.is_some() {
                return address;
            }
        }
        None
    };
    let address = tokio::time::timeout(PATIENCE, serving).await.ok().flatten();
    let address = address.unwrap_or_else(|| panic!("it does not serve: {printed:?}"));
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Program {
        process,
        address,
        printed,
    }
}

/// The password of all, and each number with who it is.
fn accounts(printed: &[String]) -> (String, Vec<(String, String)>) {
    let password = printed
        .iter()
        .find_map(|line| line.split_once("with the password "));
    let password = password.expect("a password").1.trim_end_matches(':');
    let numbers = printed
        .iter()
        .filter_map(|line| line.trim().split_once("  "));
    let numbers = numbers.filter(|(number, _)| number.len() == 11 && number.starts_with('1'));
    let numbers = numbers.map(|(number, who)| (number.to_owned(), who.to_owned()));
    (password.to_owned(), numbers.collect())
}

/// As Ctrl-C does: it ends cleanly, and PostgreSQL with it.
async fn stop(program: &mut Program) {
    let id = program.process.id().expect("it runs").to_string();
    let told = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(told.expect("kill runs").success());
    let ended = tokio::time::timeout(Duration::from_secs(30), program.process.wait()).await;
    let status = ended.expect("it ends").expect("a status");
    assert!(status.success(), "{status}");
}
