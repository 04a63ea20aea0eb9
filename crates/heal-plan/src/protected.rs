use heal_model::RelPath;

/// What a rule may do to a path by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Anything.
    Open,
    /// Code that tools run unasked, or that says what they may do: a person is asked.
    Guarded,
    /// git's own: nothing.
    Closed,
}

const GUARDED_FOLDERS: [&str; 7] =
    [".github/workflows", ".vscode", ".claude", ".cursor", ".husky", ".heal", ".circleci"];
const GUARDED_FILES: [&str; 22] = [
    ".gitlab-ci.yml",
    ".mcp.json",
    ".envrc",
    "mise.toml",
    ".mise.toml",
    "build.rs",
    "package.json",
    "conftest.py",
    "jenkinsfile",
    "makefile",
    "justfile",
    ".pre-commit-config.yaml",
    ".gitattributes",
    ".gitmodules",
    ".bashrc",
    ".bash_profile",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".npmrc",
    "sitecustomize.py",
    ".cargo/config.toml",
];

/// Judges a path by its name, as the most lenient file system would read it: letters in either case, ignorable
/// characters left out, `git~1` for `.git`, streams and trailing dots dropped.
pub(crate) fn standing(path: &RelPath) -> Standing {
    let parts: Vec<String> = path.as_str().split('/').map(folded).collect();
    if parts.iter().any(|part| part == ".git" || part == "git~1") {
        return Standing::Closed;
    }
    let path = format!("/{}", parts.join("/"));
    let in_folder = GUARDED_FOLDERS.iter().any(|folder| path.contains(&format!("/{folder}/")));
    let is_file = GUARDED_FILES.iter().any(|file| path.ends_with(&format!("/{file}")));
    if in_folder || is_file { Standing::Guarded } else { Standing::Open }
}

fn folded(part: &str) -> String {
    let named = part.split(':').next().unwrap_or(part);
    let visible = named.chars().filter(|character| !is_ignorable(*character));
    let lower: String = visible.flat_map(char::to_lowercase).collect();
    lower.trim_end_matches(['.', ' ']).to_owned()
}

/// Characters that HFS+ leaves out when it compares names.
fn is_ignorable(character: char) -> bool {
    matches!(character, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{200b}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use heal_model::RelPath;

    use super::{Standing, standing};

    #[track_caller]
    fn check(path: &str, expected: Standing) {
        assert_eq!(standing(&RelPath::new(path).expect("a path")), expected, "{path}");
    }

    #[test]
    fn names_that_file_systems_take_for_git() {
        for path in [
            ".git/config",
            "sub/.git/hooks/pre-commit",
            ".GIT/config",
            "git~1/x",
            ".g\u{200c}it/x",
            ".git./x",
            ".git::$INDEX_ALLOCATION/x",
        ] {
            check(path, Standing::Closed);
        }
    }

    #[test]
    fn names_that_run_or_allow() {
        for path in
            [".github/workflows/ci.yml", "a/conftest.py", "Makefile", ".cargo/config.toml", "x/.envrc"]
        {
            check(path, Standing::Guarded);
        }
        for path in ["app.py", ".gitignore", "github/workflows/x", "config.toml", "my-package.json", "git/x"]
        {
            check(path, Standing::Open);
        }
    }
}
