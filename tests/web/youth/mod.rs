//! 青年: seen whole by who met them, masked by others, opened for a purpose, counted above.

mod pace;
