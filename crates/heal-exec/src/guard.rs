use std::io::{self, PipeWriter, pipe};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

/// The shell that every system has, whatever `PATH` says.
const SHELL: &str = "/bin/sh";
/// Waits for the end of the input, which comes when heal is gone, and then ends its own process group.
///
/// What asks the group to end is not for the guard: it stays until the group is ended.
const SCRIPT: &str = "trap '' HUP INT QUIT TERM; read -r _; kill -KILL 0";

/// The same for one process that leads no group, and for all that came of it.
const SCRIPT_OF_ONE: &str = r#"trap '' HUP INT QUIT TERM
end() {
    for task in /proc/"$1"/task/*; do
        children=
        read -r children < "$task/children"
        for child in $children; do end "$child"; done
    done
    kill -KILL "$1"
}
read -r _
end "$1""#;

/// Leads a command's process group, and ends all of it when heal is gone, however heal ended; or does so for a command
/// that stays in heal's own.
///
/// The guard reads from a pipe that heal alone can write to, so the kernel tells it of heal's death, whenever that is:
/// the guard is there before the command is. A death signal of the kernel's (`PR_SET_PDEATHSIG`) would tell of the death
/// of the thread that started the command, reach that one process and not its children, and would have to be set between
/// fork and exec. The cost is one more process, a millisecond.
///
/// Since the guard leads the group, the group's number belongs to nobody else before the guard has been waited for. The
/// guard of one process is to be dropped before that process is waited for: until then its pid belongs to nobody else.
pub(crate) struct Guard {
    child: Child,
    /// Closed when heal ends.
    _line: PipeWriter,
}

impl Guard {
    /// Starts the leader of a group.
    pub(crate) fn start() -> io::Result<Self> {
        Self::with(&["-c", SCRIPT])
    }

    /// Starts the guard of a process that runs already. What comes of it is found where the kernel lists children.
    pub(crate) fn of(child: &Child) -> io::Result<Self> {
        Self::with(&["-c", SCRIPT_OF_ONE, "heal-guard", &child.id().to_string()])
    }

    fn with(arguments: &[&str]) -> io::Result<Self> {
        let (end, line) = pipe()?;
        let mut command = Command::new(SHELL);
        command.args(arguments).env_clear().current_dir("/").process_group(0);
        command.stdin(end).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { child: command.spawn()?, _line: line })
    }

    /// The group that it leads.
    pub(crate) fn group(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // That nobody is left to get it is what was wanted.
        let _ = kill_process_group(self.group(), Signal::KILL);
        let _ = self.child.wait();
    }
}
