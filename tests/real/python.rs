use super::project::has;
use super::{Case, Consent, check};

const CONFIGURATION: &str = "[pytest]\npythonpath = .\n";

fn has_pytest() -> bool {
    has("pytest", &["pytest", "--version"])
}

#[test]
fn pytest_moved_symbol() {
    if !has_pytest() {
        return;
    }
    check(&Case {
        command: "pytest",
        files: &[
            ("pytest.ini", CONFIGURATION),
            ("core/__init__.py", ""),
            ("core/autonomy.py", "DEFAULT_LEVEL = 1\n"),
            ("core/autonomy_matrix.py", "class AutonomyLevel:\n    LOW = 1\n"),
            (
                "app.py",
                "from core.autonomy import DEFAULT_LEVEL, AutonomyLevel\n\n\n\
                 def start():\n    return AutonomyLevel.LOW == DEFAULT_LEVEL\n",
            ),
            ("tests/test_app.py", "from app import start\n\n\ndef test_start():\n    assert start()\n"),
        ],
        consent: Consent::Safe,
        mended: &[(
            "app.py",
            "from core.autonomy import DEFAULT_LEVEL\nfrom core.autonomy_matrix import AutonomyLevel\n\n\n\
             def start():\n    return AutonomyLevel.LOW == DEFAULT_LEVEL\n",
        )],
    });
}

/// Rules fire on what failing tests printed, also where that comes as a report.
#[test]
fn pytest_moved_symbol_in_junit_xml() {
    if !has_pytest() {
        return;
    }
    check(&Case {
        command: "pytest -q --junitxml=.pytest_cache/report.xml >.pytest_cache.log; code=$?; rm .pytest_cache.log; \
                  cat .pytest_cache/report.xml; exit $code",
        files: &[
            ("pytest.ini", CONFIGURATION),
            ("shop/__init__.py", ""),
            ("shop/prices.py", ""),
            ("shop/net.py", "def total():\n    return 1\n"),
            (
                "test_shop.py",
                "from shop.prices import total\n\n\ndef test_total():\n    assert total() == 1\n",
            ),
        ],
        consent: Consent::Safe,
        mended: &[(
            "test_shop.py",
            "from shop.net import total\n\n\ndef test_total():\n    assert total() == 1\n",
        )],
    });
}

/// Two files define the name, so which one is meant is for a person to say.
#[test]
fn pytest_moved_symbol_with_two_homes() {
    if !has_pytest() {
        return;
    }
    check(&Case {
        command: "pytest",
        files: &[
            ("pytest.ini", CONFIGURATION),
            ("shop/__init__.py", ""),
            ("shop/prices.py", ""),
            ("shop/net.py", "def total():\n    return 1\n"),
            ("shop/gross.py", "def total():\n    return 2\n"),
            (
                "test_shop.py",
                "from shop.prices import total\n\n\ndef test_total():\n    assert total() == 1\n",
            ),
        ],
        consent: Consent::Unsafe,
        mended: &[],
    });
}

const MARKED: &str = "import pytest\n\n\n@pytest.mark.slow\ndef test_pay():\n    assert True\n";

#[test]
fn pytest_unknown_marker() {
    if !has_pytest() {
        return;
    }
    check(&Case {
        command: "pytest",
        files: &[
            (
                "pyproject.toml",
                "[tool.pytest.ini_options]\n# Marks are written down.\naddopts = \"--strict-markers\"\n",
            ),
            ("test_pay.py", MARKED),
        ],
        consent: Consent::Unsafe,
        mended: &[(
            "pyproject.toml",
            "[tool.pytest.ini_options]\n# Marks are written down.\naddopts = \"--strict-markers\"\n\
             markers = [\"slow: slow tests\"]\n",
        )],
    });
}

/// Registering a mark could hide a slip of the keyboard, so `--yes` alone leaves it.
#[test]
fn pytest_unknown_marker_is_not_safe() {
    if !has_pytest() {
        return;
    }
    check(&Case {
        command: "pytest",
        files: &[("pytest.ini", "[pytest]\naddopts = --strict-markers\n"), ("test_pay.py", MARKED)],
        consent: Consent::Safe,
        mended: &[],
    });
}

#[test]
fn pytest_failed_assertion_is_nobodys_to_mend() {
    if !has_pytest() {
        return;
    }
    check(&Case {
        command: "pytest",
        files: &[("test_sum.py", "def test_sum():\n    assert sum([1, 2]) == 4\n")],
        consent: Consent::Unsafe,
        mended: &[],
    });
}

#[test]
fn python_name_needs_import() {
    if !has("python3", &["python3", "--version"]) {
        return;
    }
    check(&Case {
        command: "python3 app.py",
        files: &[("app.py", "import sys\n\nprint(json.dumps(sys.argv[1:]))\n")],
        consent: Consent::Safe,
        mended: &[("app.py", "import json\nimport sys\n\nprint(json.dumps(sys.argv[1:]))\n")],
    });
}

/// What is mended leads to the next fault: what was meant to go is gone, so the fix stays.
#[test]
fn python_second_fault() {
    if !has("python3", &["python3", "--version"]) {
        return;
    }
    let files = [("app.py", "import sys\n\nprint(json.dumps(sys.argv))\nprint(undefined)\n")];
    let project = super::Project::new(&files);
    let (output, _) = project.shell("python3 app.py");
    let (printed, exit) = project.heal(&["match", "--fix", "--yes", "--command", "python3 app.py"], &output);
    let mended = "import json\nimport sys\n\nprint(json.dumps(sys.argv))\nprint(undefined)\n";
    assert_eq!((exit, project.files()["app.py"].as_str()), (1, mended), "{printed}");
}

/// A program that fails, and how its one file reads when heal has mended it; `None` where it may not.
#[track_caller]
fn runs(consent: Consent, before: &str, after: Option<&str>) {
    if !has("python3", &["python3", "--version"]) {
        return;
    }
    let mended = after.map(|text| [("app.py", text)]);
    check(&Case {
        command: "python3 app.py",
        files: &[("app.py", before)],
        consent,
        mended: mended.as_ref().map_or(&[], |mended| mended.as_slice()),
    });
}

#[test]
fn moved_to_collections_abc() {
    runs(
        Consent::Safe,
        "from collections import OrderedDict, Mapping\n\nprint(isinstance(OrderedDict(), Mapping))\n",
        Some(
            "from collections import OrderedDict\nfrom collections.abc import Mapping\n\n\
             print(isinstance(OrderedDict(), Mapping))\n",
        ),
    );
}

#[test]
fn missing_colon() {
    let before = "def price()\n    return 1\n\n\nprint(price())\n";
    runs(Consent::Safe, before, None);
    runs(Consent::Unsafe, before, Some("def price():\n    return 1\n\n\nprint(price())\n"));
}

#[test]
fn print_statement() {
    runs(Consent::Unsafe, "print 'price', 1\n", Some("print('price', 1)\n"));
}

#[test]
fn mutable_default_of_a_dataclass() {
    let class = "from dataclasses import dataclass, field\n\n\n@dataclass\nclass Cart:\n";
    runs(
        Consent::Unsafe,
        &format!("{class}    items: list = []\n"),
        Some(&format!("{class}    items: list = field(default_factory=list)\n")),
    );
}

#[test]
fn setting_with_an_example_beside_it() {
    if !has("python3", &["python3", "--version"]) {
        return;
    }
    check(&Case {
        command: "python3 app.py",
        files: &[("app.py", "print(open('.env').read())\n"), (".env.example", "PRICE=1\n")],
        consent: Consent::Unsafe,
        mended: &[(".env", "PRICE=1\n")],
    });
}

/// What was None, unpacked wrongly or imported in a ring is for a person to say.
#[test]
fn values_are_a_persons() {
    runs(Consent::Unsafe, "price = None\nprice.total\n", None);
    runs(Consent::Unsafe, "a, b = [1, 2, 3]\n", None);
    runs(Consent::Unsafe, "print('1' + 1)\n", None);
}

/// Names of Python 2 and of long ago, where the new one is known.
#[test]
fn old_names() {
    runs(
        Consent::Safe,
        "prices = {'a': 1}\nfor name, price in prices.iteritems():\n    print(name, price)\n",
        Some("prices = {'a': 1}\nfor name, price in prices.items():\n    print(name, price)\n"),
    );
    runs(
        Consent::Safe,
        "import threading\n\nprint(threading.current_thread().isAlive())\n",
        Some("import threading\n\nprint(threading.current_thread().is_alive())\n"),
    );
    runs(
        Consent::Safe,
        "import datetime\n\nprint(datetime.now().year)\n",
        Some("import datetime\n\nprint(datetime.datetime.now().year)\n"),
    );
}

/// What Python itself suggests is a guess: only with `--unsafe`.
#[test]
fn misspelt_names() {
    let before = "prices = {'a': 1}\n\n\ndef total():\n    return sum(price.values())\n\n\nprint(total())\n";
    runs(Consent::Safe, before, None);
    runs(Consent::Unsafe, before, Some(&before.replace("price.v", "prices.v")));
    let before = "import math\n\nprint(math.sqrtt(4))\n";
    runs(Consent::Safe, before, None);
    runs(Consent::Unsafe, before, Some(&before.replace("sqrtt", "sqrt")));
}

#[test]
fn assignment_for_a_comparison() {
    let before = "price = 1\nif price = 1:\n    print('one')\n";
    runs(Consent::Unsafe, before, Some(&before.replace("if price =", "if price ==")));
}

#[test]
fn method_without_self() {
    let before = "class Cart:\n    def total():\n        return 1\n\n\nprint(Cart().total())\n";
    runs(Consent::Safe, before, None);
    runs(Consent::Unsafe, before, Some(&before.replace("total():", "total(self):")));
}

/// A whole program, fault after fault, mended as `heal run` meets them; the file beside it is left alone.
#[test]
fn one_fault_after_another() {
    if !has("python3", &["python3", "--version"]) {
        return;
    }
    let beside = ("old.py", "import ConfigParser\nprint json\n");
    // Nothing is printed before a fault: the two streams of a command may come one amid the other.
    let before = "from collections import Mapping\n\nassert isinstance({}, Mapping)\n\
                  json.dumps({})\nfor name in {'a': 1}.iterkeys():\n    print(name)\n";
    let after = "import json\nfrom collections.abc import Mapping\n\nassert isinstance({}, Mapping)\n\
                 json.dumps({})\nfor name in {'a': 1}.keys():\n    print(name)\n";
    let project = super::Project::new(&[("app.py", before), beside]);
    let (told, exit) = project.heal(&["run", "--yes", "--", "python3", "app.py"], "");
    assert_eq!(exit, 0, "{told}");
    assert_eq!((project.files()["app.py"].as_str(), project.files()["old.py"].as_str()), (after, beside.1));
}

/// The tests are in a folder of their own, and the package that they import lies beside it.
#[test]
fn pytest_root_not_on_path() {
    if !has_pytest() {
        return;
    }
    let files = [
        ("shop/__init__.py", ""),
        ("shop/cart.py", "def total():\n    return 3\n"),
        (
            "tests/test_cart.py",
            "from shop.cart import total\n\n\ndef test_total():\n    assert total() == 3\n",
        ),
    ];
    check(&Case {
        command: "pytest",
        files: &files,
        consent: Consent::Unsafe,
        mended: &[("pytest.ini", "[pytest]\npythonpath = .\n")],
    });
    let mut configured = files.to_vec();
    configured.push(("setup.cfg", "[tool:pytest]\naddopts = -q\n"));
    check(&Case {
        command: "pytest",
        files: &configured,
        consent: Consent::Unsafe,
        mended: &[("setup.cfg", "[tool:pytest]\npythonpath = .\naddopts = -q\n")],
    });
}
