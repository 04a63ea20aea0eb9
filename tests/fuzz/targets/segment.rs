//! Whatever a tool prints, and in whatever pieces it comes, the same diagnostics are read, and nothing panics.
#![no_main]

use std::sync::LazyLock;

use heal_diagnose::{Extractor, Reader, extractors};
use heal_model::Diagnostic;
use libfuzzer_sys::fuzz_target;

static EXTRACTORS: LazyLock<Vec<Extractor>> = LazyLock::new(extractors);

fuzz_target!(|input: (&[u8], usize)| {
    let (output, at) = input;
    let (head, tail) = output.split_at(at.min(output.len()));
    assert_eq!(read(&[output]), read(&[head, tail]));
});

fn read(pieces: &[&[u8]]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut reader = Reader::new(&EXTRACTORS, None);
    for piece in pieces {
        reader.feed(piece, &mut |diagnostic| found.push(diagnostic));
    }
    reader.finish(&mut |diagnostic| found.push(diagnostic));
    found
}
