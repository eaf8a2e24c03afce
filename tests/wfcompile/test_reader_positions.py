"""Exact places: in every scalar style a marker put at any character is found at that character."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import MappingNode, Node, Scalar, SequenceNode
from wfcompile.reader import read
from wfcompile.source import SourceFile

MARKER = "◆"
BREAKS = "\r\n\x85\u2028\u2029"


def tree(text: str) -> Node | None:
    """None when the text has a mistake."""
    diagnostics = Diagnostics()
    node = read(SourceFile("conf/x.yml", text), diagnostics)
    return None if len(diagnostics) else node


def scalars(node: Node | None) -> list[Scalar]:
    match node:
        case None:
            return []
        case Scalar():
            return [node]
        case SequenceNode():
            return [each for item in node.items for each in scalars(item)]
        case MappingNode():
            return [
                each
                for entry in node
                for side in (entry.key, entry.value)
                for each in scalars(side)
            ]


def only(text: str) -> Scalar:
    """The last scalar of a text without mistakes."""
    return scalars(tree(text))[-1]


def decoded(source: str, offset: int, style: str) -> str:
    """What the source character at an offset stands for, worked out apart from the reader."""
    if style == '"' and source[offset] == "\\":
        escape = re.compile(r"\\(x..|u.{4}|U.{8}|.)").match(source, offset)
        assert escape is not None
        if escape[1][0] in "xuU" and len(escape[1]) > 1:
            return chr(int(escape[1][1:], 16))
        return ESCAPES[escape[1]]
    return source[offset]


ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def check_characters(source: str, scalar: Scalar) -> None:
    offsets = list(scalar.offsets)
    assert len(offsets) == len(scalar.text) + 1
    assert all(left < right for left, right in zip(offsets, offsets[1:], strict=False))
    for character, offset in zip(scalar.text, offsets, strict=False):
        found = decoded(source, offset, scalar.style)
        if found != character:
            # a break becomes a plain newline, or a space where lines are folded
            assert found in BREAKS and character in "\n ", (source, offset)


def check_markers(source: str, style: str) -> set[int]:
    """Puts the marker before each character in turn; the places where it came into a text."""
    seen = set()
    for place in range(len(source) + 1):
        text = source[:place] + MARKER + source[place:]
        for scalar in scalars(tree(text)):
            if MARKER in scalar.text and scalar.style == style:
                at = scalar.text.index(MARKER)
                assert scalar.offsets[at] == place, text
                span = scalar.span_of(at, at + 1)
                assert (span.start, span.end) == (place, place + 1)
                seen.add(place)
    return seen


# --- sources ---


@dataclass(frozen=True)
class Place:
    """Where a value can stand: what is before and behind it, and its parent's indentation."""

    before: str
    behind: str = ""
    indent: int = 0


BLOCK_PLACES = [
    Place("--- ", indent=-1),
    Place("k: "),
    Place("k: ", "other: 1\n"),
    Place("k: &anchor ", "# comment\nother: *anchor\n"),
    Place("- "),
    Place("- - ", indent=2),
    Place("a:\n  - b: !!str ", "    c: 1\n", indent=4),
    Place("😀:\n   é: ", "# comment\n\n", indent=3),
]
FLOW_PLACES = [
    *(Place(each.before, f"\n{each.behind}", each.indent) for each in BLOCK_PLACES),
    Place("[a, ", " , b]\n"),
    Place("k: {a: ", "}\n"),
    Place("k: [&x ", ", *x]\n"),
    Place("k: !!str &x # why\n      ", "\n"),
    Place("k:\n      ", "  # comment\n"),
]
MARK = st.sampled_from(["", "", "\ufeff"])
BREAK = st.sampled_from(["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
USUAL_BREAK = st.sampled_from(["\n", "\n", "\n", "\r\n"])
INDENTED = st.sampled_from(["      ", "        ", "      \t"])
EMPTY_LINE = st.sampled_from(["", " ", "   ", " \t"])


@st.composite
def folds(draw: st.DrawFn, any_break: st.SearchStrategy[str]) -> str:
    """A line end inside a value, with empty lines, and the next line's indentation."""
    ends = draw(st.lists(any_break, min_size=1, max_size=3))
    blank = draw(st.sampled_from(["", " ", " \t "]))
    lines = "".join(end + draw(EMPTY_LINE) for end in ends[:-1])
    return blank + lines + ends[-1] + draw(INDENTED)


def pieces(*atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*atoms), max_size=9).map("".join)


WORD = st.sampled_from(["a", "bc", "é", "😀", "x:y", "a#b", "${{ p }}", "\ufeff", "-"])
SPACE = st.sampled_from([" ", "  ", "\t", " \t"])
FOLD = folds(st.one_of(USUAL_BREAK, BREAK))
ESCAPE = st.one_of(
    st.sampled_from([f"\\{key}" for key in ESCAPES]),
    st.sampled_from(["\\x41", "\\xe9", "\\u25a0", "\\U0001F600", "\\u2028"]),
)
JOINED = folds(USUAL_BREAK).map(lambda fold: "\\" + fold.lstrip(" \t"))

PLAIN = pieces(WORD, WORD, SPACE, FOLD).map(lambda text: f"a{text}b")
SINGLE = pieces(
    WORD, SPACE, FOLD, st.sampled_from(["''", '"', "\\", "\\n", ": ", " #"])
)
DOUBLE = pieces(WORD, SPACE, FOLD, ESCAPE, ESCAPE, JOINED, st.sampled_from(["'", ": "]))


CONTENT = st.sampled_from(
    [
        "a",
        "b c",
        "é 😀",
        "# no comment",
        "- x",
        "a\tb",
        "x:",
        "  y",
        "\tz",
        "  ",
        "w ",
    ]
)
FIRST = st.sampled_from(["a", "é b", "😀", "# no comment"])


@st.composite
def blocks(
    draw: st.DrawFn,
    indicator: str,
    place: Place,
    content: st.SearchStrategy[str] = CONTENT,
    first_content: st.SearchStrategy[str] = FIRST,
) -> str:
    """A block scalar with its header, in all indentation and chomping indicators."""
    own = draw(st.integers(1, 4))
    digit = draw(st.sampled_from(["", str(own)]))
    header = draw(st.permutations([digit, draw(st.sampled_from(["", "+", "-"]))]))
    end = draw(st.one_of(USUAL_BREAK, USUAL_BREAK, BREAK))
    # counted from the parent, at the top of a document from column 1
    indent = " " * (max(place.indent, 0) + own)
    lines = draw(st.lists(st.one_of(content, content, st.just("")), max_size=7))
    if not digit:
        # the first line with content sets the indentation
        first = next((at for at, line in enumerate(lines) if line), None)
        if first is not None:
            lines[first] = draw(first_content)
    behind = draw(st.sampled_from(["", " ", " # comment"]))
    body = "".join(
        (indent + line if line else draw(st.sampled_from(["", indent, " "]))) + end
        for line in lines
    )
    return indicator + "".join(header) + behind + end + body


@st.composite
def flow_documents(draw: st.DrawFn, value: st.SearchStrategy[str]) -> str:
    place = draw(st.sampled_from(FLOW_PLACES))
    return draw(MARK) + place.before + draw(value) + place.behind


@st.composite
def block_documents(draw: st.DrawFn, indicator: str) -> str:
    place = draw(st.sampled_from(BLOCK_PLACES))
    text = draw(MARK) + place.before + draw(blocks(indicator, place))
    has_more = bool(place.behind) or draw(st.booleans())
    # the last line of a file may have no end
    return text + place.behind if has_more else text.rstrip(BREAKS)


DOCUMENTS = {
    "": flow_documents(PLAIN),
    "'": flow_documents(SINGLE.map(lambda text: f"'{text}'")),
    '"': flow_documents(DOUBLE.map(lambda text: f'"{text}"')),
    "|": block_documents("|"),
    ">": block_documents(">"),
}


@pytest.mark.parametrize("style", list(DOCUMENTS))
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_character_is_found_at_its_place(style: str, data: st.DataObject) -> None:
    source = data.draw(DOCUMENTS[style])
    found = [each for each in scalars(tree(source)) if each.style == style]
    assume(found)
    visible = set()
    for scalar in found:
        check_characters(source, scalar)
        pairs = zip(scalar.text, scalar.offsets, strict=False)
        visible |= {offset for character, offset in pairs if character.strip()}
    assert visible <= check_markers(source, style)


# --- examples ---


def places(text: str) -> list[tuple[str, int]]:
    """The characters of the last scalar with their places, and the place of its end."""
    scalar = only(text)
    return [*zip([*scalar.text, "end"], scalar.offsets, strict=True)]


def test_plain_text_folds_lines() -> None:
    assert places("k: ab \r\n  c\n\n  d\n") == [
        ("a", 3),
        ("b", 4),
        (" ", 6),
        ("c", 10),
        ("\n", 12),
        ("d", 15),
        ("end", 16),
    ]


def test_a_quote_written_twice_is_found_at_the_first() -> None:
    assert places("k: 'it''s'") == [
        ("i", 4),
        ("t", 5),
        ("'", 6),
        ("s", 8),
        ("end", 9),
    ]


def test_escapes_are_found_at_the_backslash() -> None:
    assert places('k: "\\x41\\n\\\n  😀 \\\n\n  b"') == [
        ("A", 4),
        ("\n", 8),
        ("😀", 14),
        (" ", 15),
        ("\n", 18),
        ("b", 21),
        ("end", 22),
    ]


def test_a_literal_block_keeps_its_lines() -> None:
    assert places("k: |2-  # why\n\n    a\n  b\n\n") == [
        ("\n", 14),
        (" ", 17),
        (" ", 18),
        ("a", 19),
        ("\n", 20),
        ("b", 23),
        ("end", 24),
    ]


def test_a_folded_block_joins_lines_that_are_not_indented_more() -> None:
    assert places("k: >+\r\n  a\r\n  b\r\n\r\n   c\r\n\r\n") == [
        ("a", 9),
        (" ", 10),
        ("b", 14),
        ("\n", 15),
        ("\n", 17),
        (" ", 21),
        ("c", 22),
        ("\n", 23),
        ("\n", 25),
        ("end", 27),
    ]


@pytest.mark.parametrize("header", ["|", ">", "|-", ">+", "|2", ">1-"])
def test_a_block_without_lines_ends_behind_its_header(header: str) -> None:
    assert places(f"k: {header} # c\n") == [("end", 3 + len(header) + 4)]


def test_slices_and_negative_indices_count_as_in_a_list() -> None:
    offsets = only("k: |\n  abc\n").offsets
    assert (offsets[1:3], offsets[-1], len(offsets)) == ([8, 9], 11, 5)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (
            "a: {b: 1, c: [x , 'y']} # z\n",
            ["a: {b: 1, c: [x , 'y']}", "{b: 1, c: [x , 'y']}", "[x , 'y']"],
        ),
        (
            "a:\n  - b: 1\n    c:\n  # z\n  - d\n\n",
            [
                "a:\n  - b: 1\n    c:\n  # z\n  - d",
                "- b: 1\n    c:\n  # z\n  - d",
                "b: 1\n    c:",
            ],
        ),
        ("[a: b , c: d]", ["[a: b , c: d]", "a: b", "c: d"]),
        ("a:\n- |\n  x\n\n# z\n", ["a:\n- |\n  x", "- |\n  x"]),
        (
            "a: &x !!map # why\n  b: 1\nc: *x\n",
            ["a: &x !!map # why\n  b: 1\nc: *x", "b: 1", "b: 1"],
        ),
    ],
)
def test_a_collection_ends_where_its_last_part_ends(
    text: str, spans: list[str]
) -> None:
    def collections(node: Node) -> list[str]:
        if isinstance(node, Scalar):
            return []
        own = text[node.span.start : node.span.end]
        children = (
            node.items
            if isinstance(node, SequenceNode)
            else [entry.value for entry in node]
        )
        return [own, *(each for child in children for each in collections(child))]

    node = tree(text)
    assert node is not None
    assert collections(node) == spans


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a: b c # d\n", "b c"),
        ("a: 'b c' # d\n", "'b c'"),
        ("a: |- # d\n  b\n\n", "|- # d\n  b"),
        ("a: &x !!str b # d\n", "b"),
        ("a: !!str &x\n  # d\n  'b'\n", "'b'"),
        ("a:  \n", ""),
        ("a: !!str\n", ""),
    ],
)
def test_a_scalar_is_without_its_anchor_and_tag(text: str, span: str) -> None:
    scalar = only(text)
    assert text[scalar.span.start : scalar.span.end] == span
