"""pdb, `trace` and `sys.settrace` follow a block: it is real code of a real file."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.blocks.projects import Project, block, project, workflow

BLOCK = """\
import os
rows = [1, 2, 3]
def doubled(row):
    return row * 2
total = 0
for row in rows:
    total += doubled(row)
if total > 100:
    rest = "never"
shown = f"total ${{ params.x }} {total}"
"""
HEAD = "params:\n  x: {type: str, default: of it}\n"


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return project(tmp_path, {"w.yml": workflow(block(BLOCK), block(BLOCK), head=HEAD)})


def debugged(made: Project, *commands: str) -> subprocess.CompletedProcess[str]:
    typed = "".join(f"{each}\n" for each in commands)
    return made.run("-m", "pdb", "build/w.py", typed=typed)


def line_in(made: Project, function: str, mark: str) -> int:
    text = made.texts["w.py"]
    start = text.index(f"def {function}(")
    return text[:start].count("\n") + next(
        n for n, line in enumerate(text[start:].splitlines(), 1) if mark in line
    )


def test_pdb_stops_in_a_block_and_steps_through_it(made: Project) -> None:
    done = debugged(
        made,
        f"break {line_in(made, 'j0__s', 'total = 0')}",
        *("continue", "next", "next", "step", "next", "p row", "where"),
        *("clear 1", "continue", "quit"),
    )
    lines = done.stdout.replace("(Pdb) ", "").splitlines()
    steps = [
        (re.sub(r".*\)(\w+)\(\)$", r"\1", before), line.removeprefix("-> "))
        for before, line in pairwise(lines)
        if line.startswith("-> ") and before.startswith("> ")
    ]
    assert steps[1:6] == [
        ("j0__s", "total = 0"),
        ("j0__s", "for row in rows:"),
        ("j0__s", "total += doubled(row)"),
        ("doubled", "def doubled(row):"),
        ("doubled", "return row * 2"),
    ]
    assert lines[lines.index("-> return row * 2") + 1] == "1"
    assert re.search(r"build/w\.py\(\d+\)j0__s\(\)\n-> total \+= ", done.stdout)
    assert "INFO    w: SUCCESS" in done.stdout


def test_who_quits_the_debugger_wants_nothing_more_to_run(made: Project) -> None:
    line = line_in(made, "j0__s", "total = 0")
    done = debugged(made, f"break {line}", "continue", "quit")
    ends = [
        (event["path"], event["status"])
        for event in made.journal
        if event["event"].endswith(".end")
    ]
    assert ends == [("j0/s", "CANCEL"), ("j0", "CANCEL"), ("", "CANCEL")]
    assert "BdbQuit" not in done.stdout


COUNT = """\
import runpy
import sys
import threading

executed = {}


def follow(frame, event, argument):
    if frame.f_code.co_filename.endswith("build/w.py"):
        lines = executed.setdefault(frame.f_lineno, set())
        lines.add(threading.current_thread().name)
    return follow


threading.settrace(follow)
sys.settrace(follow)
try:
    runpy.run_path("build/w.py", run_name="__main__")
except SystemExit as end:
    code = end.code
sys.settrace(None)
print("code", code)
print("lines", *sorted(executed))
print("threads", len({name for names in executed.values() for name in names}))
"""


def test_each_line_of_a_block_is_one_that_tools_see(made: Project) -> None:
    """As coverage does it, in the worker threads too."""
    (made.folder / "count.py").write_text(COUNT)
    done = made.run("-m", "count")
    assert done.stderr == ""
    told = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    executed = set(map(int, told["lines"].split()))
    text = made.texts["w.py"].splitlines()
    for name in ("j0__s", "j1__s"):
        start = line_in(made, name, "def ")
        end = next(n for n in range(start, len(text)) if text[n : n + 2] == ["", ""])
        seen = [text[n - 1].strip() for n in range(start, end + 1) if n in executed]
        assert seen == [
            f"def {name}(ctx: rt.Context[Params]) -> {name.title().replace('__', '')}:",
            "import os",
            "rows = [1, 2, 3]",
            "def doubled(row):",
            "return row * 2",
            "total = 0",
            "for row in rows:",
            "total += doubled(row)",
            "if total > 100:",
            'shown = f"total {ctx.params.x} {total}"',
            f"return rt.bound({name.title().replace('__', '')}, locals())",
        ]
    assert told["code"] == "0"
    assert int(told["threads"]) >= 2
