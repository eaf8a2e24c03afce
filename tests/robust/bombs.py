"""Files below 1 MB that are meant to hurt: what each one is, and its text."""

from __future__ import annotations

from collections.abc import Callable

_HEAD = "bomb:\n  type: Workflow\n  params: {x: str}\n  jobs:\n    a:\n      stages:\n"
_STAGE = "        - {{name: s{number}, id: s{number}, {key}: {value}}}\n"


def _stage(body: str) -> str:
    return f"{_HEAD}        - name: S\n          {body}\n"


def _block(key: str, text: str) -> str:
    lines = "".join(f"            {line}\n" for line in text.splitlines())
    return _stage(f"{key}: |\n{lines}")


def _echo(text: str) -> str:
    return _stage(f'echo: "{text}"')


def _laughs(levels: int, times: int) -> str:
    first = "x0: &x0 [lol]\n"
    more = (
        f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * times)}]\n" for n in range(1, levels)
    )
    return first + "".join(more)


def _merges(levels: int) -> str:
    first = "x0: &x0 {a: 1}\n"
    more = (
        f"x{n}: &x{n} {{<<: [*x{n - 1}, *x{n - 1}], b{n}: 1}}\n"
        for n in range(1, levels)
    )
    return first + "".join(more)


def _stages(number: int, key: str, value: str) -> str:
    return _HEAD + "".join(
        _STAGE.format(number=n, key=key, value=value) for n in range(number)
    )


def _jobs(number: int, needs: Callable[[int], str]) -> str:
    head = "bomb:\n  type: Workflow\n  jobs:\n"
    return head + "".join(
        f"    j{n}: {{needs: [{needs(n)}], stages: [{{name: s, echo: x}}]}}\n"
        for n in range(number)
    )


def _schedules(number: int) -> str:
    """Each is told of by the reader, and again by all that reads it."""
    items = "    - interval: weekly\n      interval: daily\n      &a day on:\n" * number
    return f"report:\n  type: Workflow\n  on:\n{items}"


BOMBS: dict[str, Callable[[], str]] = {
    "a billion laughs": lambda: _laughs(10, 10),
    "many aliases of one list": lambda: _laughs(4, 60),
    "merges of merges": lambda: _merges(2000),
    "aliases as deep as they come": lambda: _merges(30) + _laughs(60, 2),
    "deep lists": lambda: "[" * 400_000,
    "deep lists that are closed": lambda: "[" * 90_000 + "]" * 90_000,
    "deep mappings": lambda: "{a: " * 200_000,
    "deep blocks": lambda: "".join(f"{' ' * n}a:\n" for n in range(1200)),
    "deep items": lambda: "- " * 400_000,
    "many twice-written keys": lambda: _schedules(3000),
    "a large plain scalar": lambda: _stage("echo: " + "x" * 900_000),
    "a large quoted scalar": lambda: _echo("x " * 450_000),
    "a large scalar of escapes": lambda: _echo("\\x41" * 220_000),
    "a large folded scalar": lambda: _block("echo", "word word\n" * 40_000),
    "a large Python block": lambda: _block("run", "x = 1\n" * 45_000),
    "a long Python line": lambda: _block("run", "x = " + "1 + " * 200_000 + "1"),
    "a long list in Python": lambda: _block("run", "x = [" + "1, " * 250_000 + "]"),
    "a large shell script": lambda: _block("bash", "echo 'x' \"$y\"\n" * 30_000),
    "a long shell line": lambda: _block("bash", "echo " + "a|b && " * 120_000 + "c"),
    "deep shell": lambda: _block("bash", "echo " + "$(" * 300_000),
    "deep quotes in shell": lambda: _block("bash", 'echo "$(' * 100_000),
    "many heredocs": lambda: _block("bash", "cat <<E\nx\nE\n" * 16_000),
    "many templates": lambda: _echo("${{ params.x }}" * 55_000),
    "many templates that are wrong": lambda: _echo("${{ params.y }}" * 55_000),
    "templates in shell": lambda: _block("bash", "echo ${{ params.x }}\n" * 25_000),
    "templates in Python": lambda: _block("run", "x = '${{ params.x }}'\n" * 25_000),
    "a long expression": lambda: _echo("${{ " + "1 + " * 200_000 + "1 }}"),
    "a deep expression": lambda: _echo("${{ " + "(" * 400_000),
    "many filters": lambda: _echo("${{ params.x" + " | upper" * 90_000 + " }}"),
    "a long path": lambda: _echo("${{ params" + ".x" * 400_000 + " }}"),
    "open templates": lambda: _echo("${{ " * 200_000),
    "a long key": lambda: "k" * 900_000 + ": 1\n",
    "a long key that is explicit": lambda: "? " + "k" * 900_000 + "\n: 1\n",
    "many keys": lambda: "".join(f"k{n}: 1\n" for n in range(70_000)),
    "one key many times": lambda: "k: 1\n" * 150_000,
    "many unknown keys of a stage": lambda: _HEAD
    + "        - name: S\n"
    + "".join(f"          k{n}: 1\n" for n in range(40_000)),
    "many workflows": lambda: "".join(
        f"w{n}: {{type: Workflow}}\n" for n in range(30_000)
    ),
    "many stages": lambda: _stages(16_000, "echo", "x"),
    "many stages with mistakes": lambda: _stages(12_000, "echo", "'${{ params.y }}'"),
    "many stages of a wrong kind": lambda: _stages(14_000, "ecko", "x"),
    "many calls of nothing": lambda: _stages(12_000, "uses", "a/b@c"),
    "many jobs in a chain": lambda: _jobs(9_000, lambda n: f"j{n - 1}" if n else ""),
    "many jobs in a circle": lambda: _jobs(9_000, lambda n: f"j{(n + 1) % 9_000}"),
    "many needs": lambda: _jobs(420, lambda n: ", ".join(f"j{m}" for m in range(n))),
    "needs of nothing": lambda: _jobs(9_000, lambda n: f"x{n}"),
    "a large matrix": lambda: "bomb:\n  type: Workflow\n  jobs:\n    a:\n      strategy:\n"
    "        matrix:\n"
    + "".join(f"          m{n}: {list(range(1000))}\n" for n in range(6))
    + "      stages: [{name: s, echo: x}]\n",
    "many schedules": lambda: "bomb:\n  type: Workflow\n  on:\n    schedule:\n"
    + "      - {cronjob: '*/5 * * * *'}\n" * 24_000
    + "  jobs: {a: {stages: [{name: s, echo: x}]}}\n",
    "a large number": lambda: _stage("sleep: " + "9" * 900_000),
    "a large number in Python": lambda: _block("run", "x = " + "9" * 900_000),
    "a large power": lambda: _echo("${{ 9 ** 9 ** 9 ** 9 }}"),
    "a large text by times": lambda: _echo("${{ 'x' * 9999999999 }}"),
    "a large shift": lambda: _echo("${{ 1 << 9999999999 }}"),
    "nothing but tabs": lambda: "\t" * 900_000,
    "nothing but line ends": lambda: "\n" * 900_000,
    "nothing but line separators": lambda: "a: " + "\u2028" * 290_000,
    "nothing but comments": lambda: "# wfc: ignore[WF301] x\n" * 40_000,
    "nothing but anchors": lambda: "".join(f"- &a{n} x\n" for n in range(80_000)),
    "nothing but tags": lambda: "- !x y\n" * 120_000,
    "nothing but documents": lambda: "--- a\n" * 140_000,
    "nothing but dashes": lambda: "-" * 900_000,
    "nothing but quotes": lambda: "'" * 900_000,
    "nothing but backslashes": lambda: 'a: "' + "\\" * 900_000,
    "nothing but dollars": lambda: _echo("$" * 900_000),
    "nothing but braces": lambda: _echo("}}${{" * 180_000),
}
