//! How fast it stands, and how much memory it holds after a day's work.

use qingting::demo::bulk;

use crate::client::Client;
use crate::pages::{self, Cast};
use crate::report::Report;
use crate::server::Server;
use crate::{CLIENTS, Result, Wanted};

/// First start and start after a clean stop, three times each, in directories that are thrown away.
pub fn starts(wanted: &Wanted, report: &mut Report) -> Result<()> {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for round in 0..3 {
        let dir = wanted.dir.join(format!("start-{round}"));
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        for times in [&mut first, &mut again] {
            let server = Server::start(wanted, &dir)?;
            times.push(server.took);
            server.stop()?;
        }
        std::fs::remove_dir_all(&dir)?;
    }
    let middle = |times: &mut Vec<f64>| {
        times.sort_unstable_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let (first, again) = (middle(&mut first), middle(&mut again));
    report.figure(
        "first start, s",
        &format!("{first:.2}"),
        Some(("≤ 3", first <= 3.0)),
    );
    report.figure(
        "start after a clean stop, s",
        &format!("{again:.2}"),
        Some(("≤ 0.5", again <= 0.5)),
    );
    Ok(())
}

/// Memory after many sign-ins and pages.
pub async fn memory(
    wanted: &Wanted,
    server: &Server,
    cast: &Cast,
    report: &mut Report,
) -> Result<()> {
    eprintln!("{} sign-ins, {} pages …", wanted.sign_ins, wanted.pages);
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(Client::connect(server).await?);
    }
    for index in 0..wanted.sign_ins {
        clients[index % CLIENTS]
            .sign_in(&bulk::phone(index))
            .await?;
    }
    let mut seated = Vec::new();
    for index in 0..CLIENTS {
        let page = pages::ALL[index % pages::ALL.len()];
        let seat = cast.seat(page, index);
        seated.push((Client::signed_in(server, &seat.phone).await?, seat, page));
    }
    for index in 0..wanted.pages {
        let (client, seat, page) = &mut seated[index % CLIENTS];
        page.ask(client, seat).await?;
    }
    let resident = server.resident()?;
    report.figure(
        &format!(
            "memory after {} sign-ins and {} pages, MB",
            wanted.sign_ins, wanted.pages
        ),
        &format!("{resident:.0}"),
        Some(("≤ 80", resident <= 80.0)),
    );
    Ok(())
}
