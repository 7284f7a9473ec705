//! A leave at the county, for the samples.

use crate::harness::Town;

pub const ID: &str = "0199f1a0-0000-7000-8000-0000000d0001";

/// The county's 书记 is away, its cadre stands in.
pub async fn begin(town: &Town) {
    let deputy = town.world.person("county_cadre").cadre.expect("a cadre");
    let deputy = deputy.to_string();
    let leave = [
        ("id", ID),
        ("deputy", deputy.as_str()),
        ("from", "2026-11-24"),
        ("to", "2026-11-27"),
    ];
    let lead = town.signed_in("county_secretary");
    lead.post("/deputies", &leave).await.goes_to("/deputies");
}
