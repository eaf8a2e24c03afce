"""Exact places through the whole checker: a mistake put at any character of a value is told there.

The value is written in each style of YAML, with all that folds, escapes and indents its text. Each
of its characters gets the mistake once, every time in a stage of its own, and the file with all
these stages is checked: what is told are exactly the mistakes, from their first character to their
last one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from test_reader_positions import (
    ESCAPES,
    FOLD,
    JOINED,
    Place,
    blocks,
    pieces,
    scalars,
    tree,
)

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.settings import find_settings

HEAD = (
    "w:\n  type: Workflow\n  params: {s: str, n: int}\n  jobs:\n    a:\n      stages:\n"
)
INDENT = 10
BREAK = re.compile("(\r\n|[\r\n\x85\u2028\u2029])")


@dataclass(frozen=True)
class Kind:
    """A key of a stage, and a mistake in its text.

    Attributes:
        around: what the value begins and ends with.
        marker: with the part that is told, `told`.
        stands: whether the marker is in the text what it is meant to be.
    """

    key: str
    code: str
    marker: str
    told: str
    words: tuple[str, ...]
    around: tuple[str, str] = ("a", "b")
    stands: Callable[[str], bool] = lambda text: True


def is_name(text: str) -> bool:
    """Whether the marker is a name of the block, and in no text."""
    try:
        parsed = ast.parse(text)
    except SyntaxError:
        return False
    names = (
        each.id
        for each in ast.walk(parsed)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    )
    return "no_name" in names


KINDS = {
    "value": Kind(
        "echo",
        "WF310",
        "${{ no_name }}",
        "no_name",
        ("a", "é", "😀", "x:y", "a#b", "-"),
    ),
    "template in a template's place": Kind(
        "echo", "WF311", "${{ params.n + params.no_name }}", "no_name", ("a", "😀")
    ),
    "shell": Kind(
        "bash",
        "WF262",
        ";eval ${{ params.s }};",
        "${{ params.s }}",
        ("a", "é", "😀", "-x", "a=b"),
        around=("ls a", "b"),
    ),
    "template in a block": Kind(
        "run",
        "WF310",
        "${{ no_name }}",
        "no_name",
        ("1,", "2,", "31,"),
        ("x = [", "]"),
        stands=lambda text: is_name(text.replace("${{ no_name }}", " no_name ")),
    ),
    "python": Kind(
        "run",
        "WF250",
        "no_name ,",
        "no_name",
        ("1,", "2,", "12,"),
        ("x = [", "]"),
        is_name,
    ),
}


def flow_text(kind: Kind, *atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Deeper than its key where lines are folded."""
    start, end = kind.around
    text = pieces(st.sampled_from(kind.words), st.just(" "), FOLD, *atoms)
    return text.map(
        lambda inner: BREAK.sub(lambda at: at[0] + " " * INDENT, start + inner + end)
    )


def block_text(kind: Kind, indicator: str) -> st.SearchStrategy[str]:
    start, end = kind.around
    words = st.sampled_from([*kind.words, "  ".join(kind.words), f"  {kind.words[0]}"])
    first = st.just(start + kind.words[0])
    block = blocks(indicator, Place("", indent=INDENT), words, first)
    return block if kind.key != "run" else block.map(lambda text: closed(text, end))


def closed(block: str, end: str) -> str:
    """With the end of the text on a line of its own, indented as the first one."""
    lines = [line for line in BREAK.split(block)[2:] if line.strip()]
    if not lines:
        return block
    indent = len(lines[0]) - len(lines[0].lstrip(" "))
    return f"{block}{' ' * indent}{end}\n"


def values(kind: Kind, style: str) -> st.SearchStrategy[str]:
    is_python = kind.key == "run"
    match style:
        case "":
            return flow_text(kind)
        case "'":
            texts = [] if is_python else [st.just("''")] if kind.key == "echo" else []
            return flow_text(kind, *texts).map(lambda text: f"'{text}'")
        case '"':
            escapes = ["\\x20", "\\t", "\\u0020", "\\U00000020", "\\ "]
            if kind.key == "echo":
                escapes += [f"\\{key}" for key in ESCAPES] + ["\\U0001F600", "\\u00e9"]
            return flow_text(kind, st.sampled_from(escapes), JOINED).map(
                lambda text: f'"{text}"'
            )
    return block_text(kind, style)


FORMS = {
    "block": ("        - name: n{0}\n          {1}: ", "\n"),
    "tagged": ("        - name: n{0}\n          {1}: !!str &n{0} ", "\n"),
    "flow": ("        - {{name: n{0}, {1}: ", " , desc: a}}\n"),
    "list in a flow": (
        "        - {{name: n{0}, foreach: [1], stages: [{{name: m, {1}: ",
        "}}]}}\n",
    ),
}


@dataclass(frozen=True)
class Marked:
    """A stage with the mistake; `start` and `end` are those of what is told, in its text."""

    text: str
    start: int
    end: int
    place: int


def marked(kind: Kind, value: str, style: str, form: str) -> Iterator[Marked]:
    before, behind = FORMS[form]
    for place in range(len(value) + 1):
        head = before.format(place, kind.key)
        text = f"{head}{value[:place]}{kind.marker}{value[place:]}{behind.format()}"
        found = [
            each
            for each in scalars(tree(HEAD + text))
            if each.style == style and kind.marker.strip() in each.text
        ]
        if found and kind.stands(found[0].text):
            start = len(head) + place + kind.marker.index(kind.told)
            yield Marked(text, start, start + len(kind.told), place)


def visible(kind: Kind, value: str, style: str, form: str) -> set[int]:
    """Where the characters of the value stand that are no white space."""
    before, behind = FORMS[form]
    head = HEAD + before.format(0, kind.key)
    found = [
        each
        for each in scalars(tree(f"{head}{value}{behind.format()}"))
        if each.style == style and each.span.start == len(head)
    ]
    return {
        offset - len(head)
        for scalar in found
        for character, offset in zip(scalar.text, scalar.offsets, strict=False)
        if character.strip()
    }


def told(folder: Path, text: str) -> list[tuple[str, str, int, int]]:
    path = folder / "conf" / "w.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    diagnostics = Diagnostics()
    check_project(find_settings(path, None, {}), diagnostics)
    return [
        (each.code, each.message, each.span.start, each.span.end)
        for each in diagnostics
        if each.severity == "error"
    ]


@pytest.mark.parametrize("style", ["", "'", '"', "|", ">"])
@pytest.mark.parametrize("kind", list(KINDS))
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_a_mistake_at_every_character(
    kind: str, style: str, tmp_path: Path, data: st.DataObject
) -> None:
    value = data.draw(values(KINDS[kind], style))
    is_flow = style in ("'", '"')
    form = data.draw(st.sampled_from(list(FORMS) if is_flow else ["block", "tagged"]))
    stages = list(marked(KINDS[kind], value, style, form))
    assume(stages)
    if kind in ("value", "shell"):
        places = {each.place for each in stages}
        assert visible(KINDS[kind], value, style, form) <= places
    text, expected = data.draw(st.sampled_from([HEAD, HEAD.replace("\n", "\r\n")])), []
    for stage in stages:
        at = len(text)
        text += stage.text
        expected.append((KINDS[kind].code, at + stage.start, at + stage.end))
    found = told(tmp_path, text)
    assert [(code, start, end) for code, _, start, end in found] == expected, found


# --- the parts of an expression ---

EXPRESSION = (
    *("(", "params.n", "+", "1", ")", "*", "2", "if", "params.n", ">", "3"),
    *("and", "params.s", "==", "params.s", "else", "[", "params.n", ",", "4", "]"),
    *("[", "0", "]"),
)
SPACES = {
    "": [" ", "  ", " \n            ", "\r\n            ", " \t "],
    "'": [" ", "\n            ", " \r\n\n             "],
    '"': [" ", "\\n", "\\x20", "\\t", " \\\n            ", "\n            ", "\\L"],
    "|": [" ", "\n            ", "\n\n            ", "\n               "],
    ">": [" ", "\r\n            ", "\n\n            ", "\n              "],
}
FRAMES = {
    "": ("", "\n"),
    "'": ("'", "'\n"),
    '"': ('"', '"\n'),
    "|": ("|2-\n            ", "\n"),
    ">": (">+\n            ", "\n"),
}
WRONG = {"name": ("no_name", "WF310"), "part": ("params.no_name", "WF311")}


def broken(style: str, spaces: list[str], wrong: str) -> Iterator[tuple[str, int, int]]:
    """The stage with each operand of the expression in turn replaced, and what is told of it."""
    name, _ = WRONG[wrong]
    before, behind = FRAMES[style]
    for index, token in enumerate(EXPRESSION):
        if not token[0].isalnum() or token in ("if", "and", "else"):
            continue
        text = f"        - name: n{index}\n          echo: {before}of ${{{{"
        parts = [name if at == index else each for at, each in enumerate(EXPRESSION)]
        start = 0
        for at, part in enumerate(parts):
            text += spaces[at]
            start = len(text) if at == index else start
            text += part
        end = start + len(name)
        yield f"{text} }} }} é".replace("} }", "}}") + behind, end - len("no_name"), end


@pytest.mark.parametrize("style", list(FRAMES))
@pytest.mark.parametrize("wrong", list(WRONG))
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_each_operand_of_an_expression(
    wrong: str, style: str, tmp_path: Path, data: st.DataObject
) -> None:
    size = len(EXPRESSION)
    spaces = data.draw(
        st.lists(st.sampled_from(SPACES[style]), min_size=size, max_size=size)
    )
    text, expected = HEAD, []
    for stage, start, end in broken(style, spaces, wrong):
        expected.append((WRONG[wrong][1], len(text) + start, len(text) + end))
        text += stage
    found = told(tmp_path, text)
    assert [(code, start, end) for code, _, start, end in found] == expected, found
