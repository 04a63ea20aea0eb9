use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What tools leave behind, and no fix touches.
const LEFT_BEHIND: [&str; 6] =
    ["target", "Cargo.lock", "__pycache__", ".pytest_cache", ".git", "node_modules"];

/// A project in a temporary folder, with a state of its own.
pub(super) struct Project {
    folder: TempDir,
}

impl Project {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let project = Self { folder };
        fs::create_dir(project.path("")).expect("the folder can be made");
        for (path, text) in files {
            let path = project.path(path);
            fs::create_dir_all(path.parent().expect("a file is in a folder"))
                .expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
        project
    }

    pub(super) fn path(&self, inside: &str) -> std::path::PathBuf {
        self.folder.path().join("project").join(inside)
    }

    /// Where heal keeps its state.
    pub(super) fn state(&self) -> std::path::PathBuf {
        self.folder.path().join("state")
    }

    /// Every file of the project and its text, but for what tools leave behind.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        gather(&self.path(""), &self.path(""), &mut files);
        files
    }

    /// What a line prints on both streams, and the code it ends with.
    pub(super) fn shell(&self, line: &str) -> (String, i32) {
        self.run(Command::new("sh").args(["-c", &format!("exec 2>&1\n{line}")]), "")
    }

    /// What heal prints on both streams, and the code it ends with.
    pub(super) fn heal(&self, arguments: &[&str], input: &str) -> (String, i32) {
        let line = format!("exec 2>&1\nexec {} \"$@\"", env!("CARGO_BIN_EXE_heal"));
        self.run(Command::new("sh").args(["-c", &line, "heal"]).args(arguments), input)
    }

    /// What heal prints as JSON.
    pub(super) fn report(&self, arguments: &[&str], input: &str) -> Value {
        let mut heal = Command::new(env!("CARGO_BIN_EXE_heal"));
        let (printed, _) = self.run(heal.args(arguments).args(["--format", "json"]), input);
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{arguments:?}: {error}:\n{printed}"))
    }

    fn run(&self, command: &mut Command, input: &str) -> (String, i32) {
        let mut child = command
            .current_dir(self.path(""))
            .env("XDG_STATE_HOME", self.state())
            .env("XDG_CONFIG_HOME", self.folder.path().join("config"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("FORCE_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command can be started");
        // A command that reads nothing closes its input; that is no fault of it.
        drop(child.stdin.take().expect("it was piped").write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the command ends");
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
    }
}

/// Whether a tool is there; where it must be, its absence is a failure.
#[track_caller]
pub(crate) fn has(tool: &str, probe: &[&str]) -> bool {
    let found = may_have(tool, probe);
    assert!(found || std::env::var_os("HEAL_REQUIRE_TOOLS").is_none(), "no {tool} here");
    found
}

/// Whether a tool is there that nobody has to have.
#[expect(clippy::print_stdout, reason = "a test that was skipped says so")]
pub(super) fn may_have(tool: &str, probe: &[&str]) -> bool {
    let (program, arguments) = probe.split_first().expect("a probe names a program");
    let quiet = || Stdio::null();
    let ended = Command::new(program).args(arguments).stdin(quiet()).stdout(quiet()).stderr(quiet()).status();
    let found = ended.is_ok_and(|status| status.success());
    if !found {
        println!("skipped: no {tool} here");
    }
    found
}

/// The files that a report's plan would change.
pub(super) fn paths(report: &Value) -> Vec<String> {
    let files = report["plan"]["files"].as_array().cloned().unwrap_or_default();
    files.iter().filter_map(|file| file["path"].as_str().map(str::to_owned)).collect()
}

/// The rules that a report's findings are of.
pub(super) fn rules(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    findings.iter().filter_map(|finding| finding["rule"].as_str().map(str::to_owned)).collect()
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if LEFT_BEHIND.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            gather(root, &path, files);
            continue;
        }
        let inside = path.strip_prefix(root).expect("it is inside").display().to_string();
        let bytes = fs::read(&path).expect("the file can be read");
        files.insert(inside, String::from_utf8_lossy(&bytes).into_owned());
    }
}
