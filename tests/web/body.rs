//! A body that is too large, over a real connection: the server hears it out, and its page arrives.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::Town;

const MB: usize = 1024 * 1024;

async fn served(town: &Town) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    let service = town
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Sends all of it before it reads anything, as browsers do; what came back, or how far it got.
async fn send(
    to: SocketAddr,
    cookies: &str,
    (head, body): (&str, &[u8]),
) -> Result<String, std::io::Error> {
    let mut line = TcpStream::connect(to).await.expect("a connection");
    let start = format!(
        "POST /feedback HTTP/1.1\r\nhost: {to}\r\norigin: http://{to}\r\ncookie: {cookies}\r\n\
         content-type: application/x-www-form-urlencoded\r\nconnection: close\r\n{head}\r\n\r\n"
    );
    line.write_all(start.as_bytes()).await?;
    for part in body.chunks(MB / 16) {
        line.write_all(part).await?;
    }
    line.flush().await?;
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn the_page_for_too_much_arrives() {
    let town = Town::new().await;
    let to = served(&town).await;
    let cookies = town.signed_in("town_cadre").cookies().expect("a session");
    let large = vec![b'a'; 3 * MB];
    let length = format!("content-length: {}", large.len());
    for cookies in [cookies.as_str(), ""] {
        let seen = send(to, cookies, (&length, &large)).await.expect("a page");
        assert!(seen.starts_with("HTTP/1.1 413 "), "{seen:.300}");
        assert!(seen.contains("</html>"), "{seen:.300}");
    }
    // In pieces, without a length: as large, and as well answered.
    let mut pieces = Vec::new();
    for part in large.chunks(MB / 2) {
        pieces.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
        pieces.extend_from_slice(part);
        pieces.extend_from_slice(b"\r\n");
    }
    pieces.extend_from_slice(b"0\r\n\r\n");
    let chunked = ("transfer-encoding: chunked", pieces.as_slice());
    let seen = send(to, &cookies, chunked).await.expect("a page");
    assert!(seen.starts_with("HTTP/1.1 413 "), "{seen:.300}");
}

/// Nobody keeps the server busy by going on for ever, or by never going on.
#[tokio::test]
async fn reading_on_has_an_end() {
    let town = Town::new().await;
    let to = served(&town).await;
    let begun = Instant::now();
    let endless = vec![b'a'; 40 * MB];
    let length = format!("content-length: {}", endless.len());
    let cut = send(to, "", (&length, &endless)).await;
    assert!(cut.is_err_and(|fault| fault.kind() != std::io::ErrorKind::UnexpectedEof));
    let silent = &endless[..=2 * MB];
    let seen = send(to, "", (&length, silent)).await.expect("a page");
    assert!(seen.starts_with("HTTP/1.1 413 "), "{seen:.300}");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(15), "{took:?}");
}
