//! What is no playbook because it is no plain YAML.

use crate::check;

#[test]
fn syntax() {
    check(
        "",
        &["1:1 heal::yaml-syntax ‹› the playbook is empty → start with `heal: 1`, `name: …` and `rules:`"],
    );
    check(
        "# nothing\n",
        &["1:1 heal::yaml-syntax ‹#› the playbook is empty → start with `heal: 1`, `name: …` and `rules:`"],
    );
    check(
        "heal: 1\nname: {{a}}\n",
        &[
            "2:8 heal::yaml-syntax ‹{› a key must be plain text → put quotes around a text that starts with `{{`",
        ],
    );
    check(
        "heal: 1\n? [a]\n: b\n",
        &["2:3 heal::yaml-syntax ‹[› a key must be plain text → write `key: value`"],
    );
    check(
        "just text",
        &[
            "1:1 heal::wrong-type ‹just text› the playbook must be a map, not a text → write a map: `key: value`",
        ],
    );
    check(
        "- heal: 1",
        &[
            "1:1 heal::wrong-type ‹- heal: 1› the playbook must be a map, not a list → write a map: `key: value`",
        ],
    );
}

#[test]
fn quotes_and_brackets() {
    check(
        "heal: 1\nname: a\nsummary: \"abc\nrules: []\n",
        &[
            "3:10 heal::yaml-syntax ‹\"abc› the quote in line 3 is not closed → close it with `\"`; a text of several lines goes below `key: |-`, without quotes",
        ],
    );
    check(
        "heal: 1\nsummary: [\"a\", 'it''s', 'abc]\nrules: []\n",
        &[
            "2:25 heal::yaml-syntax ‹'abc]› the quote in line 2 is not closed → close it with `'`; a text of several lines goes below `key: |-`, without quotes",
        ],
    );
    check(
        "heal: 1\nname: \"abc",
        &[
            "2:7 heal::yaml-syntax ‹\"abc› the quote in line 2 is not closed → close it with `\"`; a text of several lines goes below `key: |-`, without quotes",
        ],
    );
    check(
        "heal: 1\nname: 'a' b\n",
        &[
            "2:11 heal::yaml-syntax ‹b› there is more after the closing quote → write `''` for a quote inside the text",
        ],
    );
    check(
        "heal: 1\nname: \"a\" b\n",
        &[
            "2:11 heal::yaml-syntax ‹b› there is more after the closing quote → write `\\\"` for a quote inside the text",
        ],
    );
    check(
        "heal: 1\nname: \"a \\\\ \\w+\"\n",
        &[
            "2:13 heal::yaml-syntax ‹\\w› `\\w` means nothing in double quotes → write `\\\\w`, or put the text in single quotes, where `\\` is itself",
        ],
    );
    check(
        "heal: 1\nname: [a\n",
        &[
            "2:7 heal::yaml-syntax ‹[› the `[` in line 2 is not closed → close it with `]`, or put quotes around the text",
        ],
    );
    check(
        "heal: 1\nvars: {a: [1, 2}\n",
        &["2:11 heal::yaml-syntax ‹[› `[` is closed by `}` → close it with `]` first"],
    );
    check(
        "heal: 1\nvars: {a: 1}}\n",
        &[
            "2:13 heal::yaml-syntax ‹}› this bracket closes nothing → take it out, or put quotes around the text",
        ],
    );
    check(
        "heal: 1\nvars: {a: 1\nname: x\n",
        &[
            "3:5 heal::yaml-syntax ‹:› the `{` in line 2 goes on without `,` or `}` → close it with `}`, put a comma between its entries, or quotes around a text",
        ],
    );
    check(
        "heal: 1\nvars: {a: 1 b: 2}\n",
        &[
            "2:14 heal::yaml-syntax ‹:› the `{` in line 2 goes on without `,` or `}` → close it with `}`, put a comma between its entries, or quotes around a text",
        ],
    );
}

#[test]
fn colons_and_columns() {
    check(
        "heal: 1\n\tname: a\n",
        &[
            "2:1 heal::yaml-syntax ‹\t› a tab stands where the indentation is → indent with spaces: YAML takes no tabs",
        ],
    );
    check(
        "heal: 1\nrules:\n\t- id: x\n",
        &[
            "3:1 heal::yaml-syntax ‹\t› a tab stands where the indentation is → indent with spaces: YAML takes no tabs",
        ],
    );
    check(
        "heal: 1\nname a\nrules: []\n",
        &["2:1 heal::yaml-syntax ‹name a› this line is no `key: value` → write `name: a`"],
    );
    check(
        "heal: 1\nname:a\nrules: []\n",
        &["2:1 heal::yaml-syntax ‹name:a› this line is no `key: value` → write `name: a`"],
    );
    check(
        "heal: 1\nname: a: b\n",
        &[
            "2:8 heal::yaml-syntax ‹:› this text holds `: `, which starts a value → put quotes around the text",
        ],
    );
    check(
        "heal: 1\n name: a\n",
        &[
            "2:2 heal::yaml-syntax ‹name› this key is indented deeper than the line it belongs to → start it at the column of the keys beside it",
        ],
    );
    check(
        "heal: 1\nrules:\n  - id: x\n   title: b\n",
        &[
            "4:4 heal::yaml-syntax ‹title: b› this line starts at no column that is open → start it below its neighbours: keys below keys, `-` below `-`",
        ],
    );
    check(
        "heal: 1\nrules:\n  - id: x\n  title: b\n",
        &[
            "4:3 heal::yaml-syntax ‹title: b› this line starts at no column that is open → start it below its neighbours: keys below keys, `-` below `-`",
        ],
    );
    check(
        "heal: 1\nname: - a\n",
        &[
            "2:7 heal::yaml-syntax ‹-› a list can't start here → put each `- ` on a line of its own, below the key; or write `[a, b]`",
        ],
    );
    check(
        "heal: 1\nname: |x\n  a\n",
        &[
            "2:7 heal::yaml-syntax ‹|› the text of a block starts on the next line → start it there, indented deeper than its key",
        ],
    );
    check(
        "heal: 1\nname: @a\n",
        &[
            "2:7 heal::yaml-syntax ‹@› a text can't start with `@` → put quotes around a text that starts with this character",
        ],
    );
    check(
        "heal: 1\nname: a\u{1}b\n",
        &["2:8 heal::yaml-syntax ‹\u{1}› a control character, U+0001 → take it out"],
    );
    check(
        "heal: 1\nname: \"a\"#b\n",
        &["2:10 heal::yaml-syntax ‹#› a comment starts without a space → put a space before `#`"],
    );
}

#[test]
fn what_could_grow_or_hide() {
    check(
        "heal: &a 1\nname: *a\n",
        &[
            "1:7 heal::yaml-alias ‹&a› a playbook has no anchors → write the value out at each place where it is used",
            "2:7 heal::yaml-alias ‹*a› a playbook has no aliases → write the value out, or put quotes around a text that starts with `*`",
        ],
    );
    check(
        "heal: 1\nname: *nowhere\n",
        &[
            "2:7 heal::yaml-alias ‹*nowhere› a playbook has no aliases → write the value out, or put quotes around a text that starts with `*`",
        ],
    );
    check(
        "heal: 1\n<<: {name: a}\n",
        &[
            "2:1 heal::yaml-alias ‹<<› a playbook has no merge keys → write the keys out at each place where they are used",
        ],
    );
    check(
        "heal: 1\nname: !!binary a\n",
        &["2:7 heal::yaml-tag ‹!!binary› a playbook has no tags → take the tag out"],
    );
    check(
        "heal: 1\nname: !include a.yaml\nrules: !x []\n",
        &[
            "2:7 heal::yaml-tag ‹!include› a playbook has no tags → take the tag out",
            "3:8 heal::yaml-tag ‹!x› a playbook has no tags → take the tag out",
        ],
    );
    check(
        "heal: 1\nname: a\n---\nheal: 1\n",
        &[
            "3:1 heal::several-documents ‹---› a second document starts → a playbook is one document: put the other into a file of its own",
        ],
    );
}

#[test]
fn twice() {
    check(
        "heal: 1\nname: a\nname: b\n",
        &["3:1 heal::duplicate-key ‹name› `name` is given twice → keep this or the one in line 2"],
    );
    check(
        "heal: 1\nname: a\nvars: {x: 1, y: {z: 1, z: 2}, x: 2}\n",
        &[
            "3:24 heal::duplicate-key ‹z› `z` is given twice → keep this or the one in line 3",
            "3:31 heal::duplicate-key ‹x› `x` is given twice → keep this or the one in line 3",
        ],
    );
}

#[test]
fn too_much() {
    let nested =
        |depth: usize| format!("heal: 1\nname: a\nvars: {{a: {}{}}}", "[".repeat(depth), "]".repeat(depth));
    check(&nested(30), &[]);
    check(
        &nested(100_000),
        &["3:265 heal::limit ‹[› lists and maps nest deeper than 32 → split the playbook, or nest less"],
    );
    check(
        &nested(31),
        &["3:41 heal::limit ‹[› lists and maps nest deeper than 32 → split the playbook, or nest less"],
    );
    check(
        &format!("heal: 1\nname: a\nvars: {{a: [{}]}}", "1,".repeat(19_995)),
        &["3:39994 heal::limit ‹1› the playbook holds more than 20000 values → split it into several files"],
    );
    check(&format!("heal: 1\nname: a\nvars: {{a: [{}]}}", "1,".repeat(19_991)), &[]);
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    check("\u{feff}heal: 1\nname: a\n", &[]);
    check(
        "\u{feff}heal: 1\nnome: a\n",
        &["2:1 heal::unknown-key ‹nome› unknown key `nome` → did you mean `name`?"],
    );
}
