//! The two system calls that std does not offer. All unsafe code of the crate stands here.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// What a postmaster is told: end the sessions and shut down cleanly, or drop everything at once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Signal {
    /// SIGINT: "fast shutdown": roll back what is open, write a checkpoint, end.
    Fast,
    /// SIGQUIT: "immediate shutdown": the next start recovers from the log.
    Immediate,
}

/// Sends a signal. False when there is no such process (any more) or it is not ours.
pub(super) fn send(pid: u32, signal: Signal) -> bool {
    let Ok(pid) = libc::pid_t::try_from(pid) else {
        return false;
    };
    if pid <= 1 {
        return false; // 0 and negative numbers name groups; 1 is never a server of ours
    }
    let number = match signal {
        Signal::Fast => libc::SIGINT,
        Signal::Immediate => libc::SIGQUIT,
    };
    #[expect(unsafe_code, reason = "std cannot send a signal other than SIGKILL")]
    // SAFETY: kill takes two integers and touches no memory of ours.
    let sent = unsafe { libc::kill(pid, number) };
    sent == 0
}

/// Lets the kernel send the child a fast shutdown when the thread that starts it ends, however it
/// ends. Without this a server killed with -9 would leave its database running for ever.
pub(super) fn die_with_this_thread(command: &mut Command) {
    let parent = std::process::id();
    let ask = move || {
        #[expect(unsafe_code, reason = "std has no prctl and no getppid of the child")]
        // SAFETY: both calls are async-signal-safe and touch no memory of ours.
        let (asked, now) = unsafe {
            (
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT),
                libc::getppid(),
            )
        };
        if asked != 0 {
            return Err(io::Error::last_os_error());
        }
        // The parent may have died before the request was made; then nobody would send anything.
        if u32::try_from(now) == Ok(parent) {
            Ok(())
        } else {
            Err(io::Error::from_raw_os_error(libc::ESRCH))
        }
    };
    #[expect(
        unsafe_code,
        reason = "std has no safe way to run code between fork and exec"
    )]
    // SAFETY: the closure allocates nothing, takes no lock and makes only async-signal-safe calls.
    unsafe {
        command.pre_exec(ask);
    }
}
