//! Checks the built-in playbooks and packs them, so that starting heal needs neither YAML nor a schema.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a build script reads files and talks to cargo"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use heal_model::{Asset, Origin, Playbook, Rule};
use heal_playbook::{Input, load};

fn main() -> ExitCode {
    match pack() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder whose playbooks count only once a project has set them up.
const FOR_PROJECTS: &str = "resilience";

fn pack() -> Result<(), Box<dyn Error>> {
    // From the folder of the crate, in which cargo runs this; a checkout elsewhere may share what was built of it.
    let folder = Path::new("../../playbooks");
    let playbooks: Result<Vec<Playbook>, _> =
        files(folder)?.iter().map(|path| packed(folder, path)).collect();
    let target = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    fs::write(target.join("builtin.rs"), source(playbooks?)?)?;
    let starts = files(&folder.join(FOR_PROJECTS))?;
    let starts: Result<String, _> = starts.iter().map(|path| start(folder, path)).collect();
    fs::write(
        target.join("starts.rs"),
        format!(
            "static STARTS: &[Start] = &[
{}];
",
            starts?
        ),
    )?;
    Ok(())
}

/// The playbooks of a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    Ok(files)
}

/// A playbook that projects set up: its name, what it is for and its text.
fn start(folder: &Path, path: &Path) -> Result<String, Box<dyn Error>> {
    let playbook = packed(folder, path)?;
    let summary = playbook.summary.ok_or_else(|| format!("{} has no summary", path.display()))?;
    let name = format!("{FOR_PROJECTS}/{}", playbook.name);
    let text = fs::read_to_string(path)?;
    Ok(format!(
        "    Start {{ name: {name:?}, summary: {:?}, text: {text:?} }},
",
        summary.trim()
    ))
}

/// The playbooks without their rules, and the rules one by one, as Rust: what is not needed is not even read.
fn source(playbooks: Vec<Playbook>) -> Result<String, Box<dyn Error>> {
    let (mut shells, mut rules) = (String::new(), String::new());
    for (place, mut playbook) in playbooks.into_iter().enumerate() {
        for rule in std::mem::take(&mut playbook.rules) {
            let gate = heal_match::gate(&rule.trigger).map(|texts| {
                texts.iter().map(|text| format!("b\"{}\", ", text.escape_ascii())).collect::<String>()
            });
            let gate = gate.map_or("None".to_owned(), |texts| format!("Some(&[{texts}])"));
            let id = rule.id.to_string();
            let mut tests = rule.tests;
            // The first that it fits is the example of its explanation.
            tests.retain(|test| test.expect.matches != Some(0) && test.expect.refused.is_none());
            tests.truncate(1);
            let rule = serde_json::to_string(&Rule { tests, ..rule })?;
            rules +=
                &format!("    Packed {{ playbook: {place}, id: {id:?}, rule: {rule:?}, gate: {gate} }},\n");
        }
        shells += &format!("    {:?},\n", serde_json::to_string(&playbook)?);
    }
    Ok(format!("static PLAYBOOKS: &[&str] = &[\n{shells}];\nstatic RULES: &[Packed] = &[\n{rules}];\n"))
}

fn packed(folder: &Path, path: &Path) -> Result<Playbook, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
    let text = fs::read(path)?;
    let assets = |asset: &str| Asset { path: asset.to_owned(), content: None };
    let input = Input { origin: Origin::Builtin(format!("playbooks/{name}")), text: &text, assets: &assets };
    Ok(load(&input)?.playbook)
}
