use heal_model::{RelPath, Used, World};

/// Why nothing is done where `{{python}}` is not known.
pub(crate) const UNKNOWN: &str = "which Python the command used is not known; say it with \
     --command, as in --command '.venv/bin/python -m pytest', or activate its environment and use `heal run`";

/// Words that may stand before the program of a command.
const BEFORE: [&str; 6] = ["command", "env", "exec", "nice", "nohup", "time"];

/// Programs in Python that start others in an environment of their own choice.
const RUNNERS: [&str; 14] = [
    "conda",
    "hatch",
    "mamba",
    "micromamba",
    "nox",
    "pdm",
    "pipenv",
    "pipx",
    "pixi",
    "poetry",
    "pre-commit",
    "rye",
    "tox",
    "uv",
];

/// Where projects keep an environment.
const PROJECT: [&str; 3] = [".venv", "venv", "env"];

/// The Python that a command used, as it can be called from the project's root; none where that is not sure.
///
/// The command itself says it: by a path to a Python, by its name, or by the first line of a script. Otherwise one of
/// the environments that are known here counts, if the output names it: nothing is run for being named in output
/// alone. Where not even the command is known, the environment that is active does.
pub(crate) fn python(used: &Used, world: &dyn World) -> Option<String> {
    let said = used.command.as_deref().and_then(|command| of_command(command, world));
    said.or_else(|| {
        let mut named = used.environments.iter();
        match (named.next(), named.next()) {
            (Some(named), None) => {
                known(world).into_iter().find(|(prefix, _)| prefix == named).map(|(_, python)| python)
            }
            (None, None) if used.command.is_none() => active(world).map(|(_, python)| python),
            _ => None,
        }
    })
}

fn of_command(command: &str, world: &dyn World) -> Option<String> {
    let is_before = |word: &&str| BEFORE.contains(word) || is_assignment(word);
    let program = command.split_whitespace().find(|word| !is_before(word))?;
    let name = program.rsplit('/').next()?;
    if is_python(name) {
        let is_found = !program.contains('/') || program.starts_with('/') || world.program(program).is_some();
        return is_found.then(|| program.to_owned());
    }
    let script = world.program(program).filter(|_| !RUNNERS.contains(&name))?;
    let interpreter = world.interpreter(&script)?;
    is_python(interpreter.rsplit('/').next()?).then_some(interpreter)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    })
}

fn is_python(name: &str) -> bool {
    let version = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"));
    version.is_some_and(|version| version.chars().all(|digit| digit.is_ascii_digit() || digit == '.'))
}

/// The environments that are known without any output: each with its Python.
fn known(world: &dyn World) -> Vec<(String, String)> {
    let mut known: Vec<(String, String)> = active(world).into_iter().collect();
    known.extend(PROJECT.iter().filter_map(|folder| of_project(folder, world)));
    known.extend(["python3", "python"].iter().filter_map(|name| {
        let path = world.program(name)?;
        let (prefix, _) = path.rsplit_once("/bin/")?;
        Some((prefix.to_owned(), (*name).to_owned()))
    }));
    known
}

fn active(world: &dyn World) -> Option<(String, String)> {
    let prefix = world.env("VIRTUAL_ENV").filter(|prefix| prefix.starts_with('/'))?;
    let prefix = prefix.trim_end_matches('/').to_owned();
    let python = format!("{prefix}/bin/python");
    world.program(&python).map(|_| (prefix, python))
}

fn of_project(folder: &str, world: &dyn World) -> Option<(String, String)> {
    let marker = RelPath::new(&format!("{folder}/pyvenv.cfg")).expect("a plain path");
    let is_environment = world.stat(&marker).is_ok_and(|stat| stat.is_some_and(|stat| stat.is_file()));
    let python = format!("{folder}/bin/python");
    let path = world.program(&python).filter(|_| is_environment)?;
    Some((path.strip_suffix("/bin/python")?.to_owned(), python))
}

#[cfg(test)]
mod tests {
    use heal_model::{MemoryWorld, RelPath, Used};

    fn world() -> MemoryWorld {
        let mut world = MemoryWorld::default();
        let program = |(name, path): (&str, &str)| (name.to_owned(), path.to_owned());
        world.programs = [
            ("python3", "/usr/bin/python3"),
            ("pytest", "/home/me/.local/bin/pytest"),
            ("poetry", "/usr/bin/poetry"),
            ("make", "/usr/bin/make"),
            ("/venvs/shop/bin/python", "/venvs/shop/bin/python"),
            (".venv/bin/python", "/project/.venv/bin/python"),
        ]
        .map(program)
        .into();
        world.interpreters = [
            ("/home/me/.local/bin/pytest", "/usr/bin/python3.11"),
            ("/usr/bin/poetry", "/opt/poetry/bin/python"),
        ]
        .map(program)
        .into();
        world.files.insert(RelPath::new(".venv/pyvenv.cfg").expect("a path"), "home = /usr/bin\n".into());
        world
    }

    #[track_caller]
    fn check(command: Option<&str>, named: &[&str], active: Option<&str>, expected: Option<&str>) {
        let environments = named.iter().map(|&prefix| prefix.to_owned()).collect();
        let used = Used { command: command.map(str::to_owned), environments };
        let mut world = world();
        world.env.extend(active.map(|prefix| ("VIRTUAL_ENV".to_owned(), prefix.to_owned())));
        assert_eq!(super::python(&used, &world).as_deref(), expected);
    }

    #[test]
    fn the_command_says_it() {
        check(Some("/opt/py/bin/python3.12 app.py"), &[], None, Some("/opt/py/bin/python3.12"));
        check(Some("LANG=C env time python3 -m pytest"), &[], None, Some("python3"));
        check(Some(".venv/bin/python app.py"), &[], None, Some(".venv/bin/python"));
        check(Some("../other/bin/python app.py"), &[], None, None);
        check(Some("pytest -q"), &[], Some("/venvs/shop"), Some("/usr/bin/python3.11"));
    }

    #[test]
    fn a_command_that_does_not_say_it_needs_its_output() {
        for command in ["make test", "poetry run pytest", "pythonic", "bash run.sh"] {
            check(Some(command), &[], Some("/venvs/shop"), None);
            check(Some(command), &["/venvs/shop"], Some("/venvs/shop"), Some("/venvs/shop/bin/python"));
        }
        check(Some("make test"), &["/project/.venv"], None, Some(".venv/bin/python"));
        check(Some("make test"), &["/usr"], None, Some("python3"));
    }

    #[test]
    fn output_names_what_is_known_and_nothing_else() {
        check(None, &["/tmp/evil"], Some("/venvs/shop"), None);
        check(None, &["/usr", "/venvs/shop"], Some("/venvs/shop"), None);
        check(None, &["/project/.venv"], Some("/venvs/shop"), Some(".venv/bin/python"));
    }

    #[test]
    fn what_is_active_counts_where_nothing_is_said() {
        check(None, &[], Some("/venvs/shop/"), Some("/venvs/shop/bin/python"));
        check(None, &[], Some("/venvs/gone"), None);
        check(None, &[], None, None);
    }
}
