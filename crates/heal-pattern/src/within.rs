use heal_model::{Engine, Pattern, PatternKind};
use regex_syntax::hir::{Capture, Repetition};
use regex_syntax::hir::{
    Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look,
};

use crate::syntax;

/// A pattern as it is looked for in a text of many lines at once: it is found on each line, with the line's end, that
/// the pattern is found on, and on few others.
///
/// It never goes from one line to the next, and takes `\r\n` for a line's end. Word boundaries that are Unicode by
/// wish count as there, since no automaton can tell. `None` for a pattern that backtracks.
#[must_use]
pub fn within_lines(pattern: &Pattern) -> Option<Hir> {
    match (pattern.kind, pattern.engine) {
        (PatternKind::Text, _) => syntax::parse(&regex_syntax::escape(&pattern.source), true).ok(),
        (PatternKind::Regex, Engine::Linear) => syntax::parse(&pattern.source, pattern.unicode).ok(),
        (PatternKind::Regex, Engine::Backtracking) => None,
    }
    .map(|hir| within(&hir))
}

fn within(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Hir::fail(),
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.difference(&ClassUnicode::new([ClassUnicodeRange::new('\n', '\n')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(Class::Bytes(class)) => {
            let mut class = class.clone();
            class.difference(&ClassBytes::new([ClassBytesRange::new(b'\n', b'\n')]));
            Hir::class(Class::Bytes(class))
        }
        HirKind::Look(look) => match look {
            Look::Start | Look::StartLF | Look::StartCRLF => Hir::look(Look::StartCRLF),
            Look::End | Look::EndLF | Look::EndCRLF => Hir::look(Look::EndCRLF),
            Look::WordAscii
            | Look::WordAsciiNegate
            | Look::WordStartAscii
            | Look::WordEndAscii
            | Look::WordStartHalfAscii
            | Look::WordEndHalfAscii => Hir::look(*look),
            _ => Hir::empty(),
        },
        HirKind::Repetition(repetition) => {
            Hir::repetition(Repetition { sub: Box::new(within(&repetition.sub)), ..repetition.clone() })
        }
        HirKind::Capture(Capture { sub, .. }) => within(sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(within).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(within).collect()),
    }
}
