//! chromedriver, one for each device, and what Chromium is told to be.

use std::process::Stdio;
use std::time::Duration;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use url::{ParseError, Url};

/// A chromedriver of one's own; ends with the value.
pub struct Driver {
    _process: Child,
    port: u16,
}

/// The size and the fingers of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 390×844, touched.
    Phone,
    /// 1440×900, clicked.
    Desk,
}

impl Shape {
    /// Width and height in pixels of the page.
    pub fn size(self) -> (u64, u64) {
        match self {
            Self::Phone => (390, 844),
            Self::Desk => (1440, 900),
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Phone => Self::Desk,
            Self::Desk => Self::Phone,
        }
    }
}

impl Driver {
    pub async fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TZ", "Asia/Shanghai")
            .env("LANGUAGE", "zh_CN")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|fault| {
                panic!("chromedriver does not start ({fault}); script/test installs it")
            });
        let out = process.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(out).lines();
        let port = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, port)) = line.split_once("successfully on port ") {
                    return port.trim_end_matches('.').parse().ok();
                }
            }
            None
        };
        let port = tokio::time::timeout(Duration::from_mins(1), port).await;
        let port = port.ok().flatten().expect("chromedriver names its port");
        // It goes on writing: somebody has to read.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self {
            _process: process,
            port,
        }
    }

    /// A browser with nothing in it: a new profile.
    pub async fn open(&self, shape: Shape) -> Client {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(shape));
        let client = builder
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await;
        client.unwrap_or_else(|fault| panic!("Chromium does not start: {fault}"))
    }
}

fn capabilities(shape: Shape) -> Capabilities {
    let mut options = json!({
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--lang=zh-CN",
            "--no-first-run",
            "--disable-background-networking",
            "--window-size=1440,900",
        ],
        "prefs": { "intl.accept_languages": "zh-CN,zh" },
    });
    if shape == Shape::Phone {
        // By the window's size Chromium would not go below 500 pixels.
        options["mobileEmulation"] = json!({
            "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 3, "touch": true, "mobile": true },
        });
    }
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "script": 60_000, "pageLoad": 30_000 },
    });
    match wanted {
        Value::Object(map) => map,
        _ => unreachable!("an object was just written"),
    }
}

/// What chromedriver knows beyond the standard: DevTools commands, network, the console.
#[derive(Debug)]
pub struct Beyond {
    path: &'static str,
    body: Value,
}

impl Beyond {
    /// A DevTools command.
    pub fn tool(command: &str, params: &Value) -> Self {
        Self {
            path: "goog/cdp/execute",
            body: json!({ "cmd": command, "params": params }),
        }
    }

    pub fn offline(is_offline: bool) -> Self {
        let conditions = json!({ "offline": is_offline, "latency": 0, "throughput": -1 });
        Self {
            path: "chromium/network_conditions",
            body: json!({ "network_conditions": conditions }),
        }
    }

    /// What was written to the console since the last time.
    pub fn console() -> Self {
        Self {
            path: "se/log",
            body: json!({ "type": "browser" }),
        }
    }
}

impl WebDriverCompatibleCommand for Beyond {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!(
            "session/{}/{}",
            session_id.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.body.to_string()))
    }
}
