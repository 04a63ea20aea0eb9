use std::collections::BTreeSet;

use heal_model::{Action, Step, Template};

use crate::draft::{Draft, mends_all};
use crate::example::Example;
use crate::frame::Frame;
use crate::text::line_around;
use crate::token::{Kind, is_word, tokens};
use crate::tree::{Node, parse};

/// Marks that bind what stands beside them, so that text which was closed may not be opened there.
const BINDING: &str = r"\-+*/%!~.&|^<>@?=";

/// Bars from both sides of a draft's pattern what stood there in none of its examples and would spoil the edit: a word
/// with which the new text would grow together, or what would take hold of a part of it. `None` where nothing is barred.
pub(crate) fn guarded(draft: &Draft, examples: &[&Example]) -> Option<Draft> {
    let places: Option<Vec<Place<'_>>> =
        examples.iter().map(|example| Place::of(example, draft.frame)).collect();
    let places = places?;
    let (mut before, mut behind) = (String::new(), String::new());
    if places.iter().all(Place::opens) {
        before.push_str(&format!("(?<![{BINDING}])(?<![{BINDING}] )"));
        behind.push_str(&loose(&places));
    }
    if places.iter().all(Place::bares_a_quote) {
        before.push_str(r#"(?<!["'])"#);
    }
    if draft.frame != Frame::Span {
        before.push_str(apart(places.iter().map(Place::first_joint)));
        behind.push_str(apart(places.iter().map(Place::last_joint)));
    }
    let mut guarded = draft.clone();
    let [Step { action: Action::Edit(edit), .. }] = guarded.rule.steps.as_mut_slice() else { return None };
    if before.is_empty() && behind.is_empty() || edit.search.source.as_str().starts_with("(?s:.+)") {
        return None;
    }
    edit.search.source = Template(format!("{before}{}{behind}", edit.search.source));
    // What is searched in a stretch alone sees nothing of what stands around it.
    edit.at.as_mut()?.to = None;
    mends_all(&guarded.rule, examples).then_some(guarded)
}

/// The draft for the ends of lines alone, where all examples lie at one: so it does not find the start of what it made.
pub(crate) fn at_end(draft: &Draft, examples: &[&Example]) -> Option<Draft> {
    let ends = |example: &&Example| {
        Place::of(example, draft.frame)
            .is_some_and(|place| place.tail.is_empty() || place.tail.starts_with('\n'))
    };
    let mut closed = draft.clone();
    let [Step { action: Action::Edit(edit), .. }] = closed.rule.steps.as_mut_slice() else { return None };
    if edit.at.as_ref()?.to.is_some() || !examples.iter().all(ends) {
        return None;
    }
    edit.search.source = Template(format!("{}$", edit.search.source));
    mends_all(&closed.rule, examples).then_some(closed)
}

/// The draft tied to what stands before the column, where that is the same in all examples: so the rest of a line, which
/// could begin anywhere, begins where it did.
pub(crate) fn tied(draft: &Draft, examples: &[&Example]) -> Option<Draft> {
    let head = |example: &&Example| {
        let text = &example.before;
        let head = &text[line_around(text, example.start()).start..example.start()];
        let blanks = head.len() - head.trim_end().len();
        let before = tokens(head.trim_end()).last().map_or(0, |token| token.text.len());
        head[head.len() - blanks - before..].to_owned()
    };
    let heads: BTreeSet<String> = examples.iter().map(head).collect();
    let (Some(only), 1) = (heads.first().filter(|head| !head.trim().is_empty()), heads.len()) else {
        return None;
    };
    let mut tied = draft.clone();
    let [Step { action: Action::Edit(edit), .. }] = tied.rule.steps.as_mut_slice() else { return None };
    if !matches!(draft.frame, Frame::Rest | Frame::Tail) {
        return None;
    }
    edit.search.source = Template(format!("(?<={}){}", regex::escape(only), edit.search.source));
    mends_all(&tied.rule, examples).then_some(tied)
}

/// What stands beside a stretch, and whether a word comes next to it where a mark stood.
type Joint = (Option<char>, bool);

/// What stands around one example's stretch, and what is in it before and after.
struct Place<'a> {
    head: &'a str,
    old: &'a str,
    new: &'a str,
    tail: &'a str,
}

impl<'a> Place<'a> {
    fn of(example: &'a Example, frame: Frame) -> Option<Self> {
        let range = matches!(frame, Frame::Context(..) | Frame::Span).then(|| frame.stretch(example))??;
        let text = &example.before;
        let (head, old, tail) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
        Some(Self { head, old, new: example.become_of(&range)?, tail })
    }

    /// Whether one value has become several words side by side, which something beside them could part.
    fn opens(&self) -> bool {
        !is_open(self.old) && is_open(self.new)
    }

    /// Whether a quote comes next where none was, of which one before it would make another.
    fn bares_a_quote(&self) -> bool {
        const QUOTES: [char; 2] = ['"', '\''];
        let next = self.new.chars().next().or_else(|| self.tail.chars().next());
        next.is_some_and(|next| QUOTES.contains(&next))
            && !self.old.starts_with(QUOTES)
            && !self.head.ends_with(QUOTES)
    }

    fn first_joint(&self) -> Joint {
        let next = self.new.chars().next().or_else(|| self.tail.chars().next());
        let was_mark = self.old.chars().next().is_some_and(|was| !is_word(was));
        (self.head.chars().next_back(), was_mark && next.is_some_and(is_word))
    }

    fn last_joint(&self) -> Joint {
        let before = self.new.chars().next_back();
        let was_mark = self.old.chars().next_back().is_some_and(|was| !is_word(was));
        (self.tail.chars().next(), was_mark && before.is_some_and(is_word))
    }
}

/// What keeps words apart, where one is written that stands beside no other in any example.
fn apart(joints: impl Iterator<Item = Joint>) -> &'static str {
    let joints: Vec<Joint> = joints.collect();
    let is_joined = |(beside, own): &Joint| *own && beside.is_some_and(is_word);
    if joints.iter().any(|(_, own)| *own) && !joints.iter().any(is_joined) { r"\B" } else { "" }
}

/// Whether a text holds blanks between words outside brackets and quotes.
fn is_open(text: &str) -> bool {
    parse(text.trim()).iter().any(|node| matches!(node, Node::Leaf(Kind::Space | Kind::Break, _)))
}

/// Bars from behind what binds, and every word that did not stand there.
fn loose(places: &[Place<'_>]) -> String {
    let next = |place: &Place<'_>| {
        let rest = place.tail.trim_start_matches([' ', '\t']);
        let first = tokens(rest.lines().next().unwrap_or_default()).first().copied();
        first.filter(|token| token.kind == Kind::Word).map(|token| regex::escape(token.text))
    };
    let words: BTreeSet<String> = places.iter().filter_map(next).collect();
    let words: Vec<String> = words.into_iter().map(|word| format!(r"{word}\b")).collect();
    let others = if words.is_empty() { String::new() } else { format!("(?!{})", words.join("|")) };
    format!(r"(?![ \t]*(?:[{BINDING}(\[]|{others}\w))")
}
