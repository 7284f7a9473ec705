//! A person does a thing, through the real router and a real PostgreSQL, and sees what is to be seen.
//!
//! ```ignore
//! let town = Town::new().await;
//! let lin = town.signed_in("town_cadre");
//! lin.post("/feedback", &[("id", &new_id()), ("text", "字太小")]).await.goes_to("/feedback/");
//! lin.get("/feedback").await.sees("字太小");
//! ```

pub mod cluster;
pub mod people;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use qingting::app;
use qingting::kit::clock::Clock;
use qingting::platform::db::Pools;
use qingting::platform::files::Files;
use qingting::platform::page::Filing;
use qingting::platform::scope::Scope;
use qingting::platform::session::COOKIE_NAME;
use qingting::platform::site::{Settings, Site};
use tower::ServiceExt;

use cluster::Database;
pub use people::{World, evening};

/// A running application of one test.
pub struct Town {
    pub world: World,
    pub site: Arc<Site>,
    pub database: Database,
    router: Router,
}

/// A site over a database, at that time.
pub async fn site(database: &Database, clock: Clock) -> Arc<Site> {
    let pools = Pools::connect(&database.app, None)
        .await
        .expect("the pools");
    let settings = Settings {
        files: Some(Files::open(&files_dir(database)).expect("a directory")),
        ..Settings::default()
    };
    Arc::new(Site::new(
        pools,
        clock,
        settings,
        Filing::default(),
        app::FEATURES,
    ))
}

/// Where the attachments of a database lie.
pub fn files_dir(database: &Database) -> std::path::PathBuf {
    let name = qingting::platform::files::sha256(database.app.as_bytes());
    let folder = format!("qingting-files-{}-{}", std::process::id(), &name[..12]);
    std::env::temp_dir().join(folder)
}

/// A fresh record id, as a phone makes it.
pub fn new_id() -> String {
    qingting::kit::ids::uuid_v7(evening()).to_string()
}

impl Town {
    /// It is `evening()`.
    pub async fn new() -> Self {
        Self::at(Clock::fixed(evening())).await
    }

    pub async fn at(clock: Clock) -> Self {
        let (database, world) = cluster::database().await;
        Self::over(database, world, clock).await
    }

    /// The same database at another time.
    pub async fn later(&self, clock: Clock) -> Self {
        Self::over(self.database.clone(), self.world.clone(), clock).await
    }

    /// Over a database of one's own making.
    pub async fn over(database: Database, world: World, clock: Clock) -> Self {
        let site = site(&database, clock).await;
        let router = app::application(&site).expect("an application");
        Self {
            world,
            site,
            database,
            router,
        }
    }

    /// The browser of a person who has signed in.
    pub fn signed_in(&self, key: &str) -> Browser {
        let person = self.world.person(key);
        self.browser(Some(format!("{COOKIE_NAME}={}", person.token)))
    }

    /// A browser without a session.
    pub fn stranger(&self) -> Browser {
        self.browser(None)
    }

    /// A browser with these cookies.
    pub fn browser(&self, cookies: Option<String>) -> Browser {
        Browser {
            router: self.router(),
            cookies,
        }
    }

    /// To be served on a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// For fixtures through the public stores.
    pub fn scope(&self, key: &str) -> Scope {
        people::scope_of(&self.site, &self.world.person(key))
    }
}

/// A site knows its own router, so nobody ever drops it: without this the connections of each test
/// would stay until the run ends, and the cluster has sixty.
impl Drop for Town {
    fn drop(&mut self) {
        let _there_may_be_none = std::fs::remove_dir_all(files_dir(&self.database));
        let pools = self.site.pools.clone();
        let closing = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let patience = std::time::Duration::from_secs(1);
            let closed = async { tokio::time::timeout(patience, pools.close()).await };
            runtime.is_ok_and(|runtime| runtime.block_on(closed).is_ok())
        });
        let _late_ones_end_with_the_run = closing.join();
    }
}

#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: Option<String>,
}

impl Browser {
    /// Of a session before an application that is no town's.
    pub fn of_session(router: Router, token: &str) -> Self {
        Self {
            router,
            cookies: Some(format!("{COOKIE_NAME}={token}")),
        }
    }

    pub fn cookies(&self) -> Option<String> {
        self.cookies.clone()
    }

    pub async fn get(&self, path: &str) -> Seen {
        let request = self.request("GET", path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        self.post_bytes(path, body.finish().into_bytes()).await
    }

    /// A body that no browser would send.
    pub async fn post_bytes(&self, path: &str, body: Vec<u8>) -> Seen {
        let request = self
            .request("POST", path)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    /// With the cookies of this browser; for headers of one's own.
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1");
        match &self.cookies {
            Some(cookies) => request.header("cookie", cookies),
            None => request,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Seen {
        let path = request.uri().to_string();
        let response = self.router.clone().oneshot(request).await;
        let response = response.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        Seen {
            path,
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Seen {
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Seen {
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.path, self.text);
        self
    }

    #[track_caller]
    pub fn sees(&self, words: &str) -> &Self {
        self.is(200);
        self.shows(words)
    }

    /// Whatever the status.
    #[track_caller]
    pub fn shows(&self, words: &str) -> &Self {
        assert!(
            self.text.contains(words),
            "{} does not show {words}: {}",
            self.path,
            self.text
        );
        self
    }

    #[track_caller]
    pub fn hides(&self, words: &str) -> &Self {
        assert!(
            !self.text.contains(words),
            "{} shows {words}: {}",
            self.path,
            self.text
        );
        self
    }

    /// Redirects to an address that begins so; gives the address.
    #[track_caller]
    pub fn goes_to(&self, start: &str) -> String {
        assert_eq!(self.status.as_u16(), 303, "{}: {}", self.path, self.text);
        let to = self.headers["location"].to_str().expect("an address");
        assert!(to.starts_with(start), "{} goes to {to}", self.path);
        to.to_owned()
    }

    /// The id that the form shown brings along.
    #[track_caller]
    pub fn id(&self) -> String {
        let field = self.text.split_once(r#"name="id" value=""#);
        let (_, rest) = field.expect("a form with an id");
        rest.split('"').next().expect("an id").to_owned()
    }

    /// A form refused: 422, with this sentence.
    #[track_caller]
    pub fn refuses(&self, sentence: &str) -> &Self {
        self.is(422);
        self.shows(sentence)
    }
}
