use std::time::Duration;

use heal_exec::Outcome;
use heal_model::spoken;

use crate::cli::session::Session;

/// Waits for the next try, unless something asks heal to end meanwhile, and says so: on a terminal in a line that counts
/// down and goes, elsewhere in one that stays.
pub(super) fn wait(
    session: &mut Session<'_>,
    outcome: &Outcome,
    wait: Duration,
    (number, most): (u32, u32),
    left: Option<Duration>,
) {
    let ended = match (outcome.timed_out, outcome.exit, outcome.signal) {
        (true, ..) => "ran out of time".to_owned(),
        (_, Some(code), _) => format!("ended with code {code}"),
        (_, None, signal) => format!("was ended by signal {}", signal.unwrap_or(0)),
    };
    let of_time = |past: Duration| match left {
        Some(left) => format!(" · {} left in all", spoken(left.saturating_sub(past))),
        None => String::new(),
    };
    let style = session.console.style();
    let line = |span: Duration, past: Duration| {
        let head = style.warn("trying again:");
        format!("{head} {ended}; try {number} of {most} in {}{}", spoken(span), of_time(past))
    };
    if !session.is_text() || !session.console.is_terminal {
        session.say(&format!("{}\n", line(wait, Duration::ZERO)));
        session.host.wait(wait, &mut |_| {});
        return;
    }
    let (host, console) = (&session.host, &mut *session.console);
    host.wait(wait, &mut |left| {
        console.out(&format!("\r\x1b[K{}", line(left, wait.saturating_sub(left))));
    });
    console.out("\r\x1b[K");
}
