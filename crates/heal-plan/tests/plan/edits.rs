
use crate::support::{bound, check, find, playbook, regex, replace, rule};

fn moved_symbol() -> heal_model::Rule {
    let mut rule = rule(
        "moved-symbol",
        vec![replace(
            "**/*.py",
            "from {{module}} import {{symbol}}",
            "from {{home.module}} import {{symbol}}",
        )],
    );
    rule.steps.insert(0, bound("home", find("**/*.py", regex(r"^(?:class|def) {{symbol}}\b"))));
    rule
}

#[test]
fn a_symbol_is_found_where_it_has_moved_to() {
    check(
        &playbook(vec![moved_symbol()]),
        &[("symbol", "AutonomyLevel"), ("module", "core.autonomy")],
        &[
            ("core/autonomy_matrix.py", "class AutonomyLevel:\n    pass\n"),
            ("app.py", "import os\nfrom core.autonomy import AutonomyLevel\n\nx = 1\n"),
        ],
        "\
diff --git a/app.py b/app.py
--- a/app.py
+++ b/app.py
@@ -1,4 +1,4 @@
 import os
-from core.autonomy import AutonomyLevel
+from core.autonomy_matrix import AutonomyLevel
 
 x = 1
",
    );
}
