use crate::Extractor;
use crate::extractor::{Hint, unpack};

/// The files of extractors that heal comes with, as the build packed them.
const PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/extractors.json"));

/// What a test found out about the patterns that lines are recognised by, in order: finding it out takes ten times as
/// long as all the rest of making a reader.
const HINTS: &str = include_str!("hints.json");

/// The extractors that heal comes with.
///
/// # Panics
/// Never: a test loads them all.
#[must_use]
pub fn extractors() -> Vec<Extractor> {
    let all: Vec<Extractor> = bare();
    let hints: Vec<Vec<Hint>> = serde_json::from_str(HINTS).expect("a test reads the hints");
    let keys = all.iter().flat_map(|extractor| extractor.0.keys());
    keys.zip(hints).for_each(|(key, hints)| key.give(hints));
    all
}

fn bare() -> Vec<Extractor> {
    unpack(PACKED).expect("a test loads every file")
}

#[cfg(test)]
mod tests {
    use super::{HINTS, bare};
    use crate::load;

    /// The files, each with its name.
    const FILES: [(&str, &str); 12] = [
        ("build.yaml", include_str!("../../../playbooks/extract/build.yaml")),
        ("c.yaml", include_str!("../../../playbooks/extract/c.yaml")),
        ("go.yaml", include_str!("../../../playbooks/extract/go.yaml")),
        ("java.yaml", include_str!("../../../playbooks/extract/java.yaml")),
        ("lint.yaml", include_str!("../../../playbooks/extract/lint.yaml")),
        ("mypy.yaml", include_str!("../../../playbooks/extract/mypy.yaml")),
        ("passed-on.yaml", include_str!("../../../playbooks/extract/passed-on.yaml")),
        ("pytest.yaml", include_str!("../../../playbooks/extract/pytest.yaml")),
        ("python.yaml", include_str!("../../../playbooks/extract/python.yaml")),
        ("rust.yaml", include_str!("../../../playbooks/extract/rust.yaml")),
        ("shell.yaml", include_str!("../../../playbooks/extract/shell.yaml")),
        ("web.yaml", include_str!("../../../playbooks/extract/web.yaml")),
    ];

    #[test]
    fn every_file_is_right() {
        let mut names = Vec::new();
        for (file, text) in FILES {
            let all = load(text).unwrap_or_else(|error| panic!("playbooks/extract/{file}:{error}"));
            names.extend(all.iter().map(|extractor| extractor.name().to_owned()));
        }
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), names.len(), "two extractors have one name");
        let packed: Vec<String> = bare().iter().map(|extractor| extractor.name().to_owned()).collect();
        assert_eq!(packed, names, "every file is packed, in this order");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test writes its expectations when it is asked to")]
    fn the_hints_are_current() {
        let all = bare();
        let lines: Vec<String> = all
            .iter()
            .flat_map(|extractor| extractor.0.keys())
            .map(|key| serde_json::to_string(key.hints()).unwrap())
            .collect();
        let found = format!("[\n{}\n]\n", lines.join(",\n"));
        if std::env::var_os("HEAL_UPDATE").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/hints.json"), &found).unwrap();
        } else {
            assert_eq!(HINTS, found, "HEAL_UPDATE=1 writes src/hints.json anew");
        }
    }
}
