//! An address that is there, asked for something that it does not do: 405 and a plain sentence.

use axum::body::Body;

use crate::harness::Town;

#[tokio::test]
async fn another_method_is_refused_as_such() {
    let town = Town::new().await;
    let cadre = town.signed_in("town_cadre");
    for method in ["PUT", "PATCH", "DELETE"] {
        for path in ["/visits", "/youth"] {
            let request = cadre.request(method, path).body(Body::empty());
            let answer = cadre.send(request.expect("a request")).await;
            answer.is(405).shows("这个地址不能这样用");
        }
    }
    cadre
        .post("/today/met", &[])
        .await
        .is(405)
        .shows("没有存任何东西");
    cadre.post("/nowhere", &[]).await.is(404);
    // A post without any sign of its origin is refused before anything else.
    let request = cadre.request("POST", "/today/met").body(Body::empty());
    let answer = cadre.send(request.expect("a request")).await;
    answer.is(403).shows("不是从本系统的页面发出来的");
}
