use heal_model::Diagnostic;

use super::index::Index;
use super::lane::Lane;
use super::runs::Runs;
use crate::LinePlace;

/// The sequences of lines that one stream is woven from: its own, and those that other programs pass on with a mark
/// before each line.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    own: Lane,
    /// By their marks, the latest used last.
    marked: Vec<(String, Lane)>,
}

/// How many are kept apart at once.
const MOST: usize = 16;

impl Lanes {
    /// Takes the next line.
    pub(crate) fn line(
        &mut self,
        index: &Index,
        text: &[u8],
        place: LinePlace,
        out: &mut dyn FnMut(Diagnostic),
    ) {
        let (marks, rest) = index.marks().taken_off(text);
        match marks.is_empty() {
            true => self.own.line(index, text, place, out),
            false => self.lane(index, marks, out).line(index, rest, place, out),
        }
    }

    /// What is known of the stream's runs.
    pub(crate) fn runs(&self) -> &Runs {
        self.own.runs()
    }

    /// The stream's own lane where nothing is open in it.
    pub(crate) fn idle(&mut self) -> Option<&mut Lane> {
        Some(&mut self.own).filter(|lane| lane.is_idle())
    }

    /// Takes the next line of a lane that has a name.
    pub(crate) fn named(
        &mut self,
        index: &Index,
        name: &str,
        text: &[u8],
        place: LinePlace,
        out: &mut dyn FnMut(Diagnostic),
    ) {
        self.lane(index, name.to_owned(), out).line(index, text, place, out);
    }

    /// Tells of what is no text of a lane in its turn: after what began before it.
    pub(crate) fn tell(&mut self, diagnostic: Diagnostic, out: &mut dyn FnMut(Diagnostic)) {
        self.own.add(diagnostic, out);
    }

    /// Ends whatever is open.
    pub(crate) fn finish(&mut self, index: &Index, out: &mut dyn FnMut(Diagnostic)) {
        let mut told: Vec<Diagnostic> = Vec::new();
        let mut keep = |diagnostic| told.push(diagnostic);
        self.marked.iter_mut().for_each(|(_, lane)| lane.finish(index, &mut keep));
        self.own.finish(index, &mut keep);
        told.sort_by_key(|diagnostic| diagnostic.span.start);
        told.into_iter().for_each(out);
    }

    fn lane(&mut self, index: &Index, mark: String, out: &mut dyn FnMut(Diagnostic)) -> &mut Lane {
        let lane = match self.marked.iter().position(|(known, _)| *known == mark) {
            Some(at) => self.marked.remove(at).1,
            None if self.marked.len() == MOST => {
                let (_, mut oldest) = self.marked.remove(0);
                oldest.finish(index, out);
                self.own.beside()
            }
            None => self.own.beside(),
        };
        &mut self.marked.push_mut((mark, lane)).1
    }
}
