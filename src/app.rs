//! The application: the one list of features, the router around them.

use std::sync::Arc;

use axum::Router;

use crate::accounts;
use crate::cadres;
use crate::calendar;
use crate::committees;
use crate::dashboard;
use crate::feedback;
use crate::figures;
use crate::intake;
use crate::issues;
use crate::organisations;
use crate::platform::feature::Feature;
use crate::platform::routes::{Route, Routes};
use crate::platform::site::Site;
use crate::platform::{Result, http};
use crate::reports;
use crate::today;
use crate::visits;
use crate::youth;

/// Every slice of the product. A new record kind is one more line.
pub const FEATURES: &[Feature] = &[
    today::FEATURE,
    visits::FEATURE,
    issues::FEATURE,
    intake::FEATURE,
    youth::FEATURE,
    figures::FEATURE,
    dashboard::FEATURE,
    reports::FEATURE,
    committees::FEATURE,
    cadres::FEATURE,
    organisations::FEATURE,
    calendar::FEATURE,
    feedback::FEATURE,
    accounts::FEATURE,
];

/// All routes of all features.
pub fn routes() -> Routes {
    FEATURES
        .iter()
        .fold(Routes::new(), |all, feature| all.merge((feature.routes)()))
}

/// Every route with who may use it.
pub fn route_table() -> Vec<Route> {
    routes().table().to_vec()
}

pub fn application(site: &Arc<Site>) -> Result<Router> {
    let router = http::application(site, routes())?;
    // Set once a process; a second application of the same site would be the same one.
    let _already_set = site.again.set(router.clone());
    Ok(router)
}
