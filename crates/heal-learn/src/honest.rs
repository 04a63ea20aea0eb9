use crate::tree::words;

/// What a person writes to make a check say nothing.
const SILENCERS: [&str; 24] = [
    "noqa",
    "nolint",
    "nosec",
    "nosonar",
    "type: ignore",
    "pyright: ignore",
    "pragma: no cover",
    "pylint: disable",
    "eslint-disable",
    "ts-ignore",
    "ts-expect-error",
    "rubocop:disable",
    "shellcheck disable",
    "phpstan-ignore",
    "suppresswarnings",
    "allow(",
    "expect(",
    "#[ignore",
    "mark.skip",
    "mark.xfail",
    "unittest.skip",
    ".skip(",
    "|| true",
    "--no-verify",
];

/// Files that no lesson may touch, or folders, where they end in `/`.
const KEPT: [&str; 16] = [
    ".git/",
    ".github/",
    ".heal/",
    ".circleci/",
    ".gitlab-ci.yml",
    "azure-pipelines.yml",
    "Jenkinsfile",
    "Cargo.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "Gemfile.lock",
    "go.sum",
    ".env",
];

/// What is wrong with an edit that ends a complaint and not its cause; `None` where nothing is.
pub(crate) fn dishonest(path: &str, old: &str, new: &str) -> Option<String> {
    if let Some(kept) = KEPT.iter().find(|kept| is_kept(path, kept)) {
        return Some(format!("it changes {kept}"));
    }
    let count = |text: &str, part: &str| text.to_lowercase().matches(part).count();
    if let Some(silencer) = SILENCERS.iter().find(|silencer| count(new, silencer) > count(old, silencer)) {
        return Some(format!("the edit silences a check: it adds `{silencer}`"));
    }
    let assertions = |text: &str| words(text).filter(|word| word.to_lowercase().contains("assert")).count();
    (assertions(new) < assertions(old))
        .then(|| "the edit silences a check: it takes out an assertion".to_owned())
}

fn is_kept(path: &str, kept: &str) -> bool {
    if kept.ends_with('/') {
        return path.starts_with(kept) || path.contains(&format!("/{kept}"));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    name == kept || kept == ".env" && name.starts_with(".env.")
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(path: &str, old: &str, new: &str, expected: Option<&str>) {
        assert_eq!(super::dishonest(path, old, new).as_deref(), expected);
    }

    #[test]
    fn edits_that_silence() {
        check("a.py", "import os", "import os  # noqa", Some("the edit silences a check: it adds `noqa`"));
        check("a.py", "x = 1  # noqa", "y = 1  # noqa", None);
        check(
            "a.rs",
            "fn a() {}",
            "#[allow(dead_code)]\nfn a() {}",
            Some("the edit silences a check: it adds `allow(`"),
        );
        check("a.py", "assert x\nf()", "f()", Some("the edit silences a check: it takes out an assertion"));
        check("a.rs", "assert!(a == b)", "assert_eq!(a, b)", None);
        check("sub/Cargo.lock", "1", "2", Some("it changes Cargo.lock"));
        check(".github/workflows/ci.yml", "a", "b", Some("it changes .github/"));
        check(".env.local", "a", "b", Some("it changes .env"));
    }
}
