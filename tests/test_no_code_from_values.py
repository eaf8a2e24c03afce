"""No value becomes code: the syntax trees of the compiler, the runtime and what is built.

The few places of our own that make code of text are listed with the reason; a line of the list that
is not needed fails too. The modules of the conformance cases have a test beside theirs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.code_from_text import found_in, pasted_in

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eval('1')", ["1: eval"]),
        ("run = exec", ["1: exec"]),
        ("__import__(name)", ["1: __import__"]),
        ("import builtins as b\nb.eval('1')", ["2: builtins.eval"]),
        ("from os import system as run\nrun('ls')", ["2: os.system"]),
        ("import os\nos.popen('ls')", ["2: os.popen"]),
        ("import os\ngetattr(os, 'system')('ls')", ["2: os.system"]),
        ("import subprocess as s\ns.run('ls', shell=True)", ["2: shell="]),
        ("import subprocess as s\ns.run('ls', shell=wanted)", ["2: shell="]),
        ("import subprocess as s\ns.run(['ls'], shell=False)", []),
        ("import pickle", ["1: pickle"]),
        ("def f():\n    from pickle import loads", ["2: pickle"]),
        ("import yaml\nyaml.load(text, yaml.Loader)", ["2: yaml.load", "2: yaml.Loader"]),
        ("import yaml\nyaml.safe_load(text)", []),
        ("import importlib\nimportlib.import_module(n)", ["2: importlib.import_module"]),
        ("from importlib import import_module as i\ni(n)", ["2: importlib.import_module"]),
        ("import types\ntypes.FunctionType(code, {})", ["2: types.FunctionType"]),
        ("import types\nisinstance(f, types.FunctionType)", []),
        ("import re\nre.compile('a')", []),
        ("import ast\nast.literal_eval('1')", []),
        ('rt.bash(A, shell="sh")', []),
    ],
)  # fmt: skip
def test_what_is_found(text: str, found: list[str]) -> None:
    assert found_in(text) == found


OWN = {
    "runtime/wfruntime/__init__.py importlib.import_module": (
        "the modules of the public names, which a table of its own lists"
    ),
    "runtime/wfruntime/stored.py importlib.import_module": (
        "the standard classes that a journal may hold, which a table of its own lists"
    ),
    "wfcompile/expressions/standard_names.py importlib.import_module": (
        "modules of the standard library, which a table of its own lists"
    ),
    "wfcompile/lower/hooks.py shell=": "the shell that a script is written for; none is started",
    "wfcompile/settings.py importlib.import_module": "tomllib, or tomli in its place",
    "wfcompile/expressions/python_text.py compile": (
        "what the parser lets pass and the compiler refuses; the code is thrown away"
    ),
}
"""Place -> why it is right there."""


def own_modules() -> list[Path]:
    folders = ("wfcompile", "runtime/wfruntime", "build", "examples")
    every = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted([*every, *ROOT.glob("tests/golden/*/build/*.py")])


def test_the_compiler_the_runtime_and_what_is_built() -> None:
    modules = own_modules()
    found = {
        f"{path.relative_to(ROOT).as_posix()} {place.partition(': ')[2]}"
        for path in modules
        for place in found_in(path.read_text(encoding="utf-8"))
    }
    assert found == set(OWN)
    assert len(modules) > 250


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('A = """ls"""\nrt.bash(A, env={"x": y})', []),
        ('rt.bash("ls")', []),
        ('A = f"ls {x}"\nrt.bash(A)', ["rt.bash(A)"]),
        ('def f(ctx):\n    rt.bash("ls " + x)', ["rt.bash('ls ' + x)"]),
    ],
)
def test_what_is_pasted(text: str, found: list[str]) -> None:
    assert pasted_in(text) == found
