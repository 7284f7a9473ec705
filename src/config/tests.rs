//! Reading the configuration from maps.

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, Faults> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Config::read(&pairs.iter().map(own).collect())
}

#[test]
fn nothing_set_is_a_whole_configuration() {
    let config = read(&[("DATABASE_URL", " "), ("HOME", "/root")]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8090");
    assert_eq!(config.night_start, 18);
    assert!(matches!(config.database, Database::Embedded { .. }));
    assert!(config.trusted_proxies.is_empty());
    assert_eq!(
        (config.public_url, config.log.format),
        (None, LogFormat::Text)
    );
}

#[test]
fn all_faults_come_at_once() {
    let faults = read(&[
        ("DATABASE_URL", "mysql://u:hunter2@h/d"),
        ("DATABASE_REPLICA_URL", "postgres://u:hunter2@h:no/d"),
        ("QINGTING_LISTEN", "8090"),
        ("QINGTING_LISTN", "0.0.0.0:80"),
        ("QINGTING_PUBLIC_URL", "http://qingting.example.cn"),
        ("QINGTING_TRUSTED_PROXY", "10.0.0.0/8,proxy"),
        ("QINGTING_NIGHT_START", "6"),
        ("QINGTING_ICP", "x\ny"),
        ("QINGTING_LOG", "info,=,"),
        ("QINGTING_LOG_FORMAT", "xml"),
    ])
    .unwrap_err();
    assert_eq!(faults.0.len(), 10, "{faults}");
    assert!(!faults.to_string().contains("hunter2"), "{faults}");
}

#[test]
fn the_owner_does_not_serve() {
    let both = |app, owner| read(&[("DATABASE_URL", app), ("DATABASE_OWNER_URL", owner)]);
    let faults = both("postgres://q:x@h/d", "postgres://q:y@h/d").unwrap_err();
    assert!(
        faults.to_string().contains("both name the role q"),
        "{faults}"
    );
    assert!(both("postgres://q@h/d", "postgres://o@h/d").is_ok());
    let alone = read(&[("DATABASE_OWNER_URL", "postgres://o@h/d")]).unwrap_err();
    assert!(alone.to_string().contains("set both or neither"), "{alone}");
}

#[test]
fn passwords_do_not_show() {
    let config = read(&[
        ("DATABASE_URL", "postgres://q:hunter2@db.example/d"),
        ("DATABASE_OWNER_URL", "postgres://o:hunter2@db.example/d"),
        ("DATABASE_REPLICA_URL", "postgres://q:hunter2@ro.example/d"),
    ])
    .unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("db.example"), "{shown}");
    let Database::Given(urls) = config.database else {
        panic!("{shown}");
    };
    assert_eq!(urls.app.as_str(), "postgres://q:hunter2@db.example/d");
    let hidden = read(&[("DATABASE_URL", "postgres://h/d?user=q&password=hunter2")]);
    assert!(
        hidden.is_err(),
        "PostgreSQL's programs would show it to the whole machine"
    );
}

#[test]
fn the_public_address_is_https_or_this_machine() {
    for (good, kept) in [
        ("https://qingting.example.cn", "https://qingting.example.cn"),
        (
            "https://Qingting.example.cn:8443/",
            "https://qingting.example.cn:8443",
        ),
        ("http://localhost:8090", "http://localhost:8090"),
    ] {
        let config = read(&[("QINGTING_PUBLIC_URL", good)]).unwrap();
        assert_eq!(config.public_url.as_deref(), Some(kept));
        assert_eq!(config.trusted_proxies.len(), 2);
    }
    for bad in [
        "qingting.example.cn",
        "https://",
        "https://a.example/path",
        "https://a.example/?x",
        "https://u@a.example",
        "ftp://a.example",
        "http://10.0.0.5:8090",
    ] {
        assert!(read(&[("QINGTING_PUBLIC_URL", bad)]).is_err(), "{bad}");
    }
}

#[test]
fn the_manual_names_every_variable() {
    let manual = include_str!("../../docs/operations.md");
    for (name, _) in VARIABLES {
        assert!(manual.contains(&format!("`{name}`")), "{name}");
    }
}
