//! A device in somebody's hand: what is done with it, counted, and what is seen on it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::actions::{
    ActionSequence, InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction, TouchActions,
};
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::driver::{Beyond, Driver, Shape};
use crate::harness::people::PASSWORD;
use crate::served::Served;

/// How long something may take until it is seen.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Device {
    pub client: Client,
    _driver: Driver,
    pub shape: Shape,
    address: String,
    taps: AtomicUsize,
    typed: AtomicUsize,
}

impl Device {
    pub async fn phone(served: &Served) -> Self {
        Self::new(&served.address, Shape::Phone).await
    }

    /// A phone at another address.
    pub async fn at(address: &str) -> Self {
        Self::new(address, Shape::Phone).await
    }

    pub async fn desk(served: &Served) -> Self {
        Self::new(&served.address, Shape::Desk).await
    }

    async fn new(address: &str, shape: Shape) -> Self {
        let driver = Driver::start().await;
        Self {
            client: driver.open(shape).await,
            _driver: driver,
            shape,
            address: address.to_owned(),
            taps: AtomicUsize::new(0),
            typed: AtomicUsize::new(0),
        }
    }

    pub async fn open(&self, path: &str) {
        let address = format!("{}{path}", self.address);
        self.client
            .goto(&address)
            .await
            .expect("an address of ours");
    }

    /// Through the sign-in page, as everybody does.
    pub async fn sign_in(&self, served: &Served, key: &str) {
        let person = served.town.world.person(key);
        self.open("/login").await;
        self.type_into("手机号", &person.phone).await;
        self.type_into("密码", PASSWORD).await;
        self.tap("登录").await;
        self.sees(person.name).await;
    }

    /// Touches (or clicks) what says so: a button, a link, a choice, a fold. Fails when something else
    /// lies over it. Where it takes another page, that page is there afterwards.
    pub async fn tap(&self, words: &str) {
        self.touch(include_str!("find.js"), words).await;
    }

    /// As `tap`, within the group (fieldset, card) that is called so.
    pub async fn tap_in(&self, group: &str, words: &str) {
        let both = format!("{group}\n{words}");
        self.touch(include_str!("find.js"), &both).await;
    }

    /// The last of several that say so: the button that sends stands at the foot.
    pub async fn tap_last(&self, words: &str) {
        let both = format!("*\n{words}");
        self.touch(include_str!("find.js"), &both).await;
    }

    /// From a list that the device opens: two taps.
    pub async fn choose(&self, label: &str, option: &str) {
        let field = self.waited(include_str!("field.js"), label).await;
        self.taps.fetch_add(2, Ordering::Relaxed);
        let chosen = field.select_by_label(option).await;
        chosen.unwrap_or_else(|fault| panic!("“{option}” in “{label}”: {fault}"));
    }

    /// What stands in the field with this label.
    pub async fn value(&self, label: &str) -> String {
        let field = self.waited(include_str!("field.js"), label).await;
        let value = field.prop("value").await.expect("a value");
        value.unwrap_or_default()
    }

    /// Waits until that stands in the field with this label.
    pub async fn holds(&self, label: &str, words: &str) {
        let begun = Instant::now();
        loop {
            let value = self.value(label).await;
            if value == words {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{label} holds “{value}”");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn touch(&self, script: &str, words: &str) {
        self.taps.fetch_add(1, Ordering::Relaxed);
        let element = self.uncovered(script, words).await;
        let steps = [
            PointerAction::MoveToElement {
                element,
                duration: None,
                x: 0.0,
                y: 0.0,
            },
            PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            },
            PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            },
        ];
        let sequence: ActionSequence = match self.shape {
            Shape::Phone => pushed(TouchActions::new("finger".into()), steps).into(),
            Shape::Desk => pushed(MouseActions::new("mouse".into()), steps).into(),
        };
        let done = self.client.perform_actions(sequence).await;
        done.unwrap_or_else(|fault| panic!("“{words}”: {fault}"));
        self.arrived(words).await;
    }

    /// What a script finds for these words, in sight. What htmx exchanges meanwhile is found anew.
    async fn uncovered(&self, script: &str, words: &str) -> Element {
        let begun = Instant::now();
        loop {
            let element = self.waited(script, words).await;
            let target = serde_json::to_value(&element).expect("an element");
            match self
                .client
                .execute(include_str!("touch.js"), vec![target])
                .await
            {
                Ok(Value::Null) => return element,
                Ok(over) => panic!("“{words}” is covered by {over}"),
                Err(fault) if fault.is_stale_element_reference() && begun.elapsed() < PATIENCE => {}
                Err(fault) => panic!("“{words}”: {fault}"),
            }
        }
    }

    /// A page that a tap asks for comes after the tap: whoever looked at once would find the old one,
    /// which goes away under the next tap.
    async fn arrived(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let left = self.client.execute(include_str!("left.js"), vec![]).await;
            if left.is_ok_and(|left| left == Value::Bool(true)) {
                return;
            }
            let waits = begun.elapsed() < PATIENCE;
            assert!(waits, "“{words}” brings no page");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Taps the field with this label, and types what the keyboard gives: Chinese too.
    pub async fn type_into(&self, label: &str, text: &str) {
        self.touch(include_str!("field.js"), label).await;
        self.typed
            .fetch_add(text.chars().count(), Ordering::Relaxed);
        self.tool("Input.insertText", &json!({ "text": text }))
            .await;
    }

    /// Types where the keyboard already is: into the field with this label, without a tap.
    pub async fn type_here(&self, label: &str, text: &str) {
        let field = self.waited(include_str!("field.js"), label).await;
        let active = self.client.active_element().await.expect("a focus");
        assert_eq!(
            field.element_id(),
            active.element_id(),
            "the keyboard is not in “{label}”"
        );
        self.typed
            .fetch_add(text.chars().count(), Ordering::Relaxed);
        self.tool("Input.insertText", &json!({ "text": text }))
            .await;
    }

    /// Waits until the page shows these words.
    pub async fn sees(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "“{words}” is not seen: {text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn hides(&self, words: &str) {
        let text = self.text().await;
        assert!(!text.contains(words), "“{words}” is seen: {text}");
    }

    /// What a person reads on the page, with where it stands.
    pub async fn text(&self) -> String {
        let script =
            "return location.pathname + ' ' + (document.body ? document.body.innerText : '');";
        // Between two pages there is no body to read.
        let text = self.client.execute(script, vec![]).await;
        text.ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The element that a script finds for these words, as soon as it does.
    async fn waited(&self, script: &str, words: &str) -> Element {
        let begun = Instant::now();
        loop {
            let found = self.client.execute(script, vec![json!(words)]).await;
            match found {
                Ok(Value::Null) | Err(_) => {}
                Ok(element) => {
                    let id = element
                        .as_object()
                        .and_then(|it| it.values().next()?.as_str());
                    let id = id.expect("an element").to_owned();
                    return Element::from_element_id(self.client.clone(), id.into());
                }
            }
            let text = self.text().await;
            assert!(
                begun.elapsed() < PATIENCE,
                "there is no “{words}” here: {text}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let value = self.client.execute(script, arguments).await;
        value.unwrap_or_else(|fault| panic!("{fault}: {script}"))
    }

    pub async fn tool(&self, command: &str, params: &Value) -> Value {
        let answer = self.client.issue_cmd(Beyond::tool(command, params)).await;
        answer.unwrap_or_else(|fault| panic!("{command}: {fault}"))
    }

    /// Looks at the page in the size of this shape, whatever is in one's hand.
    pub async fn resize(&self, shape: Shape) {
        let ((width, height), mobile) = (shape.size(), shape == Shape::Phone);
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.tool("Emulation.setDeviceMetricsOverride", &size).await;
    }

    /// The browser says that there is no network; `Served::cut` makes it so for the worker too.
    pub async fn offline(&self, is_offline: bool) {
        let done = self.client.issue_cmd(Beyond::offline(is_offline)).await;
        done.expect("the network is set");
    }

    /// Files go there without a question.
    pub async fn download_to(&self, folder: &std::path::Path) {
        let way = json!({ "behavior": "allow", "downloadPath": folder });
        self.tool("Browser.setDownloadBehavior", &way).await;
    }

    /// Another page takes the place of this one, as when the tab is closed.
    pub async fn close_tab(&self) {
        let old = self.client.window().await.expect("a tab");
        let new = self.client.new_window(true).await.expect("a new tab");
        self.client
            .switch_to_window(old)
            .await
            .expect("the old tab");
        self.client.close_window().await.expect("it is closed");
        self.client
            .switch_to_window(new.handle)
            .await
            .expect("the new tab");
    }

    /// Taps and typed characters since the last time.
    pub fn counted(&self) -> (usize, usize) {
        (
            self.taps.swap(0, Ordering::Relaxed),
            self.typed.swap(0, Ordering::Relaxed),
        )
    }

    /// The content policy was never broken, no script failed, and every file of ours came.
    pub async fn assert_quiet(&self) {
        let loud = self.loud().await;
        assert!(loud.is_empty(), "{}", loud.join("\n"));
    }

    /// What the console calls a fault, since the last time.
    pub async fn loud(&self) -> Vec<String> {
        let lines = self.client.issue_cmd(Beyond::console()).await;
        let lines = lines.expect("the console");
        let lines = lines.as_array().expect("a list").iter();
        let severe = lines.filter(|line| line["level"] == "SEVERE");
        let texts = severe.map(|line| line["message"].as_str().unwrap_or_default().to_owned());
        texts.filter(|text| !is_asked_for(text)).collect()
    }

    pub async fn end(self) {
        self.assert_quiet().await;
        self.client.close().await.expect("a clean end");
    }
}

fn pushed<T: InputSource<Action = PointerAction>>(source: T, steps: [PointerAction; 3]) -> T {
    steps.into_iter().fold(source, InputSource::then)
}

/// A page that did not come because the line was cut, or whose status a story asks for. A file of ours
/// has no such excuse: the worker keeps them all.
fn is_asked_for(line: &str) -> bool {
    let failed = line.contains("net::ERR_") || line.contains("Failed to load resource");
    failed && !line.contains("/static/")
}
