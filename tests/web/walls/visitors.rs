//! Who looks at the samples, from all sides.

use qingting::platform::scope::Role;

use crate::harness::Browser;

/// Where somebody stands, seen from the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Their committee or one above it.
    Inside,
    /// The next town, or another county of the same city.
    Neighbour,
    /// Another city.
    Stranger,
    /// On no ground at all: 系统管理员.
    Nowhere,
}

#[derive(Clone)]
pub struct Visitor {
    pub key: &'static str,
    pub side: Side,
    pub role: Role,
    pub browser: Browser,
}

/// key, where, as what, at which place (None: in the world already).
pub const VISITORS: [(&str, Side, Role, Option<&str>); 17] = [
    ("town_cadre", Side::Inside, Role::Cadre, None),
    ("town_colleague", Side::Inside, Role::Cadre, None),
    ("town_secretary", Side::Inside, Role::Secretary, None),
    // Two appointments, and a phone of his own that long ago was asked for the password.
    ("two_posts", Side::Inside, Role::Cadre, Some("town")),
    ("county_cadre", Side::Inside, Role::Cadre, None),
    ("county_secretary", Side::Inside, Role::Secretary, None),
    ("county_admin", Side::Inside, Role::Admin, None),
    ("city_admin", Side::Inside, Role::Admin, None),
    ("city_secretary", Side::Inside, Role::Secretary, None),
    ("province_secretary", Side::Inside, Role::Secretary, None),
    ("town2_cadre", Side::Neighbour, Role::Cadre, None),
    ("sibling_secretary", Side::Neighbour, Role::Secretary, None),
    (
        "sibling_admin",
        Side::Neighbour,
        Role::Admin,
        Some("sibling"),
    ),
    ("other_cadre", Side::Stranger, Role::Cadre, None),
    (
        "other_secretary",
        Side::Stranger,
        Role::Secretary,
        Some("other_county"),
    ),
    ("other_admin", Side::Stranger, Role::Admin, None),
    ("operator", Side::Nowhere, Role::System, None),
];
