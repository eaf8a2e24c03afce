"""The tables of `docs/expressions.md` are what the compiler has, and the examples are true.

Each example is compiled as a part of one workflow, whose module is run. `--update` writes the page.
"""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
import wfruntime.filters

from tests.wfcompile.bind.binding import bound
from tests.wfcompile.bind.expression_examples import (
    ATTRIBUTES,
    FILTERS,
    FUNCTIONS,
    LANGUAGE,
    METHODS,
    PARAMS,
)
from wfcompile.bind import functions
from wfcompile.bind.operators import arithmetic, can_contain, can_order
from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.report import render_text
from wfcompile.settings import find_settings
from wfcompile.types import (
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    STR,
    TIMEDELTA,
    UNKNOWN,
    ListType,
    MapType,
    Type,
    annotation,
)

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs" / "expressions.md"
PART = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
OWNERS: Mapping[str, Type] = {
    "str": STR,
    "list": ListType(UNKNOWN),
    "map": MapType(STR, UNKNOWN),
    "date": DATE,
    "datetime": DATETIME,
    "timedelta": TIMEDELTA,
}
CALLER = """\
from wfruntime import tag


@tag("v1")
def show(**values: object) -> dict[str, object]:
    # `result` and `extras` are given, too
    return {"values": [each for name, each in values.items() if name.startswith("v")]}
"""


def examples() -> list[str]:
    tables = [FUNCTIONS, *METHODS.values(), *ATTRIBUTES.values(), FILTERS]
    return [*LANGUAGE, *(each for table in tables for each in table.values())]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Example -> what the emitted module makes of it, as JSON."""
    folder = tmp_path_factory.mktemp("examples")
    written = list(dict.fromkeys(examples()))
    (folder / "conf").mkdir()
    (folder / "conf" / "examples.yml").write_text(workflow(written), encoding="utf-8")
    (folder / "probe.py").write_text(CALLER)
    diagnostics = Diagnostics()
    settings = find_settings(folder / "conf", None, {})
    compilation = compile_project(settings, diagnostics)
    assert render_text(diagnostics, colours=False) == ""
    (folder / "build").mkdir()
    module = folder / "build" / "examples.py"
    module.write_text(compilation.workflows[0].text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, module, "--quiet", "--context", "-"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    job = json.loads(done.stdout)["jobs"]["job"]
    given = job["stages"]["show"]["outputs"]["values"]
    return dict(zip(written, given, strict=True))


def workflow(expressions: Iterable[str]) -> str:
    lines = ["examples:", "  type: Workflow", "  params:"]
    for name, (type_, default) in PARAMS.items():
        given = f", default: {default}" * bool(default)
        lines.append(f"    {name}: {{type: {type_}{given}}}")
    lines += ["  jobs:", "    job:", "      stages:", "        - name: Show"]
    lines += ["          id: show", "          uses: probe/show@v1", "          with:"]
    for number, each in enumerate(expressions):
        quoted = json.dumps(f"${{{{ {each} }}}}", ensure_ascii=False)
        lines.append(f"            v{number}: {quoted}")
    return "\n".join([*lines, ""])


# --- the tables ---


def tables(values: Mapping[str, object]) -> dict[str, str]:
    found = {
        "language": rows("expression value", ((e, values[e]) for e in LANGUAGE)),
        "arithmetic": arithmetic_table(),
        "comparisons": comparison_table(),
        "functions": rows(
            "function takes gives example value",
            (
                (f"{name}", takes(functions.FUNCTIONS[name]), gives(e), e, values[e])
                for name, e in FUNCTIONS.items()
            ),
        ),
        "filters": rows(
            "filter signature gives example value",
            (
                (name, filter_signature(name), gives(e), e, values[e])
                for name, e in FILTERS.items()
            ),
        ),
    }
    for owner, methods in METHODS.items():
        known = functions.methods_of(OWNERS[owner])
        table = [
            (name, takes(known[name]), gives(e), e, values[e])
            for name, e in methods.items()
        ]
        table += [
            (name, "an attribute", gives(e), e, values[e])
            for name, e in ATTRIBUTES.get(owner, {}).items()
        ]
        found[owner] = rows("name takes gives example value", table)
    return found


def rows(head: str, cells: Iterable[tuple[object, ...]]) -> str:
    names = head.split()
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for row in cells:
        *texts, value = row
        shown = [
            *map(cell, map(str, texts)),
            cell(json.dumps(value, ensure_ascii=False)),
        ]
        lines.append(f"| {' | '.join(shown)} |")
    return "\n".join(lines)


def cell(text: str) -> str:
    """As code, but for words; a bar would end the cell."""
    if text in ("an attribute", "nothing") or f" {text}".find(" a ") >= 0:
        return text
    return f"`{text}`".replace("|", "\\|")


def takes(signature: functions.Signature) -> str:
    """`str, int?`: the second one may be left out; `..., at most 9`."""
    if not signature.most:
        return "nothing"
    words = [each.words for each in signature.takes] or ["a value"]
    words += [words[-1]] * (min(signature.most, 3) - len(words))
    marked = [
        f"{word}{'?' * (at >= signature.least)}"
        for at, word in enumerate(words[: signature.most])
    ]
    return (", ".join(marked) + ", ..." * (signature.most > 3)).replace(
        "Any", "a value"
    )


def gives(example: str) -> str:
    quoted = json.dumps(f"${{{{ {example} }}}}", ensure_ascii=False)
    found = bound(quoted)
    assert found.messages == []
    return found.type


def filter_signature(name: str) -> str:
    if name in functions.FILTERS:
        return f"| {name}"
    function = getattr(wfruntime.filters, name)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    given = ", ".join(
        each.name if each.default is each.empty else f"{each.name}={each.default!r}"
        for each in parameters
    )
    return f"| {name}({given})" if given else f"| {name}"


OPERANDS: Mapping[str, Type] = {
    "int": INT,
    "float": FLOAT,
    "Decimal": DECIMAL,
    "str": STR,
    "list": ListType(UNKNOWN),
    "date": DATE,
    "datetime": DATETIME,
    "timedelta": TIMEDELTA,
}


def arithmetic_table() -> str:
    lines = ["| operator | operands and what they give |", "|---|---|"]
    for op in ("+", "-", "*", "/", "//", "%", "**"):
        by_result: dict[str, list[str]] = {}
        for left, one in OPERANDS.items():
            for right, other in OPERANDS.items():
                result = arithmetic(op, one, other)
                if result is not None:
                    shown = annotation(result).replace("list[Any]", "list")
                    by_result.setdefault(shown, []).append(f"{left} {op} {right}")
        told = [f"{', '.join(p)} → {r}" for r, p in by_result.items()]
        lines.append(f"| `{op}` | {'<br>'.join(told).replace('*', chr(92) + '*')} |")
    return "\n".join(lines)


def comparison_table() -> str:
    operands = {**OPERANDS, "map": MapType(STR, UNKNOWN)}
    ordered = [
        f"{left} with {right}"
        for at, (left, one) in enumerate(operands.items())
        for right, other in list(operands.items())[at:]
        if can_order(one, other)
    ]
    inside = [
        name for name, container in operands.items() if can_contain(STR, container)
    ]
    return "\n".join(
        [
            "| operators | operands |",
            "|---|---|",
            "| `==` `!=` | values that can be equal: what never can is an error |",
            f"| `<` `<=` `>` `>=` | {', '.join(ordered)} |",
            f"| `in` `not in` | in {', '.join(inside)} (its keys) |",
            "| `is` `is not` | with `None` |",
        ]
    )


# --- the tests ---


def test_nothing_is_left_out() -> None:
    assert set(FUNCTIONS) == set(functions.FUNCTIONS)
    assert {name: set(each) for name, each in METHODS.items()} == {
        name: set(functions.methods_of(type_)) for name, type_ in OWNERS.items()
    }
    assert {name: set(each) for name, each in ATTRIBUTES.items()} == {
        name: set(found)
        for name, type_ in OWNERS.items()
        if (found := functions.attributes_of(type_))
    }
    built_in = {name for name in wfruntime.filters.__all__ if name.islower()}
    assert set(FILTERS) == built_in | set(functions.FILTERS)


def test_the_page_has_the_tables(values: dict[str, object], update: bool) -> None:
    page = DOCS.read_text(encoding="utf-8")
    made = tables(values)
    assert set(made) == {name for _, name, _ in PART.findall(page)}
    filled = PART.sub(lambda part: f"{part[1]}{made[part[2]]}\n{part[3]}", page)
    if update:
        DOCS.write_text(filled, encoding="utf-8")
    else:
        assert page == filled
