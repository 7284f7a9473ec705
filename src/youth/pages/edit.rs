//! Changing a record: by who met them, or by the committee's 书记 and 管理员 after saying why.

use axum::http::StatusCode;
use axum::response::Response;

use super::new::{FormPage, Old, organisation, villages};
use super::offers::{Offers, offers, place, placed};
use super::{address, ask_password, is_sensitive};
use crate::kit::ids::uuid_v7;
use crate::organisations;
use crate::platform::Result;
use crate::platform::extract::{Form, Path};
use crate::platform::form::{FORM, Faults};
use crate::platform::render::{go, go_saved, refuse, show as render, show_as};
use crate::platform::scope::Scope;
use crate::platform::transaction::ScopedTx;
use crate::youth::form::{Draft, YouthForm};
use crate::youth::model::YouthId;
use crate::youth::record::{Sight, Youth, changed};
use crate::youth::store;

/// In the place of what may only be seen after saying why.
const HIDDEN: &str = "说明事由后可看";

pub async fn edit(scope: Scope, Path(id): Path<YouthId>) -> Result<Response> {
    let (youth, sight) = scope.look(async |db| see(db, id).await).await?;
    youth.may_edit(&scope)?;
    let here = format!("{}/edit", address(id));
    if is_sensitive(&youth, &scope)
        && let Some(password) = ask_password(&scope, &here)
    {
        return Ok(password);
    }
    if sight != Sight::Whole {
        return Ok(go(&format!("{}/reveal?then=edit", address(id))));
    }
    let (form, offers) = scope
        .look(async |db| {
            let mut form = YouthForm {
                id: uuid_v7(db.now()).to_string(),
                ..YouthForm::of(&youth)
            };
            place(db, &mut form, youth.village_id).await?;
            let offers = offers(db, &form).await?;
            Ok((form, offers))
        })
        .await?;
    render(&page(
        &scope,
        form,
        offers,
        Faults::default(),
        old(&scope, &youth, sight),
    ))
}

pub async fn update(scope: Scope, Path(id): Path<YouthId>, Form(fields): Form) -> Result<Response> {
    let form = YouthForm::read(&fields);
    let (youth, sight) = scope.look(async |db| see(db, id).await).await?;
    youth.may_edit(&scope)?;
    let old = old(&scope, &youth, sight);
    if fields.get("find") == "villages" {
        return villages(&scope, form, Some(old)).await;
    }
    let checked = form.check_of(id, scope.today(), &youth.content());
    let checked = scope
        .look(async |db| placed(db, checked.clone()).await)
        .await?;
    let (draft, version) = match (checked, form.version.parse::<i32>()) {
        (Ok(draft), Ok(version)) => (draft, version),
        (checked, _) => {
            let stale = Faults::one(FORM, "这一页开得太久了，从档案页再点一次修改");
            let offers = scope.look(async |db| offers(db, &form).await).await?;
            let faults = checked.err().unwrap_or(stale);
            return refuse(&page(&scope, form, offers, faults, old));
        }
    };
    match save(&scope, id, version, &draft).await? {
        None => Ok(go_saved(&address(id), &form.id)),
        Some(now) => conflict(&scope, form, &draft, &now).await,
    }
}

/// Writes it, or gives what somebody else has saved meanwhile.
async fn save(scope: &Scope, id: YouthId, version: i32, draft: &Draft) -> Result<Option<Youth>> {
    let meanwhile = scope
        .work(async |db| {
            let was = store::open_for_edit(db, id, Youth::may_edit).await?;
            let mut youth = draft.youth.clone();
            youth.village = organisation(db, draft).await?;
            let is_same = changed(&was.youth().content(), &youth).is_empty();
            if was.youth().version != version && !is_same {
                return Ok(db.unchanged(Some(was.youth().clone())));
            }
            store::save(db, &was, &youth).await
        })
        .await?;
    Ok(meanwhile)
}

/// 409: both texts side by side; saving again takes what was typed. Without sight of the record its
/// texts are named and not shown.
async fn conflict(
    scope: &Scope,
    mut form: YouthForm,
    draft: &Draft,
    now: &Youth,
) -> Result<Response> {
    let (sight, offers, village) = scope
        .look(async |db| {
            let (_, sight) = see(db, now.id).await?;
            let offers = offers(db, &form).await?;
            Ok((sight, offers, village_name(db, now).await?))
        })
        .await?;
    let mut typed = draft.youth.clone();
    typed.village = offers.organisation(draft.village);
    let fields = changed(&now.content(), &typed);
    let theirs = YouthForm::of(now).said(&village);
    let mine = form.said(offers.village_name());
    let meanwhile = theirs.into_iter().zip(mine);
    let meanwhile = meanwhile
        .filter(|((name, ..), _)| fields.contains(name))
        .map(|((_, label, theirs), (.., mine))| match sight {
            Sight::Whole => (label, theirs, mine),
            _ => (label, HIDDEN.into(), mine),
        });
    let old = Old {
        meanwhile: meanwhile.collect(),
        ..old(scope, now, sight)
    };
    form.version = now.version.to_string();
    let page = page(scope, form, offers, Faults::default(), old);
    show_as(StatusCode::CONFLICT, &page)
}

async fn village_name(db: &mut ScopedTx, youth: &Youth) -> Result<String> {
    let ids: Vec<_> = youth.village_id.into_iter().collect();
    let names = organisations::store::names(db, &ids).await?;
    Ok(names.into_values().next().unwrap_or_default())
}

async fn see(db: &mut ScopedTx, id: YouthId) -> Result<(Youth, Sight)> {
    let youth = store::get(db, id).await?;
    let revealed = store::is_revealed(db, id).await?;
    let sight = youth.sight(db.scope(), revealed);
    Ok((youth, sight))
}

fn old(scope: &Scope, youth: &Youth, sight: Sight) -> Old {
    Old {
        id: youth.id,
        name: youth.shown(sight, scope.today()).name,
        meanwhile: Vec::new(),
    }
}

fn page(scope: &Scope, form: YouthForm, offers: Offers, faults: Faults, old: Old) -> FormPage {
    FormPage::new(scope, form, offers, faults).changing(old)
}
