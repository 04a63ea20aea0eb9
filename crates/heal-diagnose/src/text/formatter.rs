/// Whose diff it is by the names in its header, and the file it is about; nobody's where it sets two files side by side.
pub(super) fn formatter(old: &str, new: &str) -> (Option<&'static str>, String) {
    let ((old, old_stamp), (new, new_stamp)) = (named(old), named(new));
    let named_so = |tool: &'static str, file: &str| (Some(tool), file.replace('\\', "/"));
    let pair = |before: &str, after: &str| {
        let file = new.strip_prefix(after)?;
        (old.strip_prefix(before)? == file).then_some(file)
    };
    if old.strip_suffix(".orig") == Some(new) {
        return named_so(if new.ends_with(".go") { "gofmt" } else { "diff" }, new);
    }
    if let Some(file) = pair("old/", "new/") {
        let is_terraform = [".tf", ".tfvars", ".tftest.hcl"].iter().any(|end| file.ends_with(end));
        return named_so(if is_terraform { "terraform" } else { "diff" }, file);
    }
    if let Some(file) = pair("original/", "fixed/") {
        return named_so("autopep8", file);
    }
    if let Some(file) = new.strip_suffix(":after").filter(|file| old.strip_suffix(":before") == Some(*file)) {
        return named_so("isort", file);
    }
    let file = match pair("a/", "b/") {
        Some(file) => file,
        None if old == new => new,
        None => return (None, new.replace('\\', "/")),
    };
    let is_python = [".py", ".pyi", ".ipynb"].iter().any(|end| file.ends_with(end));
    let tool = match (old_stamp, new_stamp) {
        ("(original)", "(reformatted)") => "yapf",
        ("", "") if is_python && old == new => "ruff",
        (_, stamp) if is_python && (stamp.ends_with("+00:00") || stamp.ends_with(" UTC")) => "black",
        _ => "diff",
    };
    named_so(tool, file)
}

/// A name, and what follows it after a tab.
fn named(header: &str) -> (&str, &str) {
    let (name, stamp) = header.split_once('\t').unwrap_or((header, ""));
    (name.trim_end(), stamp.trim())
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let (tool, file) = super::formatter(old, new);
        assert_eq!(format!("{} {file}", tool.unwrap_or("nobody")), expected);
    }

    #[test]
    fn names_tell_whose_it_is() {
        check("a.go.orig", "a.go", "gofmt a.go");
        check("a.sh.orig", "a.sh", "diff a.sh");
        check("old/main.tf", "new/main.tf", "terraform main.tf");
        check("original/a.py", "fixed/a.py", "autopep8 a.py");
        check("/p/a.py:before\t2026-01-01", "/p/a.py:after\t2026-01-01", "isort /p/a.py");
        check("a.py\t(original)", "a.py\t(reformatted)", "yapf a.py");
        check("a.py", "a.py", "ruff a.py");
        check("a.py\t2026-11-21 10:11:00.622581+00:00", "a.py\t2026-11-21 10:11:01.6+00:00", "black a.py");
        check("a/x.css", "b/x.css", "diff x.css");
        check("x.txt\t2026-11-21 10:11:00.6 +0000", "y.txt\t2026-11-21 10:11:00.7 +0000", "nobody y.txt");
        check("/dev/null", "b/x.css", "nobody b/x.css");
    }
}
