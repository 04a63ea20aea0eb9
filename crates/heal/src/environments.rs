use std::collections::BTreeSet;

use memchr::memmem;

/// How much of a line may stand before what names an environment.
const LONGEST: usize = 1024;
/// How many environments of one output are kept.
const MOST: usize = 8;
/// What every name of a Python or of its libraries holds.
const MARK: &[u8] = b"/python";

/// Gathers the environments of Python that output names, as it is read.
///
/// An environment is named by a file of one of its packages (`ENV/lib/python3.12/site-packages/…`), or by its Python
/// where a tool says which it runs on. What is installed for a user alone names none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environments {
    /// The end of what was read, which may be the beginning of a name.
    rest: Vec<u8>,
    found: BTreeSet<String>,
}

impl Environments {
    /// Takes the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let mut rest = std::mem::take(&mut self.rest);
        rest.extend_from_slice(bytes);
        self.look(&rest);
        let keep = rest.len().saturating_sub(LONGEST);
        rest.drain(..keep);
        self.rest = rest;
    }

    /// What was named so far.
    pub(crate) fn found(&self) -> BTreeSet<String> {
        self.found.clone()
    }

    fn look(&mut self, text: &[u8]) {
        for at in memmem::find_iter(text, MARK) {
            let from = at.saturating_sub(LONGEST);
            let before = &text[from..at];
            let start =
                before.iter().rposition(|byte| matches!(byte, b'\n' | b'"' | b'\'' | b' ' | b'(' | b'='));
            let path = &before[start.map_or(0, |start| start + 1)..];
            let is_first =
                start.is_none_or(|start| before[start] == b'\n' || before[..start].ends_with(b" --"));
            let after = &text[at + MARK.len()..];
            if let Some(prefix) = environment(path, after, is_first).filter(|_| self.found.len() < MOST) {
                self.found.insert(prefix);
            }
        }
    }
}

/// The environment that `path/python…` names.
fn environment(path: &[u8], after: &[u8], is_first: bool) -> Option<String> {
    let path = std::str::from_utf8(path).ok().filter(|path| path.starts_with('/'))?;
    let version = after.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let after = &after[version..];
    let library = path.strip_suffix("/lib").or_else(|| path.strip_suffix("/lib64"));
    let prefix = match library {
        Some(prefix) if after.starts_with(b"/site-packages/") => prefix,
        Some(prefix) if after.starts_with(b"/dist-packages/") => {
            prefix.strip_suffix("/local").unwrap_or(prefix)
        }
        Some(_) => return None,
        None => {
            let ends = after.first().is_some_and(|byte| matches!(byte, b'\n' | b'\r' | b':'));
            path.strip_suffix("/bin").filter(|_| is_first && ends)?
        }
    };
    (!prefix.ends_with("/.local")).then(|| prefix.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Environments;

    #[track_caller]
    fn check(output: &str, expected: &[&str]) {
        for size in [1, 7, output.len().max(1)] {
            let mut environments = Environments::default();
            output.as_bytes().chunks(size).for_each(|piece| environments.feed(piece));
            assert_eq!(environments.found().into_iter().collect::<Vec<_>>(), expected, "in pieces of {size}");
        }
    }

    #[test]
    fn files_of_packages_name_it() {
        check(
            "  File \"/x/.venv/lib/python3.11/site-packages/flask/app.py\", line 3, in run\n",
            &["/x/.venv"],
        );
        check("/x/.venv/lib64/python3.11/site-packages/flask/app.py:3: in run\n", &["/x/.venv"]);
        check("/usr/lib/python3/dist-packages/yaml/a.py:1: E\n", &["/usr"]);
        check("/usr/local/lib/python3.11/dist-packages/yaml/a.py:1: E\n", &["/usr"]);
    }

    #[test]
    fn the_standard_library_and_what_a_user_has_name_none() {
        check("  File \"/usr/lib/python3.11/importlib/__init__.py\", line 126, in import_module\n", &[]);
        check("/home/me/.local/lib/python3.11/site-packages/flask/app.py:3: in run\n", &[]);
        check("lib/python3.11/site-packages/flask/app.py:3: in run\n", &[]);
    }

    #[test]
    fn a_tool_says_which_python_it_runs_on() {
        check(
            "platform linux -- Python 3.11.7, pytest-8.4.2 -- /x/venv/bin/python3\nrootdir: /x\n",
            &["/x/venv"],
        );
        check("/x/venv/bin/python3.12: No module named nope\n", &["/x/venv"]);
        check("see /x/venv/bin/python3: there\n", &[]);
    }
}
