"""The types of a block's names: what the syntax tells, and that mypy says the same."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from wfcompile.expressions.python_library import (
    ATTRIBUTES,
    CONSTANTS,
    FUNCTIONS,
    HASH,
    METHODS,
    OF_PATHS,
    OF_TEXTS,
    TEXT_FILE,
    UUID,
)
from wfcompile.expressions.python_types import infer_types
from wfcompile.types import DATETIME, INT, STR, Type, annotation

ROOT = Path(__file__).resolve().parents[3]


def types_of(text: str, **variables: Type) -> str:
    body = ast.parse(textwrap.dedent(text)).body
    found = infer_types(body, {}, variables)
    return ", ".join(f"{name}: {annotation(type_)}" for name, type_ in found.items())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = n ** 2; b = n ** -1; c = 1.5 ** 3; d = 2 ** n", "a: int, b: Any, c: float, d: Any"),
        ("from datetime import timedelta\na = t + timedelta(days=1)", "timedelta: Any, a: datetime"),
        ("from datetime import timedelta as td\na = td(1) * 2 + td(2)", "td: Any, a: timedelta"),
        ("import datetime as dt\na = t - dt.datetime.now()\nb = a.total_seconds()", "dt: Any, a: timedelta, b: float"),
        ("import datetime\na = datetime.date.today().isoformat()\nb = (t - t).days", "datetime: Any, a: str, b: int"),
        ("from datetime import datetime\na = datetime(2024, 1, 1) - datetime(2023, 1, 1) > (t - t)", "datetime: Any, a: bool"),
        ("from datetime import timedelta\na = timedelta(1) / timedelta(2)\nb = timedelta(1) // timedelta(2)", "timedelta: Any, a: float, b: int"),
        ("a = t.strftime('%d').upper()\nb = t.astimezone().date()", "a: str, b: date"),
        ("import os\na = os.path.join('a', 'b')\nb = os.path.basename(s)\nc = os.path.join(u, 'b')", "os: Any, a: str, b: str, c: Any"),
        ("from os.path import join as j\na = j(s, s)", "j: Any, a: str"),
        ("import os\na = os.environ.get('A')\nb = os.getenv('A', 'b')", "os: Any, a: str | None, b: str"),
        ("import json\na = json.dumps([1])\nb = json.loads(a)", "json: Any, a: str, b: Any"),
        ("from math import floor, pi, sqrt\na = floor(pi)\nb = sqrt(2)", "floor: Any, pi: float, sqrt: Any, a: int, b: float"),
        ("from pathlib import Path\na = Path(s) / 'b'\nb = a.parent.name\nc = a.read_text()", "Path: Any, a: Path, b: str, c: str"),
        ("import hashlib\na = hashlib.sha256(b'').hexdigest()", "hashlib: Any, a: str"),
        ("import uuid\na = uuid.uuid4()\nb = a.hex\nc = str(a)", "uuid: Any, a: Any, b: str, c: str"),
        ("import re\na = re.sub('a', 'b', s)\nb = re.sub('a', 'b', u)", "re: Any, a: str, b: Any"),
        ("with open('f') as f:\n  a = f.read()\n  b = [line for line in f]", "f: Any, a: str, b: list[str]"),
        ("with open('f', 'rb') as f: a = f.read()\nwith open('f', mode) as g: b = g.read()", "f: Any, a: Any, g: Any, b: Any"),
        ("for i, x in enumerate(s): pass\nfor a, b in zip([1], s): pass", "i: int, x: str, a: int, b: str"),
        ("d = {'a': 1}\nfor k, v in d.items(): pass\nw = [v for v in d.values()]", "d: dict[str, int], k: str, v: int, w: list[int]"),
        ("a = {k: v for k, v in {'a': 1}.items()}", "a: dict[str, int]"),
        ("a = {i: x for i, x in enumerate(s)}", "a: dict[int, str]"),
        ("import os\nos = 1\na = os.getcwd()", "os: Any, a: Any"),
        ("enumerate = 1\nfor i, x in enumerate(s): pass", "enumerate: int, i: Any, x: Any"),
        ("from .math import pi\na = pi", "pi: Any, a: Any"),
        ("try:\n  import json\nexcept ImportError:\n  json = None\na = json.dumps(1)", "json: Any, a: Any"),
    ],
)  # fmt: skip
def test_what_the_syntax_tells(text: str, expected: str) -> None:
    assert types_of(text, n=INT, s=STR, t=DATETIME) == expected


SPELLED: dict[Type, str] = {
    TEXT_FILE: "io.TextIOWrapper",
    HASH: "hashlib._Hash",
    UUID: "uuid.UUID",
}


def spelled(type_: Type) -> str:
    found = SPELLED.get(type_)
    if found is None:
        found = annotation(type_)
    is_moment = found in ("date", "datetime", "timedelta")
    return f"datetime.{found}" if is_moment else found


def test_mypy_says_the_same_of_the_library(tmp_path: Path) -> None:
    names = [*FUNCTIONS, *OF_PATHS, *OF_TEXTS, *CONSTANTS]
    modules = sorted({name.partition(".")[0] for name in names} | {"io", "os.path"})
    lines = [f"import {module}" for module in [*modules, "urllib.parse"]]
    lines += [
        "from decimal import Decimal",
        "from pathlib import Path",
        "from typing import Any",
    ]
    values: list[tuple[str, str, Type]] = [
        *(
            ("a: Any, b: Any", f"{name}(*a, **b)", FUNCTIONS[name])
            for name in FUNCTIONS
        ),
        *(("a: str", f"{name}(a)", OF_PATHS[name]) for name in OF_PATHS),
        *(("a: str, b: Any", f"{name}(a, *b)", OF_TEXTS[name]) for name in OF_TEXTS),
        *(("", name, CONSTANTS[name]) for name in CONSTANTS),
    ]
    for owner, methods in METHODS.items():
        own = f"x: {spelled(owner)}, a: Any, b: Any"
        values += [(own, f"x.{m}(*a, **b)", type_) for m, type_ in methods.items()]
    for owner, attributes in ATTRIBUTES.items():
        own = f"x: {spelled(owner)}"
        values += [(own, f"x.{name}", type_) for name, type_ in attributes.items()]
    for number, (parameters, source, type_) in enumerate(values):
        lines.append(
            f"def f{number}({parameters}) -> {spelled(type_)}: return {source}"
        )
    (tmp_path / "library.py").write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "library.py"]
    command += ["--no-warn-return-any", "--no-error-summary"]
    command += ["--cache-dir", str(ROOT / ".mypy_cache" / "python_types")]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert len(values) > 200
