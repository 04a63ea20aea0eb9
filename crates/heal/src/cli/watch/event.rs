use heal_model::{RuleId, World as _};
use serde::Serialize;

use crate::cli::arguments::Format;
use crate::cli::session::Session;
use crate::cli::style::{Style, visible};

/// Something that is told of in one line.
pub(super) struct Event {
    pub(super) what: What,
    pub(super) rule: Option<RuleId>,
    pub(super) title: String,
    pub(super) place: Option<String>,
    /// The operation that can be taken back.
    pub(super) operation: Option<String>,
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum What {
    /// A rule holds that did not.
    Found,
    /// It holds no longer.
    Gone,
    /// It was mended.
    Fixed,
    /// It could not be mended, or that did not help.
    NotFixed,
    /// A playbook has changed, and is followed.
    Reloaded,
    /// A playbook has changed and can't be used: what it was before counts.
    NotReloaded,
}

/// An event as one line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    /// Milliseconds since 1970.
    at: i64,
    what: What,
    rule: Option<&'a RuleId>,
    title: &'a str,
    place: Option<&'a str>,
    operation: Option<&'a str>,
}

impl Event {
    /// Prints it, in the call's format.
    pub(super) fn tell(&self, session: &mut Session<'_>) {
        let at = session.host.now().0;
        let text = if session.format == Format::Jsonl {
            let line = Line {
                at,
                what: self.what,
                rule: self.rule.as_ref(),
                title: &self.title,
                place: self.place.as_deref(),
                operation: self.operation.as_deref(),
            };
            serde_json::to_string(&line).expect("an event has string keys alone")
        } else {
            self.text(at, session.console.style())
        };
        session.console.out(&format!("{text}\n"));
    }

    fn text(&self, at: i64, style: Style) -> String {
        let time = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
        let time = style.faint(&time.strftime("%H:%M:%S").to_string());
        let what = match self.what {
            What::Found => style.warn("found"),
            What::Gone => style.good("gone"),
            What::Fixed => style.good("fixed"),
            What::NotFixed => style.bad("not fixed"),
            What::Reloaded => style.good("reloaded"),
            What::NotReloaded => style.bad("not reloaded"),
        };
        let place = self.place.as_ref().map(|place| format!("  {}", style.code(&visible(place))));
        let rule = self.rule.as_ref().map(|rule| format!("  {}", style.faint(rule.as_str())));
        let undo = self.operation.as_ref().map(|id| format!("  {}", style.code(&format!("heal undo {id}"))));
        let rest: String = [place, rule, undo].into_iter().flatten().collect();
        format!("{time}  {what}  {}{rest}", visible(&self.title))
    }
}
