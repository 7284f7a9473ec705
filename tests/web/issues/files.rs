//! 附件: added to one's own notes and answers, read by whoever reads the text, known by its content.

use axum::body::Body;
use chrono::TimeDelta;
use qingting::issues::files::sweep;
use qingting::platform::scope::Scope;

use super::{act, does, given_to, heard};
use crate::harness::{Browser, Seen, Town, files_dir, new_id};
use crate::walls::{as_owner, texts};

/// The smallest PDF that its head makes one.
pub const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

/// Sends the form of a file as a browser does.
async fn send(
    who: &Browser,
    at: &str,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> Seen {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: text/html\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let request = who
        .request("POST", &format!("{at}/files"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=edge");
    who.send(request.body(Body::from(body)).expect("a request"))
        .await
}

/// Puts a file on the newest own note; its id.
pub async fn attach(town: &Town, key: &str, at: &str, (name, bytes): (&str, &[u8])) -> String {
    let who = town.signed_in(key);
    let form = who.get(&format!("{at}/files")).await;
    let note = form.sees("<option value=\"").text.split("<option value=\"");
    let note = note
        .skip(1)
        .find(|it| it.contains(" selected"))
        .expect("a note");
    let note = note.split('"').next().expect("its id").to_owned();
    let id = new_id();
    let fields = [("id", id.as_str()), ("note", note.as_str())];
    send(&who, at, &fields, Some((name, bytes)))
        .await
        .goes_to(at);
    id
}

async fn noted(town: &Town) -> String {
    let issue = given_to(town, "路灯坏了", "town", "town_cadre");
    let at = format!("/issues/{}", heard(town, "town_cadre", issue).await);
    does(town, "town_cadre", &at, "accept", &[]).await;
    does(
        town,
        "town_cadre",
        &at,
        "progress",
        &[("words", "去看过了")],
    )
    .await;
    at
}

#[tokio::test]
async fn a_file_is_added_by_who_wrote_the_note_and_read_by_who_reads_the_text() {
    let town = Town::new().await;
    let at = noted(&town).await;
    town.signed_in("town_cadre").get(&at).await.sees("添附件");
    let id = attach(&town, "town_cadre", &at, ("../现场 记录.html", PDF)).await;
    let path = format!("/files/{id}");
    for key in ["town_cadre", "town_colleague", "town_secretary"] {
        let seen = town.signed_in(key).get(&path).await;
        seen.is(200);
        assert_eq!(seen.bytes, PDF);
        let header = |name: &str| seen.headers[name].to_str().expect("text").to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; sandbox"
        );
        let disposition = header("content-disposition");
        assert!(disposition.starts_with("attachment;"), "{disposition}");
        assert!(
            disposition.ends_with("%20%E8%AE%B0%E5%BD%95.pdf"),
            "{disposition}"
        );
        assert_eq!(header("cache-control"), "no-store");
    }
    // A superior says first why he reads; others do not see that it is there.
    let superior = town.signed_in("county_secretary");
    superior.get(&path).await.goes_to(&at);
    superior
        .get(&at)
        .await
        .sees("能看内容的人才能下载")
        .hides("现场");
    superior.get(&format!("{at}/files")).await.is(403);
    let why = [("purpose", "check")];
    superior
        .post(&format!("{at}/reveal"), &why)
        .await
        .goes_to(&at);
    superior.get(&path).await.is(200);
    for key in ["town2_cadre", "sibling_secretary", "other_cadre"] {
        town.signed_in(key).get(&path).await.is(404);
        town.signed_in(key)
            .get(&format!("{at}/files"))
            .await
            .is(404);
    }
    town.stranger().get(&path).await.goes_to("/login");
    // It goes with the matter to the next unit.
    let unit = town.world.committee("town2").place.committee.to_string();
    let hand = [("unit", unit.as_str()), ("words", "请你们办")];
    does(&town, "town_cadre", &at, "assign", &hand).await;
    town.signed_in("town2_cadre").get(&path).await.is(200);
    let mut owner = as_owner(&town.database).await;
    let lines = "select count(*)::text from day_book where verb = 'issue_attached'";
    assert_eq!(texts(&mut owner, lines).await, ["1"]);
}

#[tokio::test]
async fn bad_files_are_refused_and_the_same_one_twice_is_one() {
    let town = Town::new().await;
    let at = noted(&town).await;
    let who = town.signed_in("town_cadre");
    attach(&town, "town_cadre", &at, ("a.pdf", PDF)).await;
    let mut owner = as_owner(&town.database).await;
    let notes = "select id::text from issue_moves where move = 'progress'";
    let note = texts(&mut owner, notes).await.remove(0);
    let id = new_id();
    let fields = [("id", id.as_str()), ("note", note.as_str())];
    let script: &[u8] = b"<script>alert(1)</script>";
    for (fields, file, sentence) in [
        (&fields[..], Some(("a.pdf", script)), "只收照片"),
        (
            &fields[..],
            Some(("a.jpg", &b"\xff\xd8\xff nothing"[..])),
            "打不开或者太大",
        ),
        (&fields[..], None, "选一个文件"),
        (&fields[..1], Some(("a.pdf", PDF)), "选放在哪一条下面"),
        (&fields[1..], Some(("a.pdf", PDF)), "再选一次"),
    ] {
        send(&who, &at, fields, file).await.refuses(sentence);
    }
    let large = vec![b'x'; 10 * 1024 * 1024 + 1];
    send(&who, &at, &fields, Some(("a.pdf", &large)))
        .await
        .refuses("最大 10 MB");
    let huge = vec![b'x'; 12 * 1024 * 1024];
    send(&who, &at, &fields, Some(("a.pdf", &huge)))
        .await
        .is(413);
    // Elsewhere and to strangers the usual limit holds.
    let three = vec![b'x'; 3 * 1024 * 1024];
    who.post_bytes("/feedback", three.clone()).await.is(413);
    send(&town.stranger(), &at, &fields, Some(("a.pdf", &three)))
        .await
        .is(413);
    let again = || send(&who, &at, &fields, Some(("b.pdf", PDF)));
    let (a, b) = tokio::join!(again(), again());
    a.goes_to(&at);
    b.goes_to(&at);
    let other: &[u8] = b"%PDF-1.7 other";
    send(&who, &at, &fields, Some(("b.pdf", other)))
        .await
        .is(409);
    // Not on somebody else's note.
    let colleague = town.signed_in("town_colleague");
    send(&colleague, &at, &fields, Some(("a.pdf", PDF)))
        .await
        .is(403);
    let n = texts(&mut owner, "select count(*)::text from issue_files").await;
    assert_eq!(n, ["2"]);
    // What has no row is swept away, what has one stays.
    let tenant = town.world.committee("city").place.tenant;
    let folder = files_dir(&town.database).join(tenant.to_string());
    let lying = || std::fs::read_dir(&folder).expect("a directory").count();
    assert_eq!(lying(), 2);
    std::fs::write(folder.join("0".repeat(64)), "left behind").expect("a file");
    let ticker = Scope::of_ticker(town.site.clone(), town.world.committee("city"));
    let left = TimeDelta::days(1);
    assert_eq!(sweep(&ticker, tenant, left).await.expect("a sweep"), 0);
    let at_once = TimeDelta::seconds(-5);
    assert_eq!(sweep(&ticker, tenant, at_once).await.expect("a sweep"), 1);
    assert_eq!(lying(), 2);
}

#[tokio::test]
async fn a_closing_takes_files_and_its_writer_alone() {
    let town = Town::new().await;
    let at = noted(&town).await;
    does(&town, "town_cadre", &at, "take", &[]).await;
    let closing = [
        ("outcome", "solved"),
        ("answer-1", "修好了"),
        ("words", "亮了"),
    ];
    act(&town, "town_cadre", &at, "close", &closing)
        .await
        .goes_to(&at);
    attach(&town, "town_cadre", &at, ("修好了.pdf", PDF)).await;
    town.signed_in("town_secretary")
        .get(&at)
        .await
        .sees("修好了.pdf")
        .shows("青年也能看到");
}
