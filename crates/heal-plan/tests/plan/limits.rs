use heal_model::{Action, MemoryWorld, RelPath};

use crate::odd::Odd;
use crate::support::{check, create, finding, planned, playbook, replace, rule, told};

#[test]
fn no_path_goes_over_a_link() {
    let told = |link, actions: Vec<Action>| {
        let world =
            Odd { now: MemoryWorld::with_files([("dir/a.py", "x\n")]), link: Some(link), ..Odd::default() };
        told(&planned(&playbook(vec![rule("link", actions)]), &[finding("specs/link", &[])], &world))
    };
    let behind = "specs/link: Outside: dir/a.py lies behind dir, which is a symbolic link\n";
    assert_eq!(told("dir", vec![replace("dir/a.py", "x", "y")]), behind);
    assert_eq!(told("dir", vec![replace("**/*.py", "x", "y")]), behind);
    let itself = "specs/link: Outside: new is a symbolic link\n";
    assert_eq!(told("new", vec![create("new", "x")]), itself);
}

#[test]
fn a_fix_has_limits() {
    let creates = (0..65).map(|index| create(&format!("f{index}"), "x")).collect();
    check(
        &playbook(vec![rule("many", creates)]),
        &[],
        &[],
        "specs/many: Limit: the fix changes more than 64 files\n",
    );
    let large = "x".repeat(8 * 1024 * 1024 + 1);
    let edit = playbook(vec![rule("large", vec![replace("a.txt", "x", "y")])]);
    check(&edit, &[], &[("a.txt", &large)], "specs/large: Limit: a.txt is larger than 8 MiB\n");
    let often = "x\n".repeat(10_001);
    let reason = "specs/large: Limit: `x` is found more than 10000 times in one file\n";
    check(&edit, &[], &[("a.txt", &often)], reason);
}

#[test]
fn an_unreadable_file_is_not_an_absent_one() {
    let mut world = MemoryWorld::with_files([("b.py", "x\n")]);
    let path = RelPath::new("a.py").expect("a path");
    world.unreadable.insert(path.clone(), "permission denied".to_owned());
    world.files.insert(path, "".into());
    let told =
        |actions| told(&planned(&playbook(vec![rule("r", actions)]), &[finding("specs/r", &[])], &world));
    let unreadable = "specs/r: Unreadable: can't read a.py: permission denied\n";
    assert_eq!(told(vec![create("a.py", "x")]), unreadable);
    assert_eq!(told(vec![replace("a.py", "x", "y")]), unreadable);
    assert_eq!(
        told(vec![replace("*.py", "x", "y")]),
        "\
diff --git a/b.py b/b.py
--- a/b.py
+++ b/b.py
@@ -1 +1 @@
-x
+y
warning: not searched: a.py (permission denied)
"
    );
}

#[test]
fn what_a_glob_names_and_can_not_be_searched_is_told_of() {
    let world = MemoryWorld {
        files: [
            ("a.txt", b"alpha\n".to_vec()),
            ("b.txt", b"alpha \0".to_vec()),
            ("c.txt", b"\xFF\xFEa\0".to_vec()),
            ("d.txt", vec![b'a'; (8 << 20) + 1]),
            ("e.txt", b"\0".to_vec()),
            ("f.png", b"\0".to_vec()),
        ]
        .map(|(path, content)| (RelPath::new(path).expect("a path"), content.into()))
        .into(),
        ..MemoryWorld::default()
    };
    let check = |glob: &str, expected: &str| {
        let rule = rule("r", vec![replace(glob, "alpha", "beta")]);
        let plan = planned(&playbook(vec![rule]), &[finding("specs/r", &[])], &world);
        assert_eq!(plan.fixes[0].warnings.join("\n"), expected);
    };
    check("*.txt", "not searched: b.txt (not text), c.txt (UTF-16), d.txt (larger than 8 MiB) and 1 more");
    check("*", "not searched: c.txt (UTF-16), d.txt (larger than 8 MiB)");
    let rule = rule("r", vec![replace("*.txt", "beta", "gamma")]);
    let plan = planned(&playbook(vec![rule]), &[finding("specs/r", &[])], &world);
    assert_eq!(
        plan.refusals[0].reason,
        "`beta` is in no file that fits *.txt; \
         not searched: b.txt (not text), c.txt (UTF-16), d.txt (larger than 8 MiB) and 1 more"
    );
}
