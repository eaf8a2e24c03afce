"""Random well-typed expressions compile, to what mypy accepts and Python evaluates as expected.

The emitted functions are run from a module, as a workflow's are; what they must give is computed
while an expression is made up, without its text.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings

from tests.wfcompile.bind.binding import PARAMS, Binding, attribute, bound, condition
from tests.wfcompile.bind.test_mypy_agrees import HEAD, mypy
from tests.wfcompile.bind.typed_expressions import VALUES, Expression, expressions
from wfcompile.types import annotation

EXAMPLES = 400
RANDOM = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@dataclass
class Emitted:
    """The functions of one module, and what each must give."""

    name: str
    functions: list[str] = field(default_factory=list)
    expected: list[tuple[str, Callable[[], Any]]] = field(default_factory=list)

    def add(self, found: Binding, text: str, value: Callable[[], Any]) -> None:
        number = len(self.functions)
        signature = f"def f{number}(ctx: Context) -> {found.type}:"
        self.functions.append(f"{signature} return {found.source}")
        self.expected.append((f"{text}  ->  {found.source}", value))

    def module(self, folder: Path) -> ModuleType:
        fields = (f"    {attribute(n)}: {annotation(t)}" for n, t in PARAMS.items())
        head = HEAD.format(params="\n".join(fields))
        path = folder / "emitted.py"
        path.write_text("\n".join([head, *self.functions, ""]), encoding="utf-8")
        spec = importlib.util.spec_from_file_location(self.name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[self.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module

    def check(self, folder: Path) -> None:
        module = self.module(folder)
        for number, (shown, value) in enumerate(self.expected):
            function = getattr(module, f"f{number}")
            found = outcome(lambda function=function: function(CONTEXT))
            assert found == outcome(value), shown
        assert mypy(folder) == []
        assert ruff(folder) == ""
        assert len(self.functions) > EXAMPLES * 3 // 4


def ruff(folder: Path) -> str:
    command = [Path(sys.executable).with_name("ruff"), "check", "--isolated", "--quiet"]
    done = subprocess.run(
        [
            *command,
            "--target-version=py310",
            "--select=E7,E9,F",
            "--ignore=E701,F401",
            "emitted.py",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def outcome(compute: Callable[[], Any]) -> tuple[str, object]:
    """The type and the value, or what is raised: both sides divide by 0 at the same places.

    The filters of the runtime raise an error of their own.
    """
    try:
        value = compute()
    except Exception:
        return ("error", "")
    return (type(value).__name__, value)


def context() -> SimpleNamespace:
    values = {path: value for path, (_, value) in VALUES.items()}
    outputs = {
        "job__call": values["stages.call.outputs"],
        "job__shell": {"return_code": values["stages.shell.outputs.return_code"]},
    }
    params = {
        attribute(path.removeprefix("params.")): value
        for path, value in values.items()
        if path.startswith("params.")
    }
    return SimpleNamespace(
        params=SimpleNamespace(**params),
        matrix={"os": values["matrix.os"]},
        item=values["item"],
        outputs=lambda function: outputs[function.__name__],
        lookup=lambda *path: values[".".join(path)],
    )


CONTEXT = context()


def quoted(text: str) -> str:
    """As a scalar of YAML."""
    return json.dumps(text, ensure_ascii=False)


def accepted(found: Binding) -> bool:
    """Two constants that differ are told, and places that are not there: no author has them."""
    said = found.messages
    told = ("which is never equal", "there is nothing at this place")
    assert [each for each in said if not any(text in each for text in told)] == [], said
    return not said


def test_a_value(tmp_path: Path) -> None:
    emitted = Emitted("random_values")

    @RANDOM
    @given(expressions())
    def compile_one(expression: Expression) -> None:
        found = bound(quoted(f"${{{{ {expression.text} }}}}"))
        assume(accepted(found))
        assert found.type == expression.type or found.type.startswith("Literal[")
        emitted.add(found, expression.text, expression.value)

    compile_one()
    emitted.check(tmp_path)


def test_a_condition(tmp_path: Path) -> None:
    """Python text with templates in it."""
    emitted = Emitted("random_conditions")

    @RANDOM
    @given(expressions(depth=3, type_="bool"))
    def compile_one(expression: Expression) -> None:
        assume("$" not in expression.text)
        assume(not re.search(r"\b(true|false|null)\b", expression.text))
        text = PATH.sub(lambda path: f"${{{{ {path[0]} }}}}", expression.text)
        found = condition(quoted(text))
        assume(accepted(found))
        emitted.add(found, expression.text, expression.value)

    compile_one()
    emitted.check(tmp_path)


PATH = re.compile(rf"(?:{'|'.join(map(re.escape, VALUES))})\b\??")


def test_a_part_of_a_text(tmp_path: Path) -> None:
    emitted = Emitted("random_texts")

    @RANDOM
    @given(expressions(depth=2))
    def compile_one(expression: Expression) -> None:
        found = bound(quoted(f"a {{}} '${{{{{expression.text} }}}}\" \\n"))
        assume(accepted(found))
        emitted.add(
            found, expression.text, lambda: f"a {{}} '{expression.value()}\" \\n"
        )

    compile_one()
    emitted.check(tmp_path)
