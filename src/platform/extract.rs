//! What handlers take: axum's extractors answer a bad request in English and without our page, so
//! these stand in their place.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::fields::Fields;
use super::request::Request;
use super::scope::Scope;
use super::session::Visitor;
use super::site::Site;
use super::{Error, Result};

/// Part of the address. What is no id is not there: 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        #[expect(clippy::disallowed_types, reason = "this is the room of extractors")]
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| Error::NotFound)
    }
}

/// The query string, as typed.
#[derive(Clone, Debug)]
pub struct Query(pub Fields);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let query = parts.uri.query().unwrap_or("");
        Ok(Self(Fields::parse(query.as_bytes())))
    }
}

/// The body of a form, as typed. Larger than the limit: 413.
#[derive(Clone, Debug)]
pub struct Form(pub Fields);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self> {
        let body = Bytes::from_request(request, state).await;
        let bytes = body.map_err(|_| Error::TooLarge)?;
        Ok(Self(Fields::parse(&bytes)))
    }
}

/// The body of a form with a file, as typed and chosen.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    pub fields: Fields,
    /// Name and content of the first file that was chosen.
    pub file: Option<(String, Vec<u8>)>,
}

impl FromRequest<Arc<Site>> for Upload {
    type Rejection = Error;

    async fn from_request(request: axum::extract::Request, state: &Arc<Site>) -> Result<Self> {
        let kind = request.headers().get(axum::http::header::CONTENT_TYPE);
        if !kind.is_some_and(|it| it.as_bytes().starts_with(b"multipart/form-data")) {
            let Form(fields) = Form::from_request(request, state).await?;
            return Ok(Self { fields, file: None });
        }
        let broken = |_| Error::BadAddress("表单没有传完整，回到上一页再交一次。");
        let parts = Multipart::from_request(request, state).await;
        let mut parts =
            parts.map_err(|_| Error::BadAddress("表单没有传完整，回到上一页再交一次。"))?;
        let (mut pairs, mut file) = (Vec::new(), None);
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let chosen = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(broken)?;
            match chosen {
                Some(chosen) if file.is_none() && !bytes.is_empty() => {
                    file = Some((chosen, bytes.to_vec()));
                }
                Some(_) => {}
                None => {
                    let text = String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}");
                    pairs.push((name, text));
                }
            }
        }
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        Ok(Self {
            fields: Fields::of(&pairs),
            file,
        })
    }
}

/// The scope of a signed-in visitor. Only routes that ask for one may take it.
impl FromRequestParts<Arc<Site>> for Scope {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self> {
        let visitor = parts.extensions.get::<Visitor>();
        let request = parts.extensions.get::<Arc<Request>>();
        match (visitor, request) {
            (Some(Visitor::SignedIn(actor)), Some(request)) => Ok(Self::of_session(
                site.clone(),
                actor.clone(),
                request.clone(),
            )),
            _ => Err(Error::SignIn),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or(Self::Nobody))
    }
}
