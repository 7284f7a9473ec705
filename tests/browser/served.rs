//! The application on a socket of this machine, behind a line that can be cut: what goes on in a valley
//! without network.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use qingting::kit::clock::Clock;
use qingting::platform::ticker;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::harness::Town;

pub struct Served {
    pub town: Town,
    /// `http://127.0.0.1:…`, without a slash at the end.
    pub address: String,
    line: Arc<Line>,
}

#[derive(Default)]
struct Line {
    is_cut: AtomicBool,
    cut: Notify,
}

impl Served {
    /// At `harness::evening()`.
    pub async fn new() -> Self {
        Self::over(Town::new().await).await
    }

    /// At the time of this machine: where the phone's own clock matters.
    pub async fn now() -> Self {
        Self::over(Town::at(Clock::system()).await).await
    }

    async fn over(town: Town) -> Self {
        let inner = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let behind = inner.local_addr().expect("an address");
        let service = town
            .router()
            .into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(inner, service).await });
        tokio::spawn(ticker::run(town.site.clone()));
        let outer = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let port = outer.local_addr().expect("an address").port();
        let line = Arc::new(Line::default());
        tokio::spawn(carry(outer, behind, line.clone()));
        Self {
            town,
            address: format!("http://127.0.0.1:{port}"),
            line,
        }
    }

    /// No connection lives, and no new one comes up.
    pub fn cut(&self) {
        self.line.is_cut.store(true, Ordering::SeqCst);
        self.line.cut.notify_waiters();
    }

    pub fn mend(&self) {
        self.line.is_cut.store(false, Ordering::SeqCst);
    }
}

async fn carry(outer: TcpListener, behind: SocketAddr, line: Arc<Line>) {
    while let Ok((mut phone, _)) = outer.accept().await {
        if line.is_cut.load(Ordering::SeqCst) {
            continue; // dropped: the connection is reset
        }
        let line = line.clone();
        tokio::spawn(async move {
            let Ok(mut server) = TcpStream::connect(behind).await else {
                return;
            };
            tokio::select! {
                _ = copy_bidirectional(&mut phone, &mut server) => {}
                () = line.cut.notified() => {}
            }
        });
    }
}
