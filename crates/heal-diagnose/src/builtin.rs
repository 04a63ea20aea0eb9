use crate::{Extractor, load};

/// The files of extractors that heal comes with, each with its name.
const FILES: [(&str, &str); 11] = [
    ("build.yaml", include_str!("../../../playbooks/extract/build.yaml")),
    ("c.yaml", include_str!("../../../playbooks/extract/c.yaml")),
    ("go.yaml", include_str!("../../../playbooks/extract/go.yaml")),
    ("java.yaml", include_str!("../../../playbooks/extract/java.yaml")),
    ("lint.yaml", include_str!("../../../playbooks/extract/lint.yaml")),
    ("mypy.yaml", include_str!("../../../playbooks/extract/mypy.yaml")),
    ("pytest.yaml", include_str!("../../../playbooks/extract/pytest.yaml")),
    ("python.yaml", include_str!("../../../playbooks/extract/python.yaml")),
    ("rust.yaml", include_str!("../../../playbooks/extract/rust.yaml")),
    ("shell.yaml", include_str!("../../../playbooks/extract/shell.yaml")),
    ("web.yaml", include_str!("../../../playbooks/extract/web.yaml")),
];

/// The extractors that heal comes with.
///
/// # Panics
/// Never: a test loads them all.
#[must_use]
pub fn extractors() -> Vec<Extractor> {
    let file = |(name, text): &(&str, &str)| {
        load(text).unwrap_or_else(|error| unreachable!("playbooks/extract/{name}:{error}"))
    };
    FILES.iter().flat_map(file).collect()
}
