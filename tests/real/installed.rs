//! What is missing is installed where the failed command looks for it, and nowhere else. Nothing is asked of a network.

use std::fs;

use super::has;
use super::project::Project;

/// Makes two environments, the second with pip if it is said so, and a package that it finds in a folder.
const PACKAGE: &str = r#"
import pathlib, sys, venv, zipfile

pathlib.Path("wheels").mkdir()
with zipfile.ZipFile("wheels/six-9.9-py3-none-any.whl", "w") as wheel:
    wheel.writestr("six.py", '__version__ = "9.9"\n')
    wheel.writestr("six-9.9.dist-info/METADATA", "Metadata-Version: 2.1\nName: six\nVersion: 9.9\n")
    wheel.writestr("six-9.9.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr("six-9.9.dist-info/RECORD", "six.py,,\n")
for name in ["one", "two"]:
    venv.create(name, with_pip=[name] == sys.argv[1:])
    wheels = pathlib.Path("wheels").absolute()
    pathlib.Path(name, "pip.conf").write_text(f"[global]\nno-index = true\nfind-links = {wheels}\n")
"#;

const APP: (&str, &str) = ("app.py", "import six\n\nassert six.__version__ == '9.9'\n");

fn environments(with_pip: &str) -> Option<Project> {
    if !has("venv", &["python3", "-c", "import ensurepip"]) {
        return None;
    }
    let project = Project::new(&[APP, ("requirements.txt", "pip\n"), ("package.py", PACKAGE)]);
    let (told, exit) = project.shell(&format!("python3 package.py {with_pip}"));
    assert_eq!(exit, 0, "{told}");
    Some(project)
}

fn requirements(project: &Project) -> String {
    fs::read_to_string(project.path("requirements.txt")).expect("it is there")
}

#[test]
fn a_distribution_goes_to_the_environment_of_the_command() {
    let Some(project) = environments("two") else { return };
    let (told, exit) = project.heal(&["run", "--yes", "--unsafe", "--", "two/bin/python", "app.py"], "");
    assert_eq!(exit, 0, "{told}");
    assert!(told.contains("run two/bin/python -m pip install six"), "{told}");
    assert_eq!(requirements(&project), "pip\nsix\n");
    assert_eq!(project.shell("two/bin/python app.py"), (String::new(), 0));
    let (other, exit) = project.shell("one/bin/python -c 'import six'");
    assert_eq!(exit, 1, "{other}");
}

/// Which Python a script starts can't be known: nothing is installed anywhere, and nothing is declared.
#[test]
fn what_may_have_used_any_python_is_left_alone() {
    let Some(project) = environments("") else { return };
    let command = ["run", "--yes", "--unsafe", "--", "sh", "-c", "one/bin/python app.py"];
    let (told, exit) = project.heal(&command, "");
    assert_eq!(exit, 1, "{told}");
    assert!(told.contains("which Python the command used is not known"), "{told}");
    assert_eq!(requirements(&project), "pip\n");
    for python in ["one/bin/python", "two/bin/python"] {
        assert_eq!(project.shell(&format!("{python} -c 'import six' 2>/dev/null")).1, 1);
    }
}

/// The package that the failing file belongs to gets the crate, from its workspace, where its tests alone need it.
#[test]
fn a_crate_goes_to_its_package() {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    let package =
        |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    let workspace = "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"vendor\"]\nresolver = \"2\"\n\n\
                     [workspace.dependencies]\ncents = { path = \"vendor/cents\" }\n";
    let project = Project::new(&[
        ("Cargo.toml", workspace),
        ("vendor/cents/Cargo.toml", &package("cents")),
        ("vendor/cents/src/lib.rs", "pub fn of(euros: u32) -> u32 {\n    euros * 100\n}\n"),
        ("crates/cart/Cargo.toml", &package("cart")),
        ("crates/cart/src/lib.rs", "pub fn total() -> u32 {\n    3\n}\n"),
        (
            "crates/cart/tests/total.rs",
            "#[test]\nfn counts() {\n    assert_eq!(cents::of(cart::total()), 300);\n}\n",
        ),
        ("crates/other/Cargo.toml", &package("other")),
        ("crates/other/src/lib.rs", "\n"),
    ]);
    let mut expected = project.files();
    let (told, exit) =
        project.heal(&["run", "--yes", "--unsafe", "--", "cargo", "test", "--offline", "--quiet"], "");
    assert_eq!(exit, 0, "{told}");
    let manifest = expected.get_mut("crates/cart/Cargo.toml").expect("it is there");
    manifest.push_str("\n[dev-dependencies]\ncents.workspace = true\n");
    assert_eq!(project.files(), expected);
}
