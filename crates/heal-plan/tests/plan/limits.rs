use std::collections::BTreeMap;

use heal_model::{
    Action, Bytes, Earlier, EntryKind, Machine, MemoryWorld, Probe, Probed, Process, RelPath, Scope, Stat,
    Time, Unreadable, World,
};

use crate::support::{check, create, finding, planned, playbook, replace, rule, told};

/// A world in memory in which some paths are symbolic links.
struct Linked(MemoryWorld, &'static str);

impl World for Linked {
    fn stat(&self, path: &RelPath) -> Result<Option<Stat>, Unreadable> {
        if path.as_str() == self.1 {
            return Ok(Some(Stat { kind: EntryKind::Link, len: 0, modified: Time(0), executable: false }));
        }
        self.0.stat(path)
    }
    fn read(&self, path: &RelPath) -> Result<Option<Bytes>, Unreadable> {
        self.0.read(path)
    }
    fn files(&self, under: Option<&RelPath>, scope: Scope) -> Result<Vec<RelPath>, Unreadable> {
        self.0.files(under, scope)
    }
    fn localize(&self, absolute: &str) -> Option<RelPath> {
        self.0.localize(absolute)
    }
    fn env(&self, name: &str) -> Option<String> {
        self.0.env(name)
    }
    fn now(&self) -> Time {
        self.0.now()
    }
    fn processes(&self) -> BTreeMap<u32, Process> {
        self.0.processes()
    }
    fn listeners(&self, port: u16) -> Vec<u32> {
        self.0.listeners(port)
    }
    fn machine(&self) -> Machine {
        self.0.machine()
    }
    fn process(&self, pid: u32) -> Option<Process> {
        self.0.process(pid)
    }
    fn program(&self, name: &str) -> Option<String> {
        self.0.program(name)
    }
    fn probe(&self, probe: &Probe) -> Result<Probed, Unreadable> {
        self.0.probe(probe)
    }
    fn earlier(&self, path: &RelPath) -> Vec<Earlier> {
        self.0.earlier(path)
    }
    fn committed(&self, path: &RelPath, revision: &str) -> Result<Option<Bytes>, Unreadable> {
        self.0.committed(path, revision)
    }
}

#[test]
fn no_path_goes_over_a_link() {
    let told = |link, actions: Vec<Action>| {
        let world = Linked(MemoryWorld::with_files([("dir/a.py", "x\n")]), link);
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
}
