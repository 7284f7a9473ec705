//! Rows of cadres, organisations and young people.

use uuid::Uuid;

use super::rows::{
    ACCOUNTS, APPOINTMENTS, CADRES, DAY_BOOK, ORGANISATIONS, PARTICULARS, Rows, YOUTH_CADRES,
    YOUTH_WORDS, YOUTHS,
};
use super::world::{Planted, World, Youth};
use crate::accounts::phone_hash;
use crate::cadres;
use crate::demo::chance::Chance;
use crate::demo::stage::uuid_at;
use crate::demo::words;
use crate::kit::clock::local;
use crate::kit::pinyin::search_words;
use crate::platform::daybook::Verb;
use crate::youth;

/// A line of the day book about a record of a committee, by a cadre.
#[derive(Debug)]
pub struct Line<'a> {
    pub verb: Verb,
    pub object: Uuid,
    pub at: &'a Planted,
    pub cadre: usize,
    pub time: chrono::DateTime<chrono::Utc>,
}

impl Line<'_> {
    pub fn write(&self, rows: &mut Rows, chance: &mut Chance, world: &World) {
        let by = &world.cadres[self.cadre];
        let home = world.units[by.unit].planted.id;
        let row = rows
            .row()
            .plain(self.at.tenant)
            .plain(uuid_at(chance, self.time))
            .plain(self.at.id)
            .plain(self.at.code_lo)
            .time(self.time)
            .text(self.verb.code)
            .text(self.verb.kind)
            .plain(self.object);
        row.plain(by.account).plain(by.id).plain(home).text("bulk");
    }
}

/// What is there before the first visit. Everybody signs in with the password of this hash.
pub fn cast(world: &World, phc: &str) -> Vec<Rows> {
    let mut rows = [ACCOUNTS, CADRES, PARTICULARS, APPOINTMENTS, DAY_BOOK].map(Rows::new);
    let mut chance = Chance::new(2);
    for index in 0..world.cadres.len() {
        cadre(&mut rows, &mut chance, world, index, phc);
    }
    let mut organisations = Rows::new(ORGANISATIONS);
    for place in &world.places {
        let at = &world.units[place.unit].planted;
        let row = organisations.row().plain(at.tenant).plain(place.id);
        let row = row.plain(at.id).plain(at.code_lo).text(place.kind);
        row.text(&place.name).time(world.since);
    }
    rows.into_iter().chain([organisations]).collect()
}

/// The phone number of a cadre, by index.
pub fn phone(index: usize) -> String {
    format!("1991{index:07}")
}

fn cadre(rows: &mut [Rows; 5], chance: &mut Chance, world: &World, index: usize, phc: &str) {
    let [accounts, cadres, particulars, appointments, day_book] = rows;
    let cadre = &world.cadres[index];
    let unit = &world.units[cadre.unit];
    let (at, since) = (&unit.planted, world.since);
    let name = words::name(chance, false).0;
    let found_by = format!(" {} ", search_words(&name, "").join(" "));
    let (role, post, nature) = match index - unit.cadres.start {
        0 => ("secretary", "书记", "full"),
        1 if at.level < 5 => ("admin", "干事", "full"),
        2 => ("cadre", "副书记", "seconded"),
        _ => ("cadre", "委员", "part"),
    };
    let row = accounts.row().plain(cadre.account);
    let row = row.text(&phone_hash(&phone(index))).text(phc).plain(false);
    row.time(since).time(since);
    let row = cadres.row().plain(at.tenant).plain(cadre.id).plain(at.id);
    let row = row.plain(at.code_lo).text(&name).text(&found_by);
    row.plain(cadre.account).time(since);
    let row = particulars.row().plain(at.tenant).plain(cadre.id);
    row.plain(at.code_lo).text(&phone(index));
    let row = appointments
        .row()
        .plain(at.tenant)
        .plain(uuid_at(chance, since));
    let row = row.plain(at.id).plain(at.code_lo).plain(cadre.id);
    let row = row.plain(cadre.account).text(role).text(post).text(nature);
    row.date(Some(local(since).date())).plain(true).time(since);
    let line = Line {
        verb: cadres::ADDED,
        object: cadre.id,
        at,
        cadre: index,
        time: since,
    };
    line.write(day_book, chance, world);
}

/// Young people from `from` on, `n` of them, with whom they met: after the last visit.
pub fn youths(world: &World, from: usize, n: usize) -> Vec<Rows> {
    let mut rows = [YOUTHS, YOUTH_WORDS, YOUTH_CADRES, DAY_BOOK].map(Rows::new);
    let mut chance = Chance::new(3 + u64::try_from(from).unwrap_or(0));
    for (index, youth) in world.youths.iter().enumerate().skip(from).take(n) {
        let [people, found_by, known_by, day_book] = &mut rows;
        let at = &world.units[youth.unit].planted;
        let (name, female) = words::name(&mut chance, false);
        let phone = chance.percent(80).then(|| format!("1992{index:07}"));
        person(people, world, youth, &name, female, phone.as_deref());
        for word in search_words(&name, phone.as_deref().unwrap_or_default()) {
            let row = found_by.row().plain(at.tenant).text(&word);
            row.plain(at.code_lo).plain(youth.id);
        }
        for (cadre, evening) in &youth.known_by {
            let row = known_by.row().plain(at.tenant).plain(youth.id);
            let row = row.plain(world.cadres[*cadre].id).plain(at.code_lo);
            row.time(world.since).date(*evening);
        }
        let line = Line {
            verb: youth::ADDED,
            object: youth.id,
            at,
            cadre: youth.known_by[0].0,
            time: world.since,
        };
        line.write(day_book, &mut chance, world);
    }
    rows.into()
}

fn person(
    rows: &mut Rows,
    world: &World,
    youth: &Youth,
    name: &str,
    female: bool,
    phone: Option<&str>,
) {
    let at = &world.units[youth.unit].planted;
    let minor = youth::age_on(youth.birth_on, local(world.since).date()) < 18;
    let consent = if minor { "guardian" } else { "told" };
    let met = youth
        .known_by
        .iter()
        .filter_map(|(_, evening)| *evening)
        .max();
    let since = world.since;
    let updated = met.map_or(since, crate::kit::clock::start_of);
    let row = rows.row().plain(at.tenant).plain(youth.id).plain(at.id);
    let row = row.plain(at.code_lo).text(name);
    let row = row
        .text(if female { "2" } else { "1" })
        .date(Some(youth.birth_on));
    let row = row.or_null(phone).text("{NC}").text(youth.care.code());
    let row = row
        .text(consent)
        .time(since)
        .or_null(minor.then_some("家长"));
    let row = row
        .text("form")
        .date(met)
        .text(&youth.id.simple().to_string());
    let by = world.cadres[youth.known_by[0].0].id;
    row.plain(by).time(since).time(updated.max(since));
}
