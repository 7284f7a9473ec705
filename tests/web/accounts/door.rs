//! The door: who comes in, who does not, and what is said to both.

use axum::body::Body;

use super::{after, count, enter, enter_to_stay, later, lines, phone, set, token, try_login};
use crate::harness::people::PASSWORD;
use crate::harness::{Town, evening};
use qingting::platform::session::COOKIE_NAME;

#[tokio::test]
async fn a_cadre_comes_in_by_phone_and_password() {
    let town = Town::new().await;
    let stranger = town.stranger();
    stranger
        .get("/login")
        .await
        .sees("登录")
        .hides("不是加密连接");
    let (seen, lin) = enter(&town, &stranger, "town_cadre").await;
    seen.goes_to("/");
    assert_eq!(lines(&town, "signed_in", "town").await, 1);
    lin.get("/feedback").await.is(200);
    lin.get("/login?next=/feedback").await.goes_to("/feedback");
}

#[tokio::test]
async fn the_number_is_read_as_people_write_it() {
    let town = Town::new().await;
    for number in [
        "１９９００００００１７",
        " 199 0000 0017 ",
        "+86 199-0000-0017",
    ] {
        try_login(&town.stranger(), number, PASSWORD)
            .await
            .goes_to("/");
    }
    assert_eq!(phone(&town, "town_cadre"), "19900000017");
}

#[tokio::test]
async fn the_cookie_is_for_this_host_alone_and_stays_only_on_an_own_phone() {
    let town = Town::new().await;
    let (desk, _) = enter(&town, &town.stranger(), "town_cadre").await;
    let (own, _) = enter_to_stay(&town, "town_cadre").await;
    let cookie = |seen: &crate::harness::Seen| {
        let line = seen.headers["set-cookie"].to_str().unwrap();
        line.to_owned()
    };
    for line in [cookie(&desk), cookie(&own)] {
        assert!(line.starts_with("__Host-qingting="), "{line}");
        for flag in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(line.contains(flag), "{line} without {flag}");
        }
        assert!(!line.contains("Domain"), "{line}");
    }
    assert!(!cookie(&desk).contains("Max-Age"));
    assert!(cookie(&own).contains("Max-Age=2592000"));
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_ends_the_one_before() {
    let town = Town::new().await;
    let planted = town.browser(Some(format!("{COOKIE_NAME}={}", "a".repeat(64))));
    let (_, first) = enter(&town, &planted, "town_cadre").await;
    assert_ne!(
        token(&first),
        "a".repeat(64),
        "a planted token is not taken over"
    );
    let (_, second) = enter(&town, &first, "town_cadre").await;
    assert_ne!(token(&first), token(&second));
    second.get("/feedback").await.is(200);
    first.get("/feedback").await.goes_to("/login");
}

#[tokio::test]
async fn who_is_not_there_and_a_wrong_password_are_told_the_same() {
    let town = Town::new().await;
    let stranger = town.stranger();
    let number = phone(&town, "town_cadre");
    let wrong = try_login(&stranger, &number, "Wrong-password-1").await;
    let unknown = try_login(&stranger, "19912345678", "Wrong-password-1").await;
    for (seen, number) in [(&wrong, number.as_str()), (&unknown, "19912345678")] {
        seen.refuses("手机号或密码不对")
            .shows(number)
            .hides("Wrong-password-1");
        assert!(set(seen, COOKIE_NAME).is_none());
    }
    let without = |seen: &crate::harness::Seen, number: &str| {
        let rest = seen.text.replace(number, "");
        rest.lines()
            .filter(|line| !line.contains("编号"))
            .collect::<String>()
    };
    assert_eq!(without(&wrong, &number), without(&unknown, "19912345678"));
    assert_eq!(lines(&town, "sign_in_failed", "town").await, 1);
    let all = "select count(*) from day_book where verb = 'sign_in_failed'";
    assert_eq!(count(&town, all).await, 1, "of nobody there is no line");
    let said = format!("select count(*) from day_book b where b::text like '%{number}%'");
    assert_eq!(count(&town, &said).await, 0, "no number in the day book");
}

#[tokio::test]
async fn what_is_typed_badly_gets_its_sentence() {
    let town = Town::new().await;
    let stranger = town.stranger();
    let post = async |phone: &str, secret: &str| try_login(&stranger, phone, secret).await;
    post("", "").await.refuses("填手机号").shows("填密码");
    stranger.post("/login", &[]).await.refuses("填手机号");
    for number in [
        "123",
        "199\u{0}00000017",
        "😀",
        "05722030001",
        "199000000170",
    ] {
        post(number, PASSWORD).await.refuses("手机号是 11 位数字");
    }
    post("<script>alert(1)</script>", PASSWORD)
        .await
        .refuses("11 位")
        .hides("<script>alert");
    post("' or 1=1 --", PASSWORD).await.refuses("11 位");
    let long = "长".repeat(129);
    post("19900000017", &long)
        .await
        .refuses("最多 128 个字")
        .hides(&long);
    post("19900000017", "a\u{0}b")
        .await
        .refuses("手机号或密码不对");
    stranger
        .post_bytes("/login", b"phone=%FF%FE&password=%FF".to_vec())
        .await
        .refuses("11 位");
    let huge = format!("phone=1&password={}", "a".repeat(3 * 1024 * 1024));
    stranger
        .post_bytes("/login", huge.into_bytes())
        .await
        .is(413);
}

#[tokio::test]
async fn a_post_from_elsewhere_is_refused() {
    let town = Town::new().await;
    let stranger = town.stranger();
    let body = format!("phone=19900000017&password={PASSWORD}");
    let send = async |header: Option<(&str, &str)>| {
        let mut request = stranger
            .request("POST", "/login")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.clone())).expect("a request");
        stranger.send(request).await
    };
    send(None).await.is(403);
    send(Some(("origin", "https://evil.example"))).await.is(403);
    send(Some(("sec-fetch-site", "cross-site"))).await.is(403);
    send(Some(("sec-fetch-site", "same-origin"))).await.is(303);
}

#[tokio::test]
async fn signing_in_leads_only_to_places_of_ours() {
    let town = Town::new().await;
    let number = phone(&town, "town_cadre");
    let cases = [
        ("/feedback?after=", "/feedback?after="),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: x=y", "/"),
        ("/走访", "/"),
        ("/logout", "/"),
    ];
    for (next, place) in cases {
        let fields = [
            ("phone", number.as_str()),
            ("password", PASSWORD),
            ("next", next),
        ];
        let seen = town.stranger().post("/login", &fields).await;
        assert_eq!(seen.goes_to("/"), place, "{next:?}");
        let asked = form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
        let (_, inside) = enter(&town, &town.stranger(), "town_cadre").await;
        let seen = inside.get(&format!("/login?next={asked}")).await;
        assert_eq!(seen.goes_to("/"), place, "{next:?}, already in");
    }
    let wish = town
        .stranger()
        .get("/feedback?after=")
        .await
        .goes_to("/login?next=");
    town.stranger()
        .get(&wish)
        .await
        .sees("value=\"/feedback?after=\"");
}

#[tokio::test]
async fn five_failures_close_the_door_for_a_minute_for_whomever() {
    let town = Town::new().await;
    let stranger = town.stranger();
    for number in [phone(&town, "town_cadre"), "19912345678".to_owned()] {
        for _ in 0..5 {
            try_login(&stranger, &number, "Wrong-password-1")
                .await
                .is(422);
        }
        let seen = try_login(&stranger, &number, PASSWORD).await;
        seen.is(429);
        seen.shows("过 1 分钟再试").shows(&number).hides(PASSWORD);
        assert_eq!(seen.headers["retry-after"], "60");
    }
    // Somebody else at the same address is not concerned.
    let (seen, _) = enter(&town, &stranger, "town_colleague").await;
    seen.goes_to("/");
    assert_eq!(lines(&town, "sign_in_failed", "town").await, 5);
}

#[tokio::test]
async fn many_failures_from_many_addresses_slow_an_account_and_never_close_it() {
    let town = Town::new().await;
    let number = phone(&town, "town_cadre");
    let throttle = town
        .site
        .shelf
        .get::<qingting::accounts::throttle::Throttle>();
    let key = qingting::accounts::phone_hash(&number);
    for last in 0..20 {
        let address = [192, 0, 2, last].into();
        let begin = throttle.begin(evening(), &key, address).await;
        begin.expect("not busy").expect("open");
    }
    let begun = std::time::Instant::now();
    try_login(&town.stranger(), &number, PASSWORD)
        .await
        .goes_to("/");
    assert!(begun.elapsed().as_millis() >= 2000, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn without_encryption_it_says_so_instead_of_going_in_circles() {
    let town = Town::new().await;
    let stranger = town.stranger();
    let send = async |method: &str, body: String| {
        let request = axum::http::Request::builder()
            .method(method)
            .uri("/login")
            .header("host", "qingting.example.cn")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        stranger.send(request).await
    };
    send("GET", String::new()).await.sees("不是加密连接");
    let right = format!("phone=19900000017&password={PASSWORD}");
    let seen = send("POST", right).await;
    seen.refuses("不是加密连接");
    assert!(set(&seen, COOKIE_NAME).is_none());
}

#[tokio::test]
async fn leaving_ends_the_session_on_the_server() {
    let town = Town::new().await;
    let (_, lin) = enter(&town, &town.stranger(), "town_cadre").await;
    lin.get("/feedback").await.is(200);
    let seen = lin.post("/logout", &[]).await;
    seen.goes_to("/login");
    assert_eq!(set(&seen, COOKIE_NAME).as_deref(), Some(""));
    assert!(after(&town, &lin, &seen).cookies().is_none());
    // Whoever kept the token has nothing.
    lin.get("/feedback").await.goes_to("/login");
    lin.post("/logout", &[]).await.goes_to("/login");
    assert_eq!(lines(&town, "signed_out", "town").await, 1);
}

#[tokio::test]
async fn who_has_left_is_told_so_and_only_with_the_right_password() {
    let town = Town::new().await;
    let person = town.world.person("town_cadre");
    let account = person.account;
    let end =
        format!("update appointments set ends_on = '2026-11-24' where account_id = '{account}'");
    super::alter(&town, &end).await;
    let stranger = town.stranger();
    try_login(&stranger, &person.phone, PASSWORD)
        .await
        .refuses("您的任职已经结束");
    try_login(&stranger, &person.phone, "Wrong-password-1")
        .await
        .refuses("手机号或密码不对");
    let next_day = later(&town, chrono::TimeDelta::hours(12)).await;
    next_day
        .signed_in("town_cadre")
        .get("/feedback")
        .await
        .goes_to("/login");
}

#[tokio::test]
async fn what_is_kept_of_whom_can_be_read_without_an_account() {
    let town = Town::new().await;
    let page = town.stranger().get("/privacy").await;
    page.sees("未满 14 岁").shows("删除").shows("为什么记");
}
