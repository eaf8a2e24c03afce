"""What a person sees of an error: the YAML line of the failing statement, for every kind of stage.

One run of one workflow, in which every job fails in its own way; each failing line of the YAML
has a mark in a comment, or is found by its own text.
"""

from __future__ import annotations

import json
import re

import pytest

from tests.blocks.projects import Project, line_of, project
from tests.runtime.test_failures import without_marks

CALLERS = """\
from wfruntime import custom_filter, tag


def divide(x):
    return 10 / x


@tag("demo")
def load(x: int) -> dict[str, float]:
    try:
        return {"x": divide(x)}
    except ZeroDivisionError as error:
        raise ValueError("no rows") from error


@tag("demo")
async def load_async(x: int) -> dict[str, float]:
    return {"x": divide(x)}


@custom_filter("halved")
def halved(value: int) -> float:
    return divide(value - 1)
"""
BLOCKS = """\
w:
  type: Workflow
  params:
    zero: {type: int, default: 0}
    text: {type: str, default: abc}
    map: {type: map, default: {a: abc}}
  jobs:
    plain:
      stages:
        - name: S
          id: s
          run: |
            import json
            from decimal import Decimal

            def amount(row):
                return row["amount"]  # mark: plain

            rows = json.loads('[{"amount": 1}, {}]')
            total = sum(
                amount(row)  # mark: plain calls
                for row in rows
            )
            last = Decimal(total)
    matrix:
      strategy:
        matrix:
          layer: [1, 2]
      stages:
        - name: S
          id: s
          run: |
            layer = ${{ matrix.layer }}
            assert layer == 1, (
                layer)  # mark: matrix
    lines:
      stages:
        - name: S
          id: s
          run: |
            a = {}; b = 2; c = a["c"]  # mark: lines
    compound:
      stages:
        - name: S
          id: s
          run: |
            value = '${{ params.text }}'
            table = {
              'first': value,
              'second': int(value),  # mark: compound
              'third': value,
            }
    handled:
      stages:
        - name: S
          id: s
          run: |
            import os
            class Reader:
                def read(self, key):
                    try:
                        return os.environ[key]
                    except KeyError as error:
                        raise LookupError(key) from error  # mark: handled
            value = Reader().read("NO_SUCH_VARIABLE_HERE")
    folded:
      stages:
        - name: S
          id: s
          run: "a = 1\\n\\
            b = a / ${{ params.zero }}\\n\\
            c = 2"
    caller_inside:
      stages:
        - name: S
          id: s
          vars: {x: "${{ params.zero }}"}
          run: |
            import callers

            found = callers.divide(x)  # mark: caller_inside
    callback:
      stages:
        - name: S
          id: s
          run: |
            import re
            def shown(found): return found["x"]  # mark: callback
            text = re.sub('a', shown, '${{ params.text }}')
    thread:
      stages:
        - name: S
          id: s
          run: |
            from concurrent.futures import ThreadPoolExecutor

            def one(number):
                if number == 2:
                    raise ValueError(number)  # mark: thread
                return number

            with ThreadPoolExecutor(2) as pool:
                results = list(pool.map(one, [1, 2, 3]))
    coroutine:
      stages:
        - name: S
          id: s
          run: |
            import asyncio

            async def fetch():
                await asyncio.sleep(0)
                raise ConnectionError("gone")  # mark: coroutine

            asyncio.run(fetch())
    exits:
      stages:
        - name: S
          id: s
          run: |
            import sys
            if ${{ params.zero }} == 0: sys.exit("no rows")  # mark: exits
    output:
      stages:
        - name: S
          id: s
          run: |
            found = ${{ params.map }}
            shown = found["b"]  # mark: output
    variables:
      stages:
        - name: S  # mark: variables
          id: s
          vars:
            x: ${{ params.map.b }}
          run: y = x
    each:
      stages:
        - name: S
          id: s
          foreach: [1, 0]
          stages:
            - name: In
              id: in
              run: |
                # the second item is none to divide by
                x = 1 / ${{ item }}  # mark: each
    until:
      stages:
        - name: S
          id: s
          until: ${{ item }} > 3
          item: 1
          max-loop: 5
          stages:
            - name: In
              id: in
              run: |
                item = ${{ item }} + 1
                if item > 2:
                    raise LookupError(item)  # mark: until
    case:
      stages:
        - name: S
          id: s
          case: ${{ params.text }}
          match:
            - case: abc
              stages:
                - name: In
                  id: in
                  run: |
                    rows = []
                    first = rows[0]  # mark: case
    parallel:
      stages:
        - name: S
          id: s
          parallel:
            left:
              - name: In
                id: in
                run: |
                  rows = []
                  first = rows[0]  # mark: parallel
"""
STAGES = """\
v:
  type: Workflow
  params:
    zero: {type: int, default: 0}
    text: {type: str, default: abc}
    map: {type: map, default: {a: abc}}
  jobs:
    condition:
      stages:
        - name: S  # mark: condition
          id: s
          if: ${{ params.map.a }} > 3
          echo: hello
    job_condition:
      if: ${{ params.map.a }} > 3  # mark: job_condition
      stages:
        - name: S
          echo: hello
    call:
      stages:
        - name: S  # mark: call
          id: s
          uses: callers/load@demo
          with: {x: "${{ params.zero }}"}
    call_async:
      stages:
        - name: S  # mark: call_async
          id: s
          uses: callers/load-async@demo
          with: {x: "${{ params.zero }}"}
    argument:
      stages:
        - name: S  # mark: argument
          id: s
          uses: callers/load@demo
          with: {x: "${{ params.map.a }}"}
    bash:
      stages:
        - name: S  # mark: bash
          id: s
          bash: |
            echo one >&2
            exit 3
    virtual:
      stages:
        - name: S  # mark: virtual
          id: s
          deps: []
          run: |
            def fail():
                raise ValueError("${{ params.text }}")
            fail()
    raised:
      stages:
        - name: S  # mark: raised
          id: s
          raise: no ${{ params.text }}
    filtered:
      stages:
        - name: S  # mark: filtered
          id: s
          echo: ${{ params.map.a | abs }}
    own_filter:
      stages:
        - name: S  # mark: own_filter
          id: s
          echo: ${{ 1 | halved }}
    none:
      stages:
        - name: Quiet
          id: quiet
          bash: "true"
        - name: S  # mark: none
          id: s
          echo: ${{ stages.quiet.outputs.stdout | title }}
    trigger:
      stages:
        - name: S  # mark: trigger
          id: s
          trigger: inner
          params: {x: 0}
inner:
  type: Workflow
  params:
    x: int
  jobs:
    only:
      stages:
        - name: S
          id: s
          run: |
            y = 1 / ${{ params.x }}  # mark: inner
"""


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
