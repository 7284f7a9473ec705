use std::time::Instant;

use argon2::{PasswordHasher as _, PasswordVerifier as _};
use futures_util::FutureExt as _;

use super::*;

const PASSWORD: &str = "Kx7#mQ2v9w 夜访";

/// Resident memory of this process in KiB.
fn resident() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .expect("a line");
    line.split_whitespace()
        .nth(1)
        .expect("a number")
        .parse()
        .expect("a number")
}

#[tokio::test]
async fn it_equals_argon2_both_ways() {
    let hasher = Hasher::start();
    let ours = hasher.hash(PASSWORD).await.expect("not busy");
    assert!(
        ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{ours}"
    );
    assert!(
        Argon2::default()
            .verify_password(PASSWORD.as_bytes(), ours.as_str())
            .is_ok()
    );
    assert_ne!(
        ours,
        hasher.hash(PASSWORD).await.expect("not busy"),
        "a salt for each"
    );

    let theirs = Argon2::default()
        .hash_password(PASSWORD.as_bytes())
        .expect("argon2")
        .to_string();
    assert_eq!(hasher.verify(PASSWORD, &theirs).await, Ok(true));
    assert_eq!(hasher.verify("Kx7#mQ2v9w 夜话", &theirs).await, Ok(false));
    assert_eq!(hasher.verify("", &theirs).await, Ok(false));
}

#[tokio::test]
async fn other_parameters_are_read_from_the_stored_string() {
    let hasher = Hasher::start();
    for (memory, expected) in [(1_024, true), (40_000, true), (19_456 * 5, false)] {
        let params = Params::new(memory, 1, 1, None).expect("parameters");
        let theirs = Argon2::from(params)
            .hash_password(PASSWORD.as_bytes())
            .expect("argon2");
        let verified = hasher.verify(PASSWORD, &theirs.to_string()).await;
        assert_eq!(verified, Ok(expected), "{memory} KiB");
    }
}

#[tokio::test]
async fn a_broken_string_matches_nothing() {
    let hasher = Hasher::start();
    for broken in [
        "",
        "x",
        "$argon2id$v=19$m=19456,t=2,p=1",
        "$scrypt$ln=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "$argon2id$v=99$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
    ] {
        assert_eq!(hasher.verify(PASSWORD, broken).await, Ok(false), "{broken}");
    }
    assert!(hasher.hash(PASSWORD).await.is_ok(), "the thread lives on");
}

#[tokio::test]
async fn beyond_the_queue_it_says_busy() {
    let hasher = Hasher::start();
    let mut waiting: Vec<_> = (0..QUEUE * 2)
        .map(|_| Box::pin(hasher.hash(PASSWORD)))
        .collect();
    let answers: Vec<_> = waiting
        .iter_mut()
        .map(|one| one.as_mut().now_or_never())
        .collect();
    let busy = answers
        .iter()
        .filter(|one| **one == Some(Err(Busy)))
        .count();
    assert!(
        (QUEUE - 8..=QUEUE).contains(&busy),
        "{busy} of {} were refused",
        QUEUE * 2
    );
}

#[tokio::test]
async fn it_ends_with_its_last_handle_without_doing_what_nobody_wants() {
    let hasher = Hasher::start();
    let mut left: Vec<_> = (0..QUEUE / 2)
        .map(|_| Box::pin(hasher.hash(PASSWORD)))
        .collect();
    for one in &mut left {
        assert_eq!(one.as_mut().now_or_never(), None);
    }
    drop(left);
    let clock = Instant::now();
    hasher.hash(PASSWORD).await.expect("not busy");
    let one_hash = clock.elapsed();
    let thread = Arc::downgrade(&hasher.thread);
    drop(hasher);
    assert!(thread.upgrade().is_none());
    assert!(clock.elapsed() < one_hash * 2 + std::time::Duration::from_millis(200));
}

#[tokio::test]
async fn an_unknown_account_takes_as_long_as_a_wrong_password() {
    let hasher = Hasher::start();
    let stored = hasher.hash(PASSWORD).await.expect("not busy");
    let (mut wrong, mut nobody) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let clock = Instant::now();
        assert_eq!(hasher.verify("Kx7#mQ2v9w", &stored).await, Ok(false));
        wrong.push(clock.elapsed());
        let clock = Instant::now();
        hasher.verify_nobody("Kx7#mQ2v9w").await.expect("not busy");
        nobody.push(clock.elapsed());
    }
    // The fastest of each: what other work on the machine cannot make faster.
    let (wrong, nobody) = (wrong.iter().min(), nobody.iter().min());
    let ratio = nobody.expect("some").as_secs_f64() / wrong.expect("some").as_secs_f64();
    assert!((0.7..1.4).contains(&ratio), "{ratio:.2}");
}

/// Runs again in a process of its own, where no other test adds to the figure.
#[test]
fn memory_stays_flat_over_200_hashes() {
    const ALONE: &str = "QINGTING_HASHES_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return hash_200_times();
    }
    let name = "accounts::hasher::tests::memory_stays_flat_over_200_hashes";
    let alone = std::process::Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .expect("the test binary runs");
    let told = String::from_utf8_lossy(&alone.stdout);
    assert!(
        alone.status.success() && told.contains("200 hashes"),
        "{told}"
    );
}

fn hash_200_times() {
    let workers = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .build();
    let grown = workers.expect("a runtime").block_on(async {
        let hasher = Hasher::start();
        hasher.hash(PASSWORD).await.expect("not busy");
        let before = resident();
        let callers = (0..8).map(|_| tokio::spawn(hash_25_times(hasher.clone())));
        let ended = futures_util::future::join_all(callers).await;
        assert!(ended.iter().all(Result::is_ok), "a caller was refused");
        resident() - before
    });
    println!("200 hashes: {grown} KiB");
    // Blocking threads would have kept 19 MiB each.
    assert!(grown < 2 * 1024, "grown by {grown} KiB");
}

async fn hash_25_times(hasher: Hasher) {
    for _ in 0..25 {
        hasher.hash(PASSWORD).await.expect("not busy");
    }
}
