use heal_model::{ProcessState, ProcessTrigger, Time};

use super::look::{Captures, Look, Spot};
use super::paths::Paths;

/// How much later than its pid file a process may have started and still be the one that wrote it: clocks of file
/// systems are coarse.
const TOLERANCE: i64 = 2_000;

impl Look<'_> {
    /// The pid file, where its process is in the state that the trigger asks for.
    pub(crate) fn process(&mut self, trigger: &ProcessTrigger, given: &Captures) -> Vec<Spot> {
        let Some(Paths::One(path)) = self.paths(&trigger.pid_file, given) else { return Vec::new() };
        let Some(Some(content)) = self.known(self.world.read(&path)) else { return Vec::new() };
        let Some(Some(stat)) = self.known(self.world.stat(&path)) else { return Vec::new() };
        let text = String::from_utf8_lossy(&content);
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
        let Some(pid) = digits.and_then(|digits| digits.parse::<u32>().ok()).filter(|pid| *pid > 0) else {
            self.doubt(format!("{path} holds no pid"));
            return Vec::new();
        };
        let state = match self.world.process(pid) {
            None => ProcessState::Dead,
            Some(process) if process.started > Time(stat.modified.0.saturating_add(TOLERANCE)) => {
                ProcessState::Recycled
            }
            Some(_) => ProcessState::Alive,
        };
        if state != trigger.is {
            return Vec::new();
        }
        vec![Spot::default().with("file", path.as_str()).with("pid", pid.to_string())]
    }
}
