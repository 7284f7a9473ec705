//! Content that lies outside the database, by keys that only rows know. A directory of this machine;
//! another kind of storage is another `ObjectStore`.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use sha2::{Digest, Sha256};

use super::ids::TenantId;
use super::{Error, Result, session};

#[derive(Clone, Debug)]
pub struct Files(Arc<LocalFileSystem>);

/// Something that lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    pub key: String,
    pub since: DateTime<Utc>,
}

impl Files {
    /// Opens the directory, which is made if it is not there.
    pub fn open(directory: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let store = LocalFileSystem::new_with_prefix(directory).map_err(std::io::Error::other)?;
        Ok(Self(Arc::new(store.with_automatic_cleanup(true))))
    }

    /// Writes it under a fresh key of the tenant, whole or not at all.
    pub async fn put(&self, tenant: TenantId, bytes: Vec<u8>) -> Result<String> {
        let key = format!("{tenant}/{}", session::token()?);
        let options = PutOptions::from(PutMode::Create);
        let payload = PutPayload::from(bytes);
        let place = Key::from(key.as_str());
        let put = self.0.put_opts(&place, payload, options).await;
        put.map_err(Error::bug)?;
        Ok(key)
    }

    /// None: it is not there any more.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        match self.0.get(&Key::from(key)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(Error::bug)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(fault) => Err(Error::bug(fault)),
        }
    }

    pub async fn remove(&self, key: &str) -> Result<()> {
        match self.0.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(fault) => Err(Error::bug(fault)),
        }
    }

    /// All that lies there of a tenant.
    pub async fn of_tenant(&self, tenant: TenantId) -> Result<Vec<Lying>> {
        let folder = Key::from(tenant.to_string());
        let listed = self.0.list_with_delimiter(Some(&folder)).await;
        let listed = listed.map_err(Error::bug)?.objects.into_iter();
        Ok(listed
            .map(|it| Lying {
                key: it.location.to_string(),
                since: it.last_modified,
            })
            .collect())
    }
}

/// Hexadecimal SHA-256 of a content.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _infallible = write!(out, "{byte:02x}");
    }
    out
}
