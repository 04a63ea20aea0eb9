use heal_plan::{Choices, worth_keeping};

use super::planning::context;
use super::session::{Rules, Session};

/// Keeps a version of each file that is good and of which its playbook wants some; gives what could not be kept, and why.
///
/// Only playbooks that may act are obeyed.
pub(super) fn back_up(session: &Session<'_>, rules: &Rules) -> Vec<String> {
    let acting = rules.acting();
    let choices = Choices::default();
    let worth = worth_keeping(&context(session, rules, &acting, &choices)).into_iter();
    let kept = worth.map(|one| (session.host.back_up(&one.path, &one.content, one.most), one.path));
    kept.filter_map(|(kept, path)| Some(format!("no backup of {path} could be kept: {}", kept.err()?)))
        .collect()
}

/// Says on standard error what could not be kept.
pub(super) fn tell_unkept(session: &mut Session<'_>, unkept: Vec<String>) {
    for one in unkept {
        session.note(&one);
    }
}
