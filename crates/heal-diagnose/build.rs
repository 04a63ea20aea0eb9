//! Packs the extractors that heal comes with as JSON, which a start reads in a tenth of the time that YAML takes.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a build script reads files and talks to cargo"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    match pack() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes a list of all files, in the order of their names.
fn pack() -> Result<(), Box<dyn Error>> {
    // From the folder of the crate, in which cargo runs this; a checkout elsewhere may share what was built of it.
    let folder = Path::new("../../playbooks/extract");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let files: Result<Vec<serde_json::Value>, Box<dyn Error>> = paths.iter().map(|path| file(path)).collect();
    let target = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    fs::write(target.join("extractors.json"), serde_json::to_string(&files?)?)?;
    Ok(())
}

fn file(path: &Path) -> Result<serde_json::Value, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read_to_string(path)?;
    serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}
