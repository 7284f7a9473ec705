//! Passwords are hashed by argon2id on one thread of their own, which owns the 19 MiB that argon2 needs.
//!
//! Why not the runtime's blocking threads: each of them keeps its own 19 MiB after a login (measured: 633 MB after a few
//! hundred), and several at once stall every page. One thread does about 45 a second; a queue of [`QUEUE`] bounds the
//! wait, and beyond it a caller is told [`Busy`] (a 503 with Retry-After).

#[cfg(test)]
mod tests;

use std::hint::black_box;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;

use crate::platform::Error;

/// How many may wait: at 25 ms each, 1.6 seconds.
pub const QUEUE: usize = 64;

/// A stored hash may ask for this many times the usual memory (after the parameters were lowered), no more: it is data,
/// and data must not be able to take the machine's memory.
const MEMORY_TIMES: usize = 4;

/// The process's own thread; started when the first password is asked for.
pub fn shared() -> &'static Hasher {
    static SHARED: OnceLock<Hasher> = OnceLock::new();
    SHARED.get_or_init(Hasher::start)
}

/// The queue is full, or the server is ending: ask again in a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

impl From<Busy> for Error {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

/// The way to the thread; cheap to clone. When the last clone is dropped, the thread ends, and the drop waits for it.
#[derive(Clone, Debug)]
pub struct Hasher {
    thread: Arc<Thread>,
}

#[derive(Debug)]
struct Thread {
    jobs: Option<SyncSender<Job>>,
    handle: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Job {
    password: String,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Hash(oneshot::Sender<String>),
    Verify(String, oneshot::Sender<bool>),
    Nobody(oneshot::Sender<()>),
}

impl Work {
    /// Whether the caller has gone: then the work can be left out.
    fn is_unwanted(&self) -> bool {
        match self {
            Self::Hash(reply) => reply.is_closed(),
            Self::Verify(_, reply) => reply.is_closed(),
            Self::Nobody(reply) => reply.is_closed(),
        }
    }
}

impl Hasher {
    /// Starts the thread; once per process is enough.
    pub fn start() -> Self {
        let (jobs, queue) = sync_channel(QUEUE);
        let handle = std::thread::Builder::new()
            .name("hasher".into())
            .spawn(move || Memory::new().serve(&queue))
            .expect("a thread can be started when the server starts");
        Self {
            thread: Arc::new(Thread {
                jobs: Some(jobs),
                handle: Some(handle),
            }),
        }
    }

    /// The PHC string to store for a new password (`$argon2id$v=19$m=19456,t=2,p=1$…`).
    pub async fn hash(&self, password: &str) -> Result<String, Busy> {
        let (reply, answer) = oneshot::channel();
        self.send(password, Work::Hash(reply))?;
        answer.await.map_err(|_| Busy)
    }

    /// Whether this is the password of a stored PHC string. A string that cannot be read matches nothing.
    pub async fn verify(&self, password: &str, phc: &str) -> Result<bool, Busy> {
        let (reply, answer) = oneshot::channel();
        self.send(password, Work::Verify(phc.to_owned(), reply))?;
        answer.await.map_err(|_| Busy)
    }

    /// Takes as long as [`Hasher::verify`], for an account that does not exist: the time must not tell which do.
    pub async fn verify_nobody(&self, password: &str) -> Result<(), Busy> {
        let (reply, answer) = oneshot::channel();
        self.send(password, Work::Nobody(reply))?;
        answer.await.map_err(|_| Busy)
    }

    fn send(&self, password: &str, work: Work) -> Result<(), Busy> {
        let job = Job {
            password: password.to_owned(),
            work,
        };
        let jobs = self.thread.jobs.as_ref().ok_or(Busy)?;
        jobs.try_send(job).map_err(|_| Busy)
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // Without a sender the thread's queue ends; what still waits has no caller, so this is at most one hash.
        self.jobs = None;
        if let Some(handle) = self.handle.take() {
            // A panic in the thread was printed there; nobody can be told more here.
            let _ = handle.join();
        }
    }
}

/// The thread's own memory, used again for each hash.
struct Memory {
    blocks: Vec<Block>,
}

impl Memory {
    fn new() -> Self {
        Self {
            blocks: vec![Block::new(); Params::default().block_count()],
        }
    }

    /// Works until the last [`Hasher`] is gone. A reply that cannot be given is one that nobody waits for.
    fn serve(mut self, queue: &Receiver<Job>) {
        for Job { password, work } in queue {
            if work.is_unwanted() {
                continue;
            }
            match work {
                Work::Hash(reply) => {
                    let _ = reply.send(self.hash(&password));
                }
                Work::Verify(phc, reply) => {
                    let _ = reply.send(self.verify(&password, &phc));
                }
                Work::Nobody(reply) => {
                    black_box(self.hash(&password));
                    let _ = reply.send(());
                }
            }
        }
    }

    fn hash(&mut self, password: &str) -> String {
        let params = Params::default();
        let salt = Salt::generate();
        let output = self
            .output(
                &Argon2::from(&params),
                password,
                &salt,
                Params::DEFAULT_OUTPUT_LEN,
            )
            .expect("argon2 takes its own default parameters and any password");
        let hash = PasswordHash {
            algorithm: Algorithm::default().into(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(&params).expect("default parameters fit a PHC string"),
            salt: Some(salt),
            hash: Some(output),
        };
        hash.to_string()
    }

    fn verify(&mut self, password: &str, phc: &str) -> bool {
        let same = self.same(password, phc);
        if same.is_none() {
            tracing::error!("a stored password hash cannot be read");
        }
        same.unwrap_or(false)
    }

    /// `None` if the stored string is not one of argon2's, or asks for too much memory.
    fn same(&mut self, password: &str, phc: &str) -> Option<bool> {
        let stored = PasswordHash::new(phc).ok()?;
        let (salt, expected) = stored.salt.as_ref().zip(stored.hash.as_ref())?;
        let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
        let version = stored
            .version
            .map_or(Ok(Version::default()), Version::try_from)
            .ok()?;
        let argon2 = Argon2::new(algorithm, version, Params::try_from(&stored).ok()?);
        let output = self.output(&argon2, password, salt, expected.len())?;
        // `Output` compares in constant time.
        Some(output == *expected)
    }

    fn output(
        &mut self,
        argon2: &Argon2<'_>,
        password: &str,
        salt: &Salt,
        length: usize,
    ) -> Option<Output> {
        let usual = Params::default().block_count();
        let wanted = argon2.params().block_count();
        if wanted > usual * MEMORY_TIMES {
            return None;
        }
        if wanted > self.blocks.len() {
            self.blocks.resize(wanted, Block::new());
        }
        let mut bytes = [0; Output::MAX_LENGTH];
        let bytes = bytes.get_mut(..length)?;
        let blocks = self.blocks.as_mut_slice();
        argon2
            .hash_password_into_with_memory(password.as_bytes(), salt, bytes, blocks)
            .ok()?;
        Output::new(bytes).ok()
    }
}
