//! Adding a file to one's own note or answer, and getting it. A file is read by whoever reads the text.

use askama::Template;
use axum::response::Response;

use super::see::{Seen, see};
use crate::issues::files::{self, On};
use crate::issues::lines::{HEAD, gist};
use crate::issues::model::{FileId, Issue, IssueId, Move};
use crate::issues::store::{self, Moved};
use crate::kit::attachment::{AttachmentFault, name_of};
use crate::kit::clock;
use crate::platform::extract::{Path, Upload};
use crate::platform::form::Faults;
use crate::platform::page::{Choice, Chrome};
use crate::platform::render::{go, refuse, show};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};

/// Files on one matter.
const MANY: usize = 60;
/// Notes that are offered, newest first.
const NOTES: i64 = 200;
const REFUSED: &str = "附件由写进展、写答复的人自己添。";

#[derive(Template)]
#[template(path = "issues/files.html")]
struct FilesPage {
    chrome: Chrome,
    issue: Issue,
    gist: String,
    id: String,
    notes: Vec<Choice>,
    faults: Faults,
}

/// The matter, and those of its notes and answers that the reader wrote.
struct Room {
    seen: Seen,
    own: Vec<Moved>,
    count: usize,
}

async fn room(scope: &Scope, id: IssueId) -> Result<Room> {
    let me = scope.cadre()?;
    let room = scope
        .look(async |db| {
            let seen = see(db, id).await?;
            let mut own = store::moved(db, &seen.issue, NOTES).await?;
            own.retain(|it| it.cadre_id == Some(me) && takes_files(it.act));
            let count = store::files(db, &seen.issue).await?.len();
            Ok(Room { seen, own, count })
        })
        .await?;
    if room.own.is_empty() {
        return Err(Error::Forbidden(REFUSED));
    }
    Ok(room)
}

/// Notes and answers.
pub(super) fn takes_files(act: Move) -> bool {
    matches!(
        act,
        Move::Progress | Move::Supplement | Move::Close | Move::Explain | Move::InstructAnswer
    )
}

pub async fn form(scope: Scope, Path(id): Path<IssueId>) -> Result<Response> {
    let room = room(&scope, id).await?;
    let fresh = FileId::new_v7(scope.now()).to_string();
    show(&page(
        &scope,
        room,
        (fresh, String::new()),
        Faults::default(),
    ))
}

pub async fn add(scope: Scope, Path(id): Path<IssueId>, upload: Upload) -> Result<Response> {
    let room = room(&scope, id).await?;
    let (file, chosen) = (upload.fields.text("id"), upload.fields.text("note"));
    let mut faults = Faults::default();
    let note = room.own.iter().find(|it| it.id.to_string() == chosen);
    let note = faults.take("note", note.ok_or("选放在哪一条下面"));
    let file_id = file
        .parse::<FileId>()
        .map_err(|_| "这一页开得太久了，再选一次");
    let file_id = faults.take("file", file_id);
    if room.count >= MANY {
        faults.add("file", "附件太多了，先看看有没有重复的");
    }
    let content = match upload.file {
        None => Err("选一个文件".to_owned()),
        // Nothing is decoded for a form that is refused anyway.
        Some(_) if !faults.is_empty() => Err("再选一次文件".to_owned()),
        Some((name, bytes)) => match files::check(bytes).await? {
            Ok(attachment) => Ok((name_of(&name, attachment.format), attachment)),
            Err(fault) => Err(sentence(fault).to_owned()),
        },
    };
    let content = faults.take("file", content);
    let all = note
        .map(|it| (it.id, it.is_shown))
        .zip(file_id)
        .zip(content);
    let (((on, is_shown), file_id), content) = match faults.or(all) {
        Ok(all) => all,
        Err(faults) => {
            let kept = file.parse::<FileId>().is_ok();
            let fresh = || FileId::new_v7(scope.now()).to_string();
            let file = if kept { file } else { fresh() };
            return refuse(&page(&scope, room, (file, chosen), faults));
        }
    };
    let to = (id, On::Move(on), is_shown);
    files::attach(&scope, to, file_id, content).await?;
    Ok(go(&format!("/issues/{id}")))
}

fn sentence(fault: AttachmentFault) -> &'static str {
    match fault {
        AttachmentFault::Empty => "这个文件是空的",
        AttachmentFault::TooLarge => "文件太大，最大 10 MB",
        AttachmentFault::Format => "只收照片（JPG、PNG、WebP）、PDF、Word（docx）、Excel（xlsx）",
        AttachmentFault::Picture => "这张照片打不开或者太大，换一张小一点的",
    }
}

fn page(scope: &Scope, room: Room, (id, chosen): (String, String), faults: Faults) -> FilesPage {
    let now = scope.now();
    let is_open = room.seen.is_open();
    let label = |it: &Moved| {
        let words = it.words.as_deref().filter(|_| is_open).unwrap_or_default();
        format!(
            "{} {} {}",
            clock::stamp(it.at, now),
            it.act,
            gist(words, HEAD)
        )
    };
    let newest = room.own.first().map(|it| it.id.to_string());
    let chosen = if chosen.is_empty() {
        newest.unwrap_or_default()
    } else {
        chosen
    };
    let notes = room.own.iter().map(|it| (it.id, label(it)));
    FilesPage {
        chrome: scope.chrome(),
        notes: Choice::one(notes, &chosen),
        gist: if is_open {
            gist(&room.seen.issue.detail, HEAD)
        } else {
            format!("{}诉求", room.seen.issue.category)
        },
        issue: room.seen.issue,
        id,
        faults,
    }
}

/// Whoever may read the text gets it; to say why he reads comes first where that is asked.
pub async fn get(scope: Scope, Path(id): Path<FileId>) -> Result<Response> {
    let (file, seen) = scope
        .look(async |db| {
            let file = store::file(db, id).await?;
            let seen = see(db, file.issue_id).await?;
            Ok((file, seen))
        })
        .await?;
    seen.sight.may_ask()?;
    if !seen.is_open() {
        return Ok(go(&format!("/issues/{}", file.issue_id)));
    }
    files::answer(&scope, &file).await
}
