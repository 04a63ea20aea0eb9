use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Where a program is found: its absolute path.
///
/// A bare name is looked for in `PATH`, of which relative and empty entries are passed over: they would mean
/// whatever folder heal happens to be in. A name with a slash is a path from `folder`.
pub(crate) fn find(name: &str, folder: &Path) -> Option<PathBuf> {
    if name.is_empty() || name.contains('\0') {
        return None;
    }
    if name.contains('/') {
        return Some(folder.join(name)).filter(|path| is_program(path));
    }
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|path| is_program(path))
}

/// How much of a script is read for its first lines.
const HEAD: u64 = 4096;

/// The program that the first line of a script names.
///
/// `#!/usr/bin/env NAME` names what is found in `PATH`. An installer writes `#!/bin/sh` where the path of its Python is
/// too long for the system or holds a space, and has the second line start that.
pub(crate) fn interpreter(script: &Path) -> Option<String> {
    let mut head = Vec::new();
    File::open(script).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    let text = String::from_utf8_lossy(&head);
    let mut lines = text.lines();
    let mut words = lines.next()?.strip_prefix("#!")?.split_whitespace();
    let program = words.next()?;
    match program.rsplit('/').next()? {
        "env" => {
            let name = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
            find(name, Path::new("/"))?.to_str().map(str::to_owned)
        }
        "sh" => {
            let quoted = lines.next()?.strip_prefix("'''exec' ")?;
            let path = quoted.strip_prefix('"').and_then(|rest| rest.split('"').next());
            path.or_else(|| quoted.split_whitespace().next()).map(str::to_owned)
        }
        _ => Some(program.to_owned()),
    }
}

/// Whether a name with a slash names something that is there, program or not.
pub(crate) fn is_there(name: &str, folder: &Path) -> bool {
    name.contains('/') && folder.join(name).exists()
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::interpreter;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let script = folder.path().join("script");
        fs::write(&script, text).expect("a file can be written");
        assert_eq!(interpreter(&script).as_deref(), expected);
    }

    #[test]
    fn the_first_line_of_a_script_names_it() {
        check("#!/x/venv/bin/python3\nimport sys\n", Some("/x/venv/bin/python3"));
        check("#! /usr/bin/python3 -I\n", Some("/usr/bin/python3"));
        check("#!/bin/sh\n'''exec' \"/a b/bin/python\" \"$0\" \"$@\"\n' '''\n", Some("/a b/bin/python"));
        check("#!/bin/sh\n'''exec' /ab/bin/python \"$0\" \"$@\"\n' '''\n", Some("/ab/bin/python"));
        check("#!/bin/sh\nexec make\n", None);
        check("\u{7f}ELF", None);
        check("", None);
        let shell = super::find("bash", "/".as_ref()).expect("there is a shell");
        check("#!/usr/bin/env -S A=1 bash\n", shell.to_str());
    }
}
