"""What `wfruntime` exports, what importing it loads, and that modules are typed by it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import wfruntime

RUNTIME = Path(wfruntime.__file__).parents[1]
ROOT = RUNTIME.parent
EMITTED = sorted((ROOT / "tests" / "emit").glob("*/build/*.py"))


def in_process(code: str, *arguments: str) -> str:
    """What the code prints, in a process of its own that has loaded nothing."""
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys\nsys.path[:0] = [{str(RUNTIME)!r}]\n{code}",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_all_names_are_there_and_are_kept() -> None:
    for name in wfruntime.__all__:
        assert getattr(wfruntime, name) is vars(wfruntime)[name]
    assert dir(wfruntime) == wfruntime.__all__


def test_the_names_for_type_checkers_are_those_that_are_there() -> None:
    tree = ast.parse(Path(wfruntime.__file__).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    names = [
        (alias.asname, node.module or alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(names) == sorted(wfruntime.MODULE_BY_NAME.items())


def test_the_documented_names_are_there() -> None:
    text = (ROOT / "docs" / "runtime-api.md").read_text()
    documented = set(re.findall(r"\brt\.([A-Za-z_]+)", text))
    assert documented - set(wfruntime.__all__) == set()


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError) as raised:
        wfruntime.nothing  # noqa: B018
    assert str(raised.value) == "module 'wfruntime' has no attribute 'nothing'"


NOT_AT_ONCE = [
    "argparse",
    "concurrent.futures",
    "dataclasses",
    "datetime",
    "enum",
    "hashlib",
    "inspect",
    "json",
    "logging",
    "re",
    "select",
    "signal",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "traceback",
    "typing",
    "zoneinfo",
]


def test_importing_loads_nothing_of_weight() -> None:
    told = in_process("import wfruntime\nprint(*sys.modules)")
    assert set(told.split()) & set(NOT_AT_ONCE) == set()
    assert [name for name in told.split() if name.startswith("wfruntime")] == [
        "wfruntime"
    ]


RUN = """
import os
os.environ["WORKFLOW_LOG_AUDIT_ENABLE_WRITE"] = "false"
import wfruntime as rt
def a__s(ctx: rt.Context[rt.NoParams]) -> dict[str, int]:
    return {"x": 1}
WORKFLOW = rt.Workflow("wf", format=1, source="wf.yml", jobs=[rt.Job("a", stages={"s": a__s})])
os.environ["WFC_RUNS_DIR"] = sys.argv[1] if len(sys.argv) > 1 else FOLDER
result = rt.run(WORKFLOW)
assert result.status == "SUCCESS"
print(*sys.modules)
"""


def test_a_plain_run_loads_nothing_of_weight(tmp_path: Path) -> None:
    told = in_process(f"FOLDER = {str(tmp_path)!r}\n{RUN}").split()
    assert set(told) & set(NOT_AT_ONCE) == {"threading"}
    ours = {name.partition(".")[2] for name in told if name.startswith("wfruntime.")}
    assert (
        ours
        & {"containers", "lookups", "matrix", "processes", "retry", "shells", "trace"}
        == set()
    )
    assert ours & {"run_process", "virtual"} == set()


@pytest.mark.parametrize("path", EMITTED, ids=lambda path: path.stem)
def test_an_emitted_module_is_strictly_typed(path: Path, tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    conf = path.parents[1] / "conf"
    config.write_text(
        "[mypy]\nstrict = true\npython_version = 3.10\n"
        f"mypy_path = {RUNTIME}:{conf}\ncache_dir = {tmp_path}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(config), str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout == "Success: no issues found in 1 source file\n"


MISTAKES = """
import wfruntime as rt
from typing import TypedDict

class Rows(TypedDict):
    rows: int

class Matrix(TypedDict):
    layer: str

def a__s(ctx: rt.Context[rt.NoParams]) -> Rows:
    return {"rows": 1}

def a__t(ctx: rt.MatrixContext[rt.NoParams, Matrix]) -> rt.NoOutputs:
    ctx.outputs(a__s)["row"]
    ctx.matrix["lyer"]
    ctx.item
    rt.skip_unless("yes")
    rt.fail(1)

def a__u(ctx: rt.Context[rt.NoParams]) -> rt.BashOutputs:
    rt.bash("true", shel="sh")
    return rt.bash("true")["stdout"]

WORKFLOW = rt.Workflow(
    "wf",
    format=1,
    source="wf.yml",
    jobs=[rt.Job("a", stages={"s": a__s, "n": 5}, max_parallel="2")],
)
"""
FOUND = [
    'TypedDict "Rows" has no key "row"',
    'TypedDict "Matrix" has no key "lyer"',
    '"MatrixContext[NoParams, Matrix]" has no attribute "item"',
    'Argument 1 to "skip_unless" has incompatible type "str"; expected "bool"',
    'Unexpected keyword argument "shel" for "bash"; did you mean "shell"?',
    'Incompatible return value type (got "str | None", expected "BashOutputs")',
    'Dict entry 1 has incompatible type "str": "int"; expected "str": "Callable[[Any], '
    'Mapping[str, object]] | Stage | ForEach | Until | Case | Parallel"',
    'Argument "max_parallel" to "Job" has incompatible type "str"; expected '
    '"int | Callable[[Any], int]"',
]


def test_mistakes_in_a_module_are_found(tmp_path: Path) -> None:
    path = tmp_path / "mistakes.py"
    path.write_text(MISTAKES)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "--no-error-summary",
        ]
        + ["--cache-dir", str(tmp_path), "--hide-error-codes", str(path)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin", "MYPYPATH": str(RUNTIME)},
    )
    lines = [line.partition(": error: ")[2] for line in done.stdout.splitlines()]
    assert [line for line in lines if line] == FOUND
