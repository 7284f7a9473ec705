//! 青年: the young people a committee stays in touch with.

mod model;

pub use model::YouthId;
