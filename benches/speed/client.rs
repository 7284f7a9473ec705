//! One visitor over one connection that is kept alive, as a browser would be, without compression.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use hyper::{Method, Request, Response, StatusCode, body::Incoming};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Result;
use crate::server::Server;

#[derive(Debug)]
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    cookie: String,
}

impl Client {
    /// Nobody yet.
    pub async fn connect(server: &Server) -> Result<Self> {
        let stream = TcpStream::connect(server.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: server.address.to_string(),
            cookie: String::new(),
        })
    }

    pub async fn signed_in(server: &Server, phone: &str) -> Result<Self> {
        let mut client = Self::connect(server).await?;
        client.sign_in(phone).await?;
        Ok(client)
    }

    pub async fn sign_in(&mut self, phone: &str) -> Result<()> {
        let form = [("phone", phone), ("password", qingting::demo::PASSWORD)];
        let response = self.send(Method::POST, "/login", form_body(&form)).await?;
        let cookies = response.headers().get_all(SET_COOKIE).iter();
        let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookie = cookies.find(|cookie| cookie.starts_with("__Host-"));
        let cookie =
            cookie.ok_or_else(|| format!("{phone} cannot sign in: {}", response.status()))?;
        cookie.clone_into(&mut self.cookie);
        drain(response).await?;
        Ok(())
    }

    /// The length of a page; anything but 200 is a fault.
    pub async fn get(&mut self, path: &str) -> Result<usize> {
        let response = self.send(Method::GET, path, Bytes::new()).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("GET {path}: {}", response.status()).into());
        }
        drain(response).await
    }

    /// Anything but 303 is a fault.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<()> {
        let response = self.send(Method::POST, path, form_body(form)).await?;
        let status = response.status();
        if status != StatusCode::SEE_OTHER {
            let page = response.into_body().collect().await?.to_bytes();
            let page = String::from_utf8_lossy(&page).into_owned();
            return Err(format!("POST {path}: {status}\n{page}").into());
        }
        drain(response).await?;
        Ok(())
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Response<Incoming>> {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(HOST, &self.host);
        if !self.cookie.is_empty() {
            request = request.header(COOKIE, &self.cookie);
        }
        if method == Method::POST {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin");
        }
        self.sender.ready().await?;
        Ok(self
            .sender
            .send_request(request.body(Full::new(body))?)
            .await?)
    }
}

fn form_body(form: &[(&str, &str)]) -> Bytes {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    body.finish().into()
}

async fn drain(response: Response<Incoming>) -> Result<usize> {
    let mut body = response.into_body();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            length += data.len();
        }
    }
    Ok(length)
}
