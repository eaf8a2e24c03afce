"""Values arrive in a block as they are, whatever they hold, in every place for a template.

A stage function is called with a context made by hand; what it must give is worked out beside
it by other means (`+`, `format`), never by a block.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import wfruntime as rt
from hypothesis import given
from hypothesis import strategies as st

from tests.blocks.projects import block, project, workflow

HEAD = "params:\n  v: {type: str, default: x}\n  m: {type: map, default: {}}\n  n: int"
HOSTILE = [
    "",
    " ",
    "plain",
    "it's",
    'say "hi"',
    "'''",
    '"""',
    "\\",
    "\\n",
    "a\\'b\\\"",
    "{}",
    "{v!r:>{n}}",
    "}{",
    "{{",
    "two\nlines\r\nand\tmore",
    "\x07\x1b[0m\x7f",
    "\u2028\u0085é漢🙂",
    "# no comment",
    "%s %(v)s %%",
    "$v ${v} ${{ params.v }}",
    "'); raise SystemExit('",
    "__import__('os')",
    "\N{BULLET}\\N{BULLET}\\u0041\\x41",
]
STRINGS = r"""
single = 'a ${{ params.v }} b'
double = "a ${{ params.v }} b"
triple = '''a ${{ params.v }}
  "b" '''
doubles = \"\"\"'${{ params.v }}'
${{ params.n }}\"\"\"
raw = r'\d{2} ${{ params.v }}\w'
raw_double = R"\{${{ params.v }}}"
unicode = u'é ${{ params.v }}'
data = b'a ${{ params.v }}'
raw_data = rb'\d ${{ params.v }}'
formatted = f'{single!r:>5}|${{ params.v }}|{{}}|{len("${{ params.v }}")}'
raw_formatted = rf'{single}\d${{ params.v }}'
triple_formatted = f'''{single}
${{ params.v }} {"${{ params.v }}" + '}'}'''
spec = f'{"x":>{${{ params.n }}}}|{1.5:${{ params.n }}.2f}'
nested = f\"\"\"{f'{f"${{ params.v }}"}'}\"\"\"
joined = 'a' "${{ params.v }}" f'{1}' r'\n'
wrapped = ('a ${{ params.v }}'
           ' b')
percent = '%s ${{ params.n }} %%' % '${{ params.v }}'
format = '{0} {{}} {0}'.format('${{ params.v }}')
braces = '{"k": "${{ params.v }}", "n": {}}'
escaped = 'tab\t\N{BULLET}\x41 \'${{ params.v }}\''
key = '${{ params.m["it\'s"] }}'
twice = '${{ params.v }}${{ params.v }}'
backslash = '\\${{ params.v }}\\'
""".replace(r"\"", '"')
CODE = r"""
from dataclasses import dataclass
from functools import partial

whole = "${{ params.v }}"
number = ${{ params.n }}
negative = -${{ params.n }}
power = ${{ params.n }}**2
attribute = ${{ params.n }} .bit_length()
chain = 0 < ${{ params.n }} < 10
table = {'${{ params.v }}': ${{ params.m }}, **${{ params.m }}}
items = {"${{ params.v }}", *${{ params.m }}}
part = "abcdefghij"[:${{ params.n }}]
stepped = list(range(20))[1::${{ params.n }}]
picked = ${{ params.m }}["it's"]
squares = [i * ${{ params.n }} for i in range(${{ params.n }}) if i != ${{ params.n }} - 1]
pairs = {i: "${{ params.v }}" for i in range(2)}
added = (lambda x, y=${{ params.n }}: x + y)(1)
starred = max(*[${{ params.n }}, 1], key=lambda x: x * ${{ params.n }})

def default(text: str = "${{ params.v }}", *, by: int = ${{ params.n }}) -> str:
    return text * by
repeated = default()

def decorate(text):
    def around(function):
        return lambda *args: text + function(*args)
    return around

@decorate("${{ params.v }}")
def shout(word: str) -> str:
    return word.upper()
shouted = shout("é")

@dataclass
class Row:
    text: str = "${{ params.v }}"
    def both(self) -> str:
        return self.text + '${{ params.v }}'
row = Row().both()

match "${{ params.v }}":
    case "it's" | '"':
        matched = "quote"
    case text if text == "${{ params.v }}":
        matched = text
    case _:
        matched = "lost"

if (walrus := "${{ params.v }}") is None:
    raise ValueError("${{ params.v }}")
try:
    raise LookupError("${{ params.v }}")
except LookupError as error:
    caught = error.args[0]
finally:
    last = f"${{ params.v }}"
for letter in "${{ params.v }}":
    pass
else:
    looped = "${{ params.v }}"
assert "${{ params.v }}" == walrus, "${{ params.v }}"

def counter():
    count = ${{ params.n }}
    def step():
        nonlocal count
        count += ${{ params.n }}
        return count
    step()
    return step()
counted = counter()

async def fetch() -> str:
    return "${{ params.v }}"
import asyncio
fetched = asyncio.run(fetch())
generated = list(partial(map, str)(i for i in [${{ params.n }}]))
del letter
""".replace("\ndel letter", "")


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("values")
    made = project(folder, {"w.yml": workflow(block(STRINGS), block(CODE), head=HEAD)})
    assert made.said == ""
    spec = importlib.util.spec_from_file_location("values_w", folder / "build" / "w.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    # a dataclass looks its module up
    sys.modules["values_w"] = loaded
    spec.loader.exec_module(loaded)
    yield loaded
    del sys.modules["values_w"]


def outputs(module: ModuleType, function: str, v: str) -> dict[str, Any]:
    params = module.Params(v=v, m={"it's": v}, n=3)
    found: dict[str, Any] = getattr(module, function)(rt.Context(params))
    return found


def expected_strings(v: str) -> dict[str, object]:
    single = "a " + v + " b"
    return {
        "single": single,
        "double": single,
        "triple": "a " + v + '\n  "b" ',
        "doubles": "'" + v + "'\n3",
        "raw": "\\d{2} " + v + "\\w",
        "raw_double": "\\{" + v + "}",
        "unicode": "é " + v,
        "data": b"a " + v.encode(),
        "raw_data": b"\\d " + v.encode(),
        "formatted": repr(single).rjust(5) + "|" + v + "|{}|" + str(len(v)),
        "raw_formatted": single + "\\d" + v,
        "triple_formatted": single + "\n" + v + " " + v + "}",
        "spec": "  x|1.50",
        "nested": v,
        "joined": "a" + v + "1" + "\\n",
        "wrapped": "a " + v + " b",
        "percent": v + " 3 %",
        "format": v + " {} " + v,
        "braces": '{"k": "' + v + '", "n": {}}',
        "escaped": "tab\t\N{BULLET}A '" + v + "'",
        "key": v,
        "twice": v + v,
        "backslash": "\\" + v + "\\",
    }


def expected_code(v: str) -> dict[str, object]:
    return {
        "whole": v,
        "number": 3,
        "negative": -3,
        "power": 9,
        "attribute": 2,
        "chain": True,
        "table": {v: {"it's": v}, "it's": v},
        "items": {v, "it's"},
        "part": "abc",
        "stepped": [1, 4, 7, 10, 13, 16, 19],
        "picked": v,
        "squares": [0, 3],
        "pairs": {0: v, 1: v},
        "added": 4,
        "starred": 3,
        "dataclass": "dataclass",
        "default": "default",
        "repeated": v * 3,
        "decorate": "decorate",
        "shout": "<lambda>",
        "shouted": v + "É",
        "row": v + v,
        "matched": "quote" if v in ("it's", '"') else v,
        "walrus": v,
        "caught": v,
        "last": v,
        "looped": v,
        "counter": "counter",
        "counted": 9,
        "fetch": "fetch",
        "fetched": v,
        "generated": ["3"],
        **({"letter": v[-1]} if v else {}),
        **({"text": v} if v not in ("it's", '"') else {}),
    }


@pytest.mark.parametrize("value", HOSTILE)
def test_in_strings(module: ModuleType, value: str) -> None:
    assert outputs(module, "j0__s", value) == expected_strings(value)


@pytest.mark.parametrize("value", HOSTILE)
def test_in_code(module: ModuleType, value: str) -> None:
    assert outputs(module, "j1__s", value) == expected_code(value)


TEXTS = st.text(
    st.sampled_from("'\"\\{}%$#\n\r\t \0nNxuU0aé🙂\u2028")
    | st.characters(exclude_categories=["Cs"])
)


@given(TEXTS)
def test_any_text_in_strings(module: ModuleType, value: str) -> None:
    assert outputs(module, "j0__s", value) == expected_strings(value)


def test_as_a_run_with_hostile_values(tmp_path: Path) -> None:
    """The whole way: from the command line through the journal to the context."""
    made = project(tmp_path, {"w.yml": workflow(block(CODE), head=HEAD)})
    assert made.said == ""
    for value in HOSTILE:
        params = json.dumps({"v": value, "m": {"it's": value}, "n": 3})
        done = made.run("--quiet", "--params", "-", "--context", "-", typed=params)
        assert (done.returncode, done.stderr) == (0, "")
        found = json.loads(done.stdout)["jobs"]["j0"]["stages"]["s"]["outputs"]
        expected = expected_code(value)
        assert found["walrus"] == expected["walrus"]
        assert found["row"] == expected["row"]
