//! `id!`: one type for each kind of id, so that a youth's id cannot be handed in for a visit's.
//!
//! Record ids are UUIDs of version 7 made by the phone; they are the idempotency key of a submission. Committees are
//! open reference data and have plain numbers.

use std::fmt;

/// The text is no id: an address typed by hand, or a form tampered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdFault;

impl fmt::Display for IdFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id")
    }
}

impl std::error::Error for IdFault {}

/// Reads the one form we write, 36 characters with hyphens; braces, `urn:`, nil and max are refused, so that one
/// record has one address.
pub fn parse_uuid(text: &str) -> Result<uuid::Uuid, IdFault> {
    let id = uuid::Uuid::try_parse(text).map_err(|_| IdFault)?;
    if text.len() != 36 || id.is_nil() || id.is_max() {
        return Err(IdFault);
    }
    Ok(id)
}

/// A fresh UUID of version 7 whose time is `now` of the app's clock: ids sort by the time they were made.
pub fn uuid_v7(now: chrono::DateTime<chrono::Utc>) -> uuid::Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(
        uuid::NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

/// Declares an id type: `id! { /// One visit. pub VisitId }` over a UUID, `id! { pub CommitteeId: i32 }` over a number.
///
/// Both give `Display`, `FromStr`, serde (as text or number) and the database type of what is inside; a UUID also
/// gives `new_v7(now)`.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $vis:vis $name:ident) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        $vis struct $name(pub uuid::Uuid);

        impl $name {
            /// A fresh id made at `now`.
            $vis fn new_v7(now: chrono::DateTime<chrono::Utc>) -> Self {
                Self($crate::kit::ids::uuid_v7(now))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::kit::ids::IdFault;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::kit::ids::parse_uuid(text).map(Self)
            }
        }

        $crate::kit::ids::id!(@display $name);
    };
    ($(#[$meta:meta])* $vis:vis $name:ident: i32) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        $vis struct $name(pub i32);

        impl std::str::FromStr for $name {
            type Err = $crate::kit::ids::IdFault;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text.parse::<i32>() {
                    // "+7" and "007" would be second addresses of the same committee.
                    Ok(n) if n > 0 && n.to_string() == text => Ok(Self(n)),
                    _ => Err($crate::kit::ids::IdFault),
                }
            }
        }

        $crate::kit::ids::id!(@display $name);
    };
    (@display $name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}
pub use id;

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use sqlx::{Postgres, Type, postgres::PgHasArrayType};

    id! {
        /// For the tests.
        pub ThingId
    }
    id! { pub PlaceId: i32 }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_new_id_is_of_version_7_unique_and_sorts_by_time() {
        let (first, second, later) = (
            ThingId::new_v7(at(1_795_000_000)),
            ThingId::new_v7(at(1_795_000_000)),
            ThingId::new_v7(at(1_795_000_001)),
        );
        assert_eq!(first.0.get_version_num(), 7);
        assert_ne!(first, second);
        assert!(first < later && second < later);
        assert_eq!(first.0.get_timestamp().unwrap().to_unix().0, 1_795_000_000);
    }

    #[test]
    fn only_the_written_form_is_read() {
        let id = ThingId::new_v7(at(1_795_000_000));
        assert_eq!(id.to_string().parse(), Ok(id));
        let simple = id.0.simple().to_string();
        for bad in [
            "",
            "1",
            "张",
            &simple,
            &format!("{{{id}}}"),
            "00000000-0000-0000-0000-000000000000",
            &format!("{id} "),
        ] {
            assert_eq!(bad.parse::<ThingId>(), Err(IdFault), "{bad}");
        }
    }

    #[test]
    fn numbers_have_one_written_form() {
        assert_eq!("42".parse(), Ok(PlaceId(42)));
        assert_eq!(PlaceId(42).to_string(), "42");
        for bad in ["", "0", "-3", "+7", "007", "4.0", "2147483648", "４２"] {
            assert_eq!(bad.parse::<PlaceId>(), Err(IdFault), "{bad}");
        }
    }

    #[test]
    fn ids_are_plain_in_json_and_in_the_database() {
        let id = ThingId::new_v7(at(1_795_000_000));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<PlaceId>("7").unwrap(), PlaceId(7));
        assert_eq!(
            <ThingId as Type<Postgres>>::type_info(),
            <uuid::Uuid as Type<Postgres>>::type_info()
        );
        assert_eq!(
            <PlaceId as Type<Postgres>>::type_info(),
            <i32 as Type<Postgres>>::type_info()
        );
        assert_eq!(
            ThingId::array_type_info(),
            <uuid::Uuid as PgHasArrayType>::array_type_info()
        );
    }
}
