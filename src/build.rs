//! Build script: asks cargo to rebuild when a migration or a static file changes.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
