"""`read`: YAML 1.1 as the interpreter reads it, mistakes in the tree, and limits."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone

import pytest
from reader_texts import said

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode, plain_value
from wfcompile.reader import read
from wfcompile.source import SourceFile


def tree(text: str) -> Node | None:
    """Of a text without mistakes."""
    diagnostics = Diagnostics()
    node = read(SourceFile("conf/x.yml", text), diagnostics)
    assert said(diagnostics) == ""
    return node


def value(text: str) -> object:
    node = tree(text)
    assert node is not None
    return plain_value(node)


def mistakes(text: str) -> tuple[object, str]:
    """The plain value of what is left, and the diagnostics."""
    diagnostics = Diagnostics()
    node = read(SourceFile("conf/x.yml", text), diagnostics)
    return None if node is None else plain_value(node), said(diagnostics)


# --- values ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        *((text, text) for text in ("tRUE", "yes", "Yes", "no", "NO", "on", "ON")),
        *((text, text) for text in ("off", "y", "n", "Y", "N")),
        ("'true'", "true"),
        ('"null"', "null"),
        *((text, None) for text in ("~", "null", "Null", "NULL")),
        ("nULL", "nULL"),
        ("0x1F", 31),
        ("-0x1f", -31),
        ("0b101", 5),
        ("017", 15),
        ("0o17", "0o17"),
        ("08", "08"),
        ("1_000", 1000),
        ("+12", 12),
        ("-0", 0),
        ("190:20:30", 685230),
        ("13:15", 795),
        ("03:15", "03:15"),
        ("1:60", "1:60"),
        ("1.5", 1.5),
        ("1_0.5", 10.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        ("1.0e3", "1.0e3"),
        ("1:30.5", 90.5),
        ("-.inf", -math.inf),
        ("2024-01-31", date(2024, 1, 31)),
        ("2024-1-31", "2024-1-31"),
        ("20240131", 20240131),
        ("2024-01-31T10:20:30", datetime(2024, 1, 31, 10, 20, 30)),
        ("2024-01-31 10:20:30.25", datetime(2024, 1, 31, 10, 20, 30, 250000)),
        ("2024-1-31 1:20:30Z", datetime(2024, 1, 31, 1, 20, 30, tzinfo=timezone.utc)),
        (
            "2024-01-31t10:20:30 -2:30",
            datetime(2024, 1, 31, 10, 20, 30)
            .replace(tzinfo=timezone(-timedelta(hours=2, minutes=30))),
        ),
        ("2024-01-31T10:20", "2024-01-31T10:20"),
        ("=", "="),
        ("<<", "<<"),
        ("'017'", "017"),
        ("!!str 017", "017"),
        ("!!int '0x10'", 16),
        ("!!float 3", 3.0),
        ("!!bool true", True),
        ("!!null ''", None),
        ("!!timestamp 2024-01-31", date(2024, 1, 31)),
        ("!<tag:yaml.org,2002:int> 7", 7),
        ("|-\n  017", "017"),
    ],
)  # fmt: skip
def test_a_scalar_is_what_yaml_1_1_says(text: str, expected: object) -> None:
    found = value(f"- {text}\n")
    assert found == [expected]
    assert isinstance(found, list) and type(found[0]) is type(expected)


def test_not_a_number_is_a_float() -> None:
    found = value("- .nan\n")
    assert isinstance(found, list) and math.isnan(found[0])


def test_a_scalar_keeps_what_was_written() -> None:
    node = tree("k: 0x1F\n")
    assert isinstance(node, MappingNode)
    scalar = node.get("k")
    assert isinstance(scalar, Scalar)
    assert (scalar.value, scalar.text, scalar.style, list(scalar.offsets)) == (
        31,
        "0x1F",
        "",
        [3, 4, 5, 6, 7],
    )


def test_keys_have_values_too() -> None:
    assert value("on: 1\n2: 2\n2024-01-01: 3\n'2': 4\n~: 5\n") == {
        "on": 1,
        2: 2,
        date(2024, 1, 1): 3,
        "2": 4,
        None: 5,
    }


@pytest.mark.parametrize(
    "text", ["", "\n", "# only this\n", "---\n", "--- # x\n", "\ufeff"]
)
def test_an_empty_file_is_no_mistake_and_has_no_tree(text: str) -> None:
    assert tree(text) is None


@pytest.mark.parametrize("text", ["~\n", "null", "''"])
def test_a_written_null_is_a_tree(text: str) -> None:
    assert isinstance(tree(text), Scalar)


def test_the_start_and_end_of_the_only_document_may_be_marked() -> None:
    assert value("%YAML 1.1\n--- # x\na: 1\n...\n") == {"a": 1}


def test_all_kinds_of_collections() -> None:
    assert value(
        "a: [1, [2], {b: 3}, c: 4, d]\n"
        "e:\n"
        "- f\n"
        "- - g\n"
        "  -\n"
        "- h: i\n"
        "  j:\n"
        "? k\n"
        ": l\n"
    ) == {
        "a": [1, [2], {"b": 3}, {"c": 4}, "d"],
        "e": ["f", ["g", None], {"h": "i", "j": None}],
        "k": "l",
    }


# --- anchors and merges ---


def test_an_alias_is_the_node_of_its_anchor() -> None:
    node = tree("a: &x [1]\nb: *x\nc: &y k\n*y : d\n")
    assert isinstance(node, MappingNode)
    assert node.get("a") is node.get("b")
    assert plain_value(node) == {"a": [1], "b": [1], "c": "k", "k": "d"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{<<: *a, z: 3, x: 9}", {"x": 9, "y": 2, "z": 3}),
        ("{z: 3, x: 9, <<: *a}", {"x": 9, "y": 2, "z": 3}),
        ("{<<: [*a, *b], w: 0}", {"x": 1, "y": 2, "z": 4, "w": 0}),
        ("{<<: [*b, *a], w: 0}", {"y": 3, "z": 4, "x": 1, "w": 0}),
        ("{<<: *c, x: 3}", {"x": 3, "y": 2, "c": 5}),
        ("{<<: {x: 1}, y: 2}", {"x": 1, "y": 2}),
        ("{<<: [], y: 2}", {"y": 2}),
    ],
)
def test_a_merge_has_values_and_an_order(text: str, expected: dict[str, int]) -> None:
    anchors = "- &a {x: 1, y: 2}\n- &b {y: 3, z: 4}\n- &c {<<: *a, c: 5}\n"
    found = value(f"{anchors}- {text}\n")
    assert isinstance(found, list)
    assert list(found[-1].items()) == list(expected.items())


def test_merged_entries_are_marked_and_own_keys_win() -> None:
    node = tree("base: &a {x: 1, y: 2}\nown: {<<: *a, z: 3, x: 9}\n")
    assert isinstance(node, MappingNode)
    own = node.get("own")
    assert isinstance(own, MappingNode)
    assert [
        (entry.key.text, plain_value(entry.value), entry.merged, entry.key.span.line)
        for entry in own
    ] == [("x", 9, False, 2), ("y", 2, True, 1), ("z", 3, False, 2)]


def test_a_merge_sign_in_quotes_is_a_key() -> None:
    assert value("a: {'<<': {b: 1}}\n") == {"a": {"<<": {"b": 1}}}


# --- mistakes ---


@pytest.mark.parametrize(
    ("text", "left", "expected"),
    [
        (
            "a: 1\nb:\n  c: 2\n  'c': 3\n",
            {"a": 1, "b": {"c": 2}},
            '4:3-6 WF013 key "c" is written twice in one mapping\n'
            "  note 3:3-4: the first one is here\n"
            "  help: rename or remove one of them\n",
        ),
        (
            "{a: 1, b: 2, a: 3, b: 4}\n",
            {"a": 1, "b": 2},
            '1:14-15 WF013 key "a" is written twice in one mapping\n'
            "  note 1:2-3: the first one is here\n"
            "  help: rename or remove one of them\n"
            '1:20-21 WF013 key "b" is written twice in one mapping\n'
            "  note 1:8-9: the first one is here\n"
            "  help: rename or remove one of them\n",
        ),
        (
            "a: &a {b: 1}\nc:\n  <<: *a\n  <<: {d: 2}\n",
            {"a": {"b": 1}, "c": {"b": 1}},
            '4:3-5 WF013 key "<<" is written twice in one mapping\n'
            "  note 3:3-5: the first one is here\n"
            "  help: rename or remove one of them\n",
        ),
        (
            "a: 1\n? [b]\n: 2\n",
            {"a": 1},
            "2:3-6 WF014 a list stands where a key is expected\n"
            "  help: write the key as text\n",
        ),
        (
            "a: {{ params.x }}\nb: 1\n",
            {"a": {}, "b": 1},
            '1:4-18 WF014 "{{" begins a mapping in a mapping, and no template\n'
            "  help: write ${{ params.x }} if it is a template, else put it in quotes\n",
        ),
        (
            "a: *base\nb: &bases 1\nc: *base\n",
            None,
            '1:4-9 WF015 no anchor above is called "base"\n'
            '  help: put it in quotes if it is text: "*base"\n'
            '3:4-9 WF015 no anchor above is called "base"\n'
            '  help: did you mean "bases"?\n',
        ),
        (
            "a: &x\n  - 1\n  - b: *x\n",
            None,
            '3:8-10 WF016 "*x" stands inside the value that it repeats\n'
            "  note 1:4-6: the value begins here\n"
            "  help: write out the part that is meant\n",
        ),
        (
            "a: &x {<<: *x}\n",
            None,
            '1:12-14 WF016 "*x" stands inside the value that it repeats\n'
            "  note 1:4-6: the value begins here\n"
            "  help: write out the part that is meant\n",
        ),
        (
            "a: &x 1\nb: &x 2\nc: *x\n",
            {"a": 1, "b": 2, "c": 2},
            '2:4-6 WF017 anchor "x" is written twice in one file\n'
            "  note 1:4-6: the first one is here\n"
            "  help: rename one of them\n",
        ),
        (
            "a: !env HOME\nb: &x !!binary aGk=\nc: !!set {d}\ne: !!map [f]\n",
            {"a": "HOME", "b": "aGk=", "c": {"d": None}, "e": ["f"]},
            '1:4-8 WF018 tag "!env" is not known here\n'
            '  help: remove it, or put the text in quotes if "!" belongs to it\n'
            '2:7-15 WF018 tag "!!binary" is not known here\n'
            "  help: remove it, or write !!str or !!int or !!float or !!bool or !!null "
            "or !!timestamp\n"
            '3:4-9 WF018 tag "!!set" is not known here\n'
            "  help: remove it, or write !!map\n"
            '4:4-9 WF018 tag "!!map" is not known here\n'
            "  help: remove it, or write !!seq\n",
        ),
        (
            "a: &a 1\nb: {<<: *a, c: 2}\nd: {<<: [{e: 1}, [f]]}\n",
            {"a": 1, "b": {"c": 2}, "d": {"e": 1}},
            '2:5-7 WF019 "<<" takes a mapping or a list of mappings, and this is neither\n'
            "  note 1:7-8: this would be merged\n"
            "  help: give it the alias of a mapping\n"
            '3:5-7 WF019 "<<" takes a mapping or a list of mappings, and this is neither\n'
            "  note 3:18-21: this would be merged\n"
            "  help: give it the alias of a mapping\n",
        ),
        (
            "a: 2024-02-30\nb: 0x_\nc: !!int x\nd: !!bool maybe\ne: !!timestamp x\n",
            {"a": "2024-02-30", "b": "0x_", "c": "x", "d": "maybe", "e": "x"},
            '1:4-14 WF020 "2024-02-30" is no date\n'
            "  help: put it in quotes if it is text\n"
            '2:4-7 WF020 "0x_" is no int\n'
            "  help: put it in quotes if it is text\n"
            '3:10-11 WF020 "x" is no int\n'
            "  help: remove the tag, or put the tag and the text in quotes\n"
            '4:11-16 WF020 "maybe" is no bool\n'
            "  help: remove the tag, or put the tag and the text in quotes\n"
            '5:16-17 WF020 "x" is no date\n'
            "  help: remove the tag, or put the tag and the text in quotes\n",
        ),
        (
            "a: 1\n---\na: 2\n",
            {"a": 1},
            "2:1-4 WF012 a second document begins here, and a file holds one\n"
            "  help: remove the line, or move what follows to a file of its own\n",
        ),
        (
            "a: 1\n--- # nothing\n",
            {"a": 1},
            "2:1-4 WF012 a second document begins here, and a file holds one\n"
            "  help: remove the line, or move what follows to a file of its own\n",
        ),
        (
            'a: "x\ty"\nb: \x07\n',
            None,
            "2:4-5 WF003 the character U+0007 may not stand in YAML\n"
            "  help: remove it, or write \\x07 in double quotes\n",
        ),
        (
            "\ufeffa: 😀\n\nb: \uffff\n",
            None,
            "3:4-5 WF003 the character U+FFFF may not stand in YAML\n"
            "  help: remove it, or write \\uFFFF in double quotes\n",
        ),
    ],
)
def test_a_mistake_is_told_and_the_rest_is_read(
    text: str, left: object, expected: str
) -> None:
    assert mistakes(text) == (left, expected)


# --- limits ---


@pytest.mark.parametrize("text", ["[" * 101 + "]" * 101, "- " * 101 + "x"])
def test_too_deep_nesting_is_told(text: str) -> None:
    left, found = mistakes(text)
    column = 101 if text[1] == "[" else 201
    assert (left, found) == (
        None,
        f"1:{column}-{column + 1} WF021 values are nested more than 100 deep here\n"
        "  help: nest them less deep\n",
    )


def test_nesting_up_to_the_limit_is_read() -> None:
    node = tree("[" * 100 + "]" * 100)
    depth = 0
    while isinstance(node, SequenceNode):
        node, depth = (node.items[0] if node.items else None), depth + 1
    assert depth == 100


def test_aliases_can_nest_too_deep() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{at}: &a{at} [*a{at - 1}]" for at in range(1, 150)]
    assert mistakes("\n".join(lines)) == (
        None,
        "100:12-13 WF021 values are nested more than 100 deep here\n"
        "  help: nest them less deep\n",
    )


def test_aliases_can_repeat_too_much() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for at in range(1, 10):
        many = ", ".join([f"*a{at - 1}"] * 9)
        lines.append(f"a{at}: &a{at} [{many}]")
    assert mistakes("\n".join(lines)) == (
        None,
        "6:10-13 WF022 aliases up to here repeat more than 100000 values\n"
        "  help: repeat less, or write out what is needed\n",
    )


def test_many_aliases_of_a_small_value_are_read() -> None:
    text = "a: &a {x: 1, y: 2}\nb:\n" + "- {<<: *a, z: 3}\n" * 5000
    found = value(text)
    assert isinstance(found, dict)
    assert found["b"] == [{"x": 1, "y": 2, "z": 3}] * 5000
