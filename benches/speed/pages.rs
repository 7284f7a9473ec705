//! The pages that are asked for, and by whom.

use std::time::Duration;

use chrono::TimeDelta;
use qingting::issues::Queue;
use qingting::kit::clock::{Clock, local};
use qingting::kit::ids::uuid_v7;
use sqlx::Row;
use uuid::Uuid;

use crate::client::Client;
use crate::data::Data;
use crate::load;
use crate::report::Report;
use crate::server::Server;
use crate::{CLIENTS, Result, Wanted};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// 走访, by county.
    List,
    /// A visit, by who made it.
    Visit,
    /// 一览, by city.
    Overview,
    /// 诉求, by city: each client another queue.
    Queue,
    /// 记走访, by town: a known young person, one problem.
    Submit,
}

pub const ALL: [Page; 5] = [
    Page::List,
    Page::Visit,
    Page::Overview,
    Page::Queue,
    Page::Submit,
];

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Seat {
    pub phone: String,
    pub committee: i32,
    pub tenant: i32,
    queue: Queue,
    /// Of a town: a visit, by this cadre if there is one, and a young person.
    visit: Option<Uuid>,
    youth: Option<Uuid>,
}

/// Secretaries, evenly over the province.
#[derive(Debug)]
pub struct Cast {
    pub cities: Vec<Seat>,
    counties: Vec<Seat>,
    towns: Vec<Seat>,
}

impl Cast {
    pub fn seat(&self, page: Page, client: usize) -> Seat {
        let seats = match page {
            Page::List => &self.counties,
            Page::Overview | Page::Queue => &self.cities,
            Page::Visit | Page::Submit => &self.towns,
        };
        Seat {
            queue: Queue::ALL[client % Queue::ALL.len()],
            ..seats[client % seats.len()].clone()
        }
    }
}

pub async fn cast(server: &Server) -> Result<Cast> {
    let mut towns = secretaries(server, 5).await?;
    // With few visits some towns have none.
    towns.retain(|seat| seat.visit.is_some());
    Ok(Cast {
        cities: secretaries(server, 3).await?,
        counties: secretaries(server, 4).await?,
        towns,
    })
}

async fn secretaries(server: &Server, level: i16) -> Result<Vec<Seat>> {
    let mut db = server.superuser().await?;
    let rows = sqlx::query(
        "select p.phone, k.id, k.tenant_id,
             (select v.id from visits v
              where v.tenant_id = a.tenant_id and v.scope = a.scope
              order by v.author_id = a.cadre_id desc, v.started_at desc limit 1) as visit,
             (select y.id from youths y
              where y.tenant_id = a.tenant_id and y.scope = a.scope
              order by y.id limit 1) as youth
         from (
             select a.*, row_number() over (order by a.scope) as place, count(*) over () as n
             from appointments a
             join committees k on k.id = a.committee_id
             where a.role = 'secretary' and k.level = $1) a
         join cadre_particulars p on p.tenant_id = a.tenant_id and p.cadre_id = a.cadre_id
         join committees k on k.id = a.committee_id
         where a.n <= $2 or a.place % (a.n / $2) = 0
         order by a.scope
         limit $2",
    )
    .bind(level)
    .bind(i64::try_from(CLIENTS)?)
    .fetch_all(&mut db)
    .await?;
    let seat = |row: &sqlx::postgres::PgRow| {
        Ok(Seat {
            phone: row.try_get(0)?,
            committee: row.try_get(1)?,
            tenant: row.try_get(2)?,
            queue: Queue::Pending,
            visit: row.try_get(3)?,
            youth: row.try_get(4)?,
        })
    };
    rows.iter().map(seat).collect()
}

impl Page {
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "visit list of a county",
            Self::Visit => "visit page",
            Self::Overview => "一览 of a city",
            Self::Queue => "诉求 queues of a city",
            Self::Submit => "submit a visit",
        }
    }

    pub async fn ask(self, client: &mut Client, seat: &Seat) -> Result<()> {
        match self {
            Self::List => client.get("/visits").await.map(drop),
            Self::Overview => client.get("/dashboard").await.map(drop),
            Self::Queue => {
                let queue = seat.queue.code();
                client
                    .get(&format!("/issues?queue={queue}"))
                    .await
                    .map(drop)
            }
            Self::Visit => {
                let visit = seat.visit.ok_or("a cadre without a visit")?;
                client.get(&format!("/visits/{visit}")).await.map(drop)
            }
            Self::Submit => submit(client, seat).await,
        }
    }
}

async fn submit(client: &mut Client, seat: &Seat) -> Result<()> {
    let now = Clock::system().now();
    let id = uuid_v7(now).to_string();
    let at = local(now - TimeDelta::hours(1));
    let youth = seat.youth.ok_or("a town without young people")?.to_string();
    let (date, time) = (at.date().to_string(), at.format("%H:%M").to_string());
    let form = [
        ("id", id.as_str()),
        ("youth", &youth),
        ("day", "other"),
        ("date", &date),
        ("at", &time),
        ("kind", "home"),
        ("place_text", "东村村口第三家"),
        (
            "content",
            "在家待业半年，想学一门手艺，问了镇上电商培训什么时候开班，说好下周三再来。",
        ),
        ("p1-text", "想参加县里的电商培训，不知道怎么报名"),
        ("p1-cat", "03"),
        ("p1-by", "me"),
        ("p1-urgency", "3"),
        // One and the same household again and again.
        ("confirm", "other"),
    ];
    client.post("/visits", &form).await
}

/// 一览 with many visits beside 一览 with few: by turns, one visitor each.
pub async fn overview_of_both(
    wanted: &Wanted,
    large: &Server,
    cast_of_large: &Cast,
    small: &Data,
    report: &mut Report,
) -> Result<()> {
    let other = Server::start(wanted, &small.dir)?;
    other.settle()?;
    let cast_of_small = cast(&other).await?;
    let mut sides = [
        Side::open(large, cast_of_large).await?,
        Side::open(&other, &cast_of_small).await?,
    ];
    for _ in 0..20 {
        for side in &mut sides {
            side.ask(Duration::from_millis(wanted.seconds * 50)).await?;
        }
    }
    let [large, small] = sides.map(Side::median);
    other.stop()?;
    let ratio = large / small;
    report.figure(
        &format!("一览 p50, {} visits ÷ {}", wanted.visits, wanted.small),
        &format!("{ratio:.2} ({large:.2} ms ÷ {small:.2} ms)"),
        Some(("≤ 1.3", ratio <= 1.3)),
    );
    Ok(())
}

/// One visitor of each city on one server.
struct Side {
    clients: Vec<(Client, Seat)>,
    times: Vec<f64>,
}

impl Side {
    async fn open(server: &Server, cast: &Cast) -> Result<Self> {
        let mut clients = Vec::new();
        for seat in &cast.cities {
            let mut client = Client::signed_in(server, &seat.phone).await?;
            Page::Overview.ask(&mut client, seat).await?;
            clients.push((client, seat.clone()));
        }
        Ok(Self {
            clients,
            times: Vec::new(),
        })
    }

    async fn ask(&mut self, time: Duration) -> Result<()> {
        let begun = std::time::Instant::now();
        while begun.elapsed() < time {
            for (client, seat) in &mut self.clients {
                let begun = std::time::Instant::now();
                Page::Overview.ask(client, seat).await?;
                self.times.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
        }
        Ok(())
    }

    fn median(self) -> f64 {
        let mut times = self.times;
        times.sort_unstable_by(f64::total_cmp);
        load::Outcome {
            times,
            ..load::Outcome::default()
        }
        .percentile(50)
    }
}
