"""What a person sees of an error: the YAML line of the failing statement, for every kind of stage.

Two workflows run, in which every job fails in its own way.
"""

from __future__ import annotations

import json
import re

import pytest

from tests.blocks.failing import BLOCKS, CALLERS, STAGES
from tests.blocks.projects import Project, line_of, project
from tests.runtime.test_failures import without_marks


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("tracebacks")
    (folder / "wfc.toml").write_text('filters = ["callers"]\n')
    files = {"w.yml": BLOCKS, "v.yml": STAGES, "callers.py": CALLERS}
    return project(folder, files)


@pytest.fixture(scope="module")
def told(made: Project) -> dict[str, list[str]]:
    """Path -> the lines of its error, on the console."""
    groups: dict[str, list[str]] = {}
    for module in ("v.py", "w.py"):
        done = made.run(module=module)
        assert (done.returncode, done.stderr) == (1, "")
        text = without_marks(done.stdout.replace(f"{made.folder}/", ""))
        for line in text[text.index("\nconf/") + 1 :].splitlines():
            if line.startswith("conf/"):
                group = groups[line.split(": ")[1].split(" ")[0]] = []
            if line.startswith(("conf/", " ")):
                group.append(line)
    return groups


def place(mark: str) -> str:
    file, text = ("w", BLOCKS) if mark in BLOCKS else ("v", STAGES)
    return f"conf/{file}.yml:{line_of(text, mark)}"


def frames(lines: list[str]) -> list[str]:
    """`file function (place)` of the frames of an error."""
    found = []
    for line in lines:
        match = re.match(r'\s+File "(.*)", line \d+, in (.*)$', line)
        if match:
            found.append(" ".join(match.groups()))
    return found


@pytest.mark.parametrize(
    ("job", "message", "shown"),
    [
        (
            "matrix",
            "AssertionError: 2",
            [f"build/w.py matrix__s ({place('assert layer')})"],
        ),
        (
            "plain",
            "KeyError: there is no key 'amount'",
            [
                f"build/w.py plain__s ({place('total = sum(')})",
                f"build/w.py <genexpr> ({place('total = sum(')})",
                "build/w.py amount (AT)",
            ],
        ),
        ("lines", "KeyError: there is no key 'c'", ["build/w.py lines__s (AT)"]),
        (
            "compound",
            "ValueError: invalid literal for int() with base 10: 'abc'",
            ["build/w.py compound__s (AT)"],
        ),
        (
            "handled",
            "LookupError: NO_SUCH_VARIABLE_HERE",
            [
                f"build/w.py read ({place('os.environ[key]')})",
                f"build/w.py handled__s ({place('Reader().read')})",
                "build/w.py read (AT)",
            ],
        ),
        (
            "caller_inside",
            "ZeroDivisionError: division by zero",
            ["build/w.py caller_inside__s (AT)", "conf/callers.py divide"],
        ),
        (
            "callback",
            "IndexError: no such group",
            [
                f"build/w.py callback__s ({place('re.sub(')})",
                "build/w.py shown (AT)",
            ],
        ),
        (
            "thread",
            "ValueError: 2",
            [
                f"build/w.py thread__s ({place('pool.map(')})",
                "build/w.py one (AT)",
            ],
        ),
        (
            "coroutine",
            "ConnectionError: gone",
            [
                f"build/w.py coroutine__s ({place('asyncio.run(')})",
                "build/w.py fetch (AT)",
            ],
        ),
        ("exits", "SystemExit: no rows", ["build/w.py exits__s (AT)"]),
        ("output", "KeyError: there is no key 'b'", ["build/w.py output__s (AT)"]),
        ("variables", "KeyError: there is no key 'b'", ["build/w.py variables__s"]),
        (
            "condition",
            "TypeError: '>' not supported between instances of 'str' and 'int'",
            ["build/v.py condition__s"],
        ),
        (
            "job_condition",
            "TypeError: '>' not supported between instances of 'str' and 'int'",
            ["build/v.py job_condition__if"],
        ),
        (
            "call",
            "ValueError: no rows",
            ["conf/callers.py load", "conf/callers.py divide", "conf/callers.py load"],
        ),
        (
            "call_async",
            "ZeroDivisionError: division by zero",
            ["conf/callers.py load_async", "conf/callers.py divide"],
        ),
        (
            "argument",
            "StageError: 'abc' (str) does not fit int",
            ["build/v.py argument__s"],
        ),
        ("bash", "StageError: exit code 3: one", []),
        ("raised", "StageError: no abc", []),
        (
            "filtered",
            "FilterError: filter \"abs\" does not take 'abc' (str)",
            ["build/v.py filtered__s"],
        ),
        (
            "own_filter",
            "ZeroDivisionError: division by zero",
            ["conf/callers.py halved", "conf/callers.py divide"],
        ),
        (
            "none",
            'StageError: stages.quiet.outputs.stdout is None, which the filter "title" '
            "does not take; | coalesce(...) gives it a value",
            [],
        ),
        (
            "trigger",
            'StageError: workflow "inner" failed: job "only" failed: stage "s" failed: '
            "ZeroDivisionError: division by zero",
            [],
        ),
        (
            "each",
            "ZeroDivisionError: division by zero",
            ["build/w.py each__s__in (AT)"],
        ),
        ("until", "LookupError: 3", ["build/w.py until__s__in (AT)"]),
        (
            "case",
            "IndexError: list index out of range",
            ["build/w.py case__s__in (AT)"],
        ),
        (
            "parallel",
            "IndexError: list index out of range",
            ["build/w.py parallel__s__in (AT)"],
        ),
    ],
)
def test_the_console(
    told: dict[str, list[str]], job: str, message: str, shown: list[str]
) -> None:
    (path,) = (path for path in told if path.split("/")[0] == job)
    first, *rest = told[path]
    at = place("assert layer" if job == "matrix" else f"# mark: {job}\n")
    told_place, _, said = first.partition(f": {path}")
    assert (told_place, said.partition(": ")[2]) == (at, message)
    assert frames(rest) == [each.replace("AT", at) for each in shown]


def test_a_script_shows_lines_of_the_yaml(told: dict[str, list[str]]) -> None:
    first, *rest = told["virtual/s"]
    assert first == (
        f"{place('# mark: virtual')}: virtual/s: StageError: exit code 1: "
        "Traceback (most recent call last):"
    )
    assert [line.strip() for line in rest] == [
        f'File "conf/v.yml", line {line_of(STAGES, "    fail()")}, in <module>',
        "fail()",
        f'File "conf/v.yml", line {line_of(STAGES, "raise Value")}, in fail',
        'raise ValueError(f"{params_text}")',
        "ValueError: abc",
    ]


def test_the_journal_and_the_note(made: Project) -> None:
    path = next((made.folder / ".wfruns" / "w").glob("*.jsonl"))
    events = [json.loads(line) for line in path.read_text().splitlines()]
    (failed,) = (
        {**event, "ts": 0, "duration": 0}
        for event in events
        if event.get("path") == "matrix/s" and event.get("status") == "FAILED"
    )
    line = line_of(BLOCKS, "assert layer")
    emitted = made.texts["w.py"].splitlines()
    failing = next(n for n, text in enumerate(emitted, 1) if "assert layer" in text)
    strategy = failed.pop("strategy")
    assert without_marks(failed.pop("traceback")) == (
        "Traceback (most recent call last):\n"
        f'  File "{made.folder}/build/w.py", line {failing}, in matrix__s'
        f" (conf/w.yml:{line})\n"
        f"{emitted[failing - 1]}\n"
        "AssertionError: 2\n"
        f"at conf/w.yml:{line} (matrix/s {{'layer': 2}})"
    )
    assert strategy
    assert failed == {
        "ts": 0,
        "event": "stage.end",
        "path": "matrix/s",
        "line": line_of(BLOCKS, "layer: [1, 2]") + 2,
        "matrix": {"layer": 2},
        "status": "FAILED",
        "errors": {"name": "AssertionError", "message": "2"},
        "error_line": line,
        "duration": 0,
    }
