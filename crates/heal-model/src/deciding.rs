/// Variables that decide what other programs load and run.
const DECIDING: [&str; 6] = ["PATH", "ENV", "BASH_ENV", "IFS", "NODE_OPTIONS", "RUSTC_WRAPPER"];
/// How the names of more such variables start.
const DECIDING_STARTS: [&str; 6] = ["LD_", "DYLD_", "GIT_", "PYTHON", "PERL5", "RUBY"];

/// Whether a variable decides what other programs load and run, so that no step may set it beside its command: there
/// it would work unseen. As a part of the command, `env PYTHONPATH=src python …`, it stands in every preview.
#[must_use]
pub fn decides_what_runs(variable: &str) -> bool {
    DECIDING.contains(&variable) || DECIDING_STARTS.iter().any(|start| variable.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::decides_what_runs;

    #[test]
    fn variables_that_load_code_decide() {
        let names = ["PATH", "LD_PRELOAD", "GIT_DIR", "PYTHONPATH", "RUSTC_WRAPPER", "CI", "MY_PATH", "LANG"];
        assert_eq!(names.map(decides_what_runs), [true, true, true, true, true, false, false, false]);
    }
}
