use super::{Shown, YouthId};
use crate::kit::mask::Veil;
use crate::platform::Result;
use crate::platform::transaction::ScopedTx;
use std::collections::HashMap;
pub async fn names(db: &mut ScopedTx, ids: &[YouthId]) -> Result<HashMap<YouthId, Shown>> {
    let rows = sqlx::query!(
        r#"select id as "id: YouthId", name from youths where id = any($1)"#,
        ids as &[YouthId]
    )
    .fetch_all(db.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            (
                r.id,
                Shown {
                    name: r.name,
                    veiled: false,
                    veil: Veil::Usual,
                },
            )
        })
        .collect())
}
