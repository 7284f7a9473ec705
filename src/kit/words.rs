//! `words!`: a closed vocabulary in one declaration: the variant in code, the text in the database, the Chinese label.
//!
//! ```text
//! words! {
//!     /// How the visit was made.
//!     pub enum VisitMode {
//!         Home "RH" "入户走访",
//!         Phone "DH" "电话",
//!     }
//! }
//! ```
//! gives `ALL`, `code()`, `label()`, `from_code()`, `Display` (the label), serde and the database as the code. The
//! column is text with a CHECK; a code the program does not know is an error on reading, never a silent default.

use std::fmt;

/// A code that the vocabulary does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    /// Name of the vocabulary.
    pub of: &'static str,
    pub code: String,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no code {:?}", self.of, self.code)
    }
}

impl std::error::Error for UnknownCode {}

/// See the head of this module.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident $code:literal $label:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant),+
        }

        impl $name {
            /// Every word, in the order of declaration: the order of choices on a page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text in the database and in forms.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The word on a page.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::kit::words::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::from_code(code)
                    .ok_or_else(|| $crate::kit::words::UnknownCode { of: stringify!($name), code: code.to_owned() })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                code.parse().map_err(serde::de::Error::custom)
            }
        }

        impl sqlx::Type<sqlx::Postgres> for $name {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                <str as sqlx::Type<sqlx::Postgres>>::type_info()
            }

            fn compatible(given: &sqlx::postgres::PgTypeInfo) -> bool {
                <str as sqlx::Type<sqlx::Postgres>>::compatible(given)
            }
        }

        impl sqlx::postgres::PgHasArrayType for $name {
            fn array_type_info() -> sqlx::postgres::PgTypeInfo {
                <&str as sqlx::postgres::PgHasArrayType>::array_type_info()
            }

            fn array_compatible(given: &sqlx::postgres::PgTypeInfo) -> bool {
                <&str as sqlx::postgres::PgHasArrayType>::array_compatible(given)
            }
        }

        impl<'q> sqlx::Encode<'q, sqlx::Postgres> for $name {
            fn encode_by_ref(
                &self,
                buffer: &mut sqlx::postgres::PgArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                <&str as sqlx::Encode<'q, sqlx::Postgres>>::encode_by_ref(&self.code(), buffer)
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Postgres> for $name {
            fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                Ok(<&str as sqlx::Decode<'r, sqlx::Postgres>>::decode(value)?.parse()?)
            }
        }
    };
}
pub use words;

#[cfg(test)]
mod tests {
    use sqlx::{Encode, Postgres, Type, postgres::PgArgumentBuffer};

    words! {
        /// For the tests.
        pub enum Mode {
            /// In the home.
            Home "RH" "入户走访",
            Phone "DH" "电话",
        }
    }

    #[test]
    fn each_word_goes_to_its_code_and_back() {
        assert_eq!(Mode::ALL, [Mode::Home, Mode::Phone]);
        for &mode in Mode::ALL {
            assert_eq!(Mode::from_code(mode.code()), Some(mode));
        }
        assert_eq!(Mode::Home.code(), "RH");
        assert_eq!(Mode::Home.label(), "入户走访");
        assert_eq!(Mode::Phone.to_string(), "电话");
        for unknown in ["", "rh", "RH ", "入户走访"] {
            assert_eq!(Mode::from_code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn serde_speaks_codes() {
        assert_eq!(serde_json::to_string(&Mode::Home).unwrap(), "\"RH\"");
        assert_eq!(serde_json::from_str::<Mode>("\"DH\"").unwrap(), Mode::Phone);
        let fault = serde_json::from_str::<Mode>("\"XX\"").unwrap_err();
        assert!(
            fault.to_string().starts_with("Mode has no code \"XX\""),
            "{fault}"
        );
    }

    #[test]
    fn the_database_sees_text() {
        assert_eq!(
            <Mode as Type<Postgres>>::type_info(),
            <str as Type<Postgres>>::type_info()
        );
        let mut buffer = PgArgumentBuffer::default();
        let _ = Mode::Home.encode_by_ref(&mut buffer).unwrap();
        assert_eq!(&buffer[..], b"RH");
    }
}
