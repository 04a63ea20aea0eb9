use crate::support::{check, create, playbook, replace, rule, run};

#[test]
fn a_command_ends_the_plan_where_steps_follow() {
    let rule = rule(
        "module-missing",
        vec![
            create("new.txt", "{{module}}\n"),
            run(&["pip", "install", "{{module}}"]),
            replace("a.py", "x", "y"),
        ],
    );
    check(
        &playbook(vec![rule]),
        &[("module", "yaml")],
        &[("a.py", "x\n")],
        "\
diff --git a/new.txt b/new.txt
new file mode 100644
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+yaml
run pip install yaml (then 1 more)
",
    );
}
