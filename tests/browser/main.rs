//! Real Chromium: the phone at 390×844 by touch, the desk by mouse. The same world as in tests/web, over
//! a socket that can be cut.

mod axe;
mod back;
mod bare;
mod binary;
mod broken;
mod device;
mod door;
mod driver;
#[path = "../web/harness/mod.rs"]
#[expect(dead_code, reason = "shared with tests/web, which uses more of it")]
mod harness;
mod looks;
mod office;
mod offline;
mod pages;
mod quiet;
mod refused;
mod served;
mod shares;
mod visit;
mod walk;
