"""Random blocks: what the emitted function gives is what Python binds when it runs them plainly.

The reference is a process of Python that runs the block as a file of its own, with the values
written out in the place of the templates, and tells which names are bound at its end.
"""

from __future__ import annotations

import importlib.util
import json
import re
import symtable
import sys
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import wfruntime as rt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.blocks.projects import block, project, python, workflow

NAMES = st.sampled_from("abcd")
VALUES = {"n": 3, "zero": 0, "s": 'it\'s "é" {x}\\', "items": [1, 2]}
HEAD = """\
params:
  n: int
  zero: int
  s: str
  items: array
"""
HOLES = {f"${{{{ params.{name} }}}}": repr(value) for name, value in VALUES.items()}
SIMPLE = [
    "X = ${{ params.n }}",
    'X = "<${{ params.s }}>"',
    "X = [${{ params.n }}, Y]",
    "X = Y",
    "X: int = ${{ params.n }}",
    "X: int",
    "X += ${{ params.n }}",
    "X, Y = ${{ params.items }}",
    "X, *Y = 1, 2, 3",
    "del X",
    "if (X := ${{ params.zero }}): pass",
    "print(X := 1, end='')",
    "import json",
    "import os.path as X",
    "from math import pi as X, floor",
    "from pathlib import Path as X",
    "X = lambda: ${{ params.n }}",
    "X = {Y: 1 for Y in ${{ params.items }}}",
    "X = [Y := i for i in ${{ params.items }}]",
    "assert ${{ params.n }}",
    "pass",
    "trace = 1",
    "__x__ = 1",
]
LOOPED = ["break", "continue", "if X: break", "if ${{ params.zero }}: continue"]
AROUND = [
    "if ${{ params.n }}:\n BODY",
    "if ${{ params.zero }}:\n BODY\nelse:\n OTHER",
    "if ${{ params.zero }}:\n BODY\nelif ${{ params.n }} > 2:\n OTHER",
    "for X in ${{ params.items }}:\n LOOP",
    "for X in []:\n LOOP\nelse:\n OTHER",
    "for X, Y in [(1, 2), (3, 4)]:\n LOOP\nelse:\n OTHER",
    "X = 2\nwhile X > 0:\n X -= 1\n BODY\n X = 0",
    "try:\n BODY\nexcept Exception as X:\n OTHER",
    "try:\n BODY\nexcept NameError:\n OTHER\nelse:\n THIRD\nfinally:\n X = 1",
    "try:\n raise KeyError(1)\nexcept KeyError as X:\n BODY",
    "from contextlib import nullcontext\nwith nullcontext(5) as X:\n BODY",
    "from contextlib import suppress\nwith suppress(Exception):\n BODY\n raise ValueError",
    "def X():\n Z = ${{ params.n }}\n BODY",
    "def X(Y=${{ params.n }}):\n return Y\nY = X()",
    "class X:\n BODY",
    "class X:\n y = ${{ params.n }}\nY = X().y",
    "match ${{ params.n }}:\n case 1:\n  BODY\n case X:\n  OTHER",
    "match ${{ params.items }}:\n case [X, Y]:\n  BODY",
    "async def X():\n return ${{ params.n }}\nimport asyncio\nY = asyncio.run(X())",
]


@st.composite
def statements(draw: st.DrawFn, depth: int = 2, *, in_loop: bool = False) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        kinds = SIMPLE + (LOOPED if in_loop else [])
        text = draw(st.sampled_from(kinds + (AROUND if depth else [])))
        parts.append(draw_names(draw, text, depth, in_loop=in_loop))
    return "\n".join(parts)


def draw_names(draw: st.DrawFn, text: str, depth: int, *, in_loop: bool) -> str:
    lines = []
    is_function = text.startswith(("def ", "class "))
    for line in text.split("\n"):
        word = line.strip()
        if word in ("BODY", "OTHER", "THIRD", "LOOP"):
            loops = (in_loop and not is_function) or word == "LOOP"
            inner = draw(statements(depth - 1, in_loop=loops))
            line = indent(inner, line[: -len(word)])
        lines.append(line)
    text = "\n".join(lines)
    for letter in "XYZ":
        name = draw(NAMES)
        text = _named(text, letter, name)
    return text


def _named(text: str, letter: str, name: str) -> str:
    """The name for the letter where it stands alone."""
    return re.sub(rf"\b{letter}\b", name, text)


REFERENCE = """\
import json
import runpy
import sys

path = sys.argv[1]
try:
    # some versions of Python forget to make it for annotations inside of `match`
    names = runpy.run_path(path, {"__annotations__": {}})
except Exception as error:
    print("\\n" + json.dumps({"raised": [each.__name__ for each in type(error).__mro__]}))
    sys.exit()
told = {}
for name, value in names.items():
    if isinstance(value, (type, type(sys))) or name == "trace" or name[:2] == "__":
        continue
    is_function = hasattr(value, "__code__") or type(value) is type(len)
    told[name] = value.__name__ if is_function else repr(value)
print("\\n" + json.dumps({"outputs": told}))
"""


def with_values(text: str) -> str:
    """Plain Python: the values stand where the templates stood."""
    text = text.replace('"<${{ params.s }}>"', repr(f"<{VALUES['s']}>"))
    for hole, value in HOLES.items():
        text = text.replace(hole, value)
    return text


def reference(folder: Path, text: str) -> dict[str, Any]:
    text = with_values(text)
    (folder / "plain.py").write_text(text, encoding="utf-8")
    (folder / "reference.py").write_text(REFERENCE)
    done = python(["reference.py", "plain.py"], folder)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def bound_anywhere(text: str) -> set[str]:
    """The names that are local to a function of this body, as Python sees it."""
    text = f"def f():\n{indent(with_values(text), ' ')}"
    table = symtable.symtable(text, "<block>", "exec")
    (function,) = table.get_children()
    return {each.get_name() for each in function.get_symbols() if each.is_local()}


def emitted(path: Path) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("any_block", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["any_block"] = module
    spec.loader.exec_module(module)
    try:
        found = module.j0__s(rt.Context(module.Params(**VALUES)))
    except Exception as error:
        return {"raised": [each.__name__ for each in type(error).__mro__]}
    return {"outputs": dict(found)}


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(statements())
def test_outputs_are_the_names_bound_at_block_level(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    expected = reference(folder, text)
    made = project(folder, {"w.yml": workflow(block(text), head=HEAD)})
    if "error WF" in made.said:
        # only what could not work: a name that is read before it is bound, no Python
        raised = set(expected.get("raised", ()))
        never_bound = re.findall(r'name "(\w+)" is not defined', made.said)
        is_right = raised & {"NameError", "SyntaxError"} or any(
            name not in bound_anywhere(text) for name in never_bound
        )
        assert is_right, made.said
        return
    found = emitted(folder / "build" / "w.py")
    if "raised" in expected:
        # in a function it is the UnboundLocalError of the same name
        common = [name for name in found["raised"] if name != "UnboundLocalError"]
        assert common == expected["raised"]
        return
    outputs = expected["outputs"]
    told = {n: as_told(v, outputs.get(n)) for n, v in found["outputs"].items()}
    assert told == {name: placeless(value) for name, value in outputs.items()}


def as_told(value: object, expected: str | None) -> str:
    """A function is told by its name, in both."""
    is_name = isinstance(value, str) and value == expected
    return placeless(str(value) if is_name else repr(value))


def placeless(text: str) -> str:
    """A repr without what depends on where the object was made."""
    return re.sub(r" at 0x\w+|\bj0__s\.<locals>\.|<run_path>\.|any_block\.", "", text)
