//! The binary: everything it does is in `qingting::commands`.

use std::process::ExitCode;

fn main() -> ExitCode {
    qingting::commands::main()
}
