"""One workflow run twice: by the interpreter and as a compiled module."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.case_files import Case, lay_out, text_of_callers
from tests.conformance.compare import difference
from tests.conformance.projects import compile_case
from tests.conformance.server import ROOT, Server
from tests.fuzz.explained import explain, without_unused

INTERPRETER = ROOT / ".venv-interpreter" / "bin" / "python"
FILE = "workflow.yml"
TRIES = 6
"""How often the interpreter is asked when the two disagree: its races give several answers."""


class BlockText(str):
    """Written as a literal block."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _block)


def dumped(document: Any) -> str:
    text: str = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
    )
    return text


@dataclass(frozen=True)
class Sample:
    """Attributes:
    document: the YAML file with the workflow `wf` and those that it triggers.
    asked: as in a golden case.
    """

    document: Mapping[str, Any]
    asked: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Attributes:
    verdict: agreed, explained, unexplained, or invalid: the interpreter does not load it.
    rows: D numbers that explain a difference.
    said: what differs.
    cause: its first words, to tell one finding from another.
    """

    verdict: str
    case: Case
    rows: tuple[str, ...] = ()
    said: str = ""
    cause: str = ""


class Bench:
    """The two long-living processes, and a folder for the projects."""

    def __init__(self) -> None:
        with ExitStack() as stack:
            folder = tempfile.TemporaryDirectory(prefix="wfc-fuzz-")
            self._folder = Path(stack.enter_context(folder))
            modules = Server([sys.executable, "-m", "tests.fuzz.modules"])
            self._modules = stack.enter_context(modules)
            interpreter = Server(
                [str(INTERPRETER), "-m", "tests.fuzz.interpreter"],
                _environment_of_interpreter(),
            )
            self._interpreter = stack.enter_context(interpreter)
            self._open = stack.pop_all()

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def try_out(self, sample: Sample) -> Outcome:
        case = case_of(sample)
        folder = self._folder / case.name
        shutil.rmtree(folder, ignore_errors=True)
        lay_out(case, folder)
        expected = self._interpreted(case)
        hangs = expected == {"hang": True}
        if "context" not in expected and not hangs:
            return Outcome("invalid", case, said=str(expected), cause="invalid")
        case = replace(case, expect=expected)
        compiled = compile_case(case, folder)
        if compiled.errors:
            return _refused(case, compiled.errors, compiled.said)
        module = compiled.modules[case.workflow]
        actual = self._modules.ask(case, folder, module=module)
        if hangs:
            return _ended(case, actual)
        outcome = self._compared(case, expected, actual)
        if outcome.verdict != "unexplained" or "WF252" not in compiled.said:
            return outcome
        return self._compared_without_unused(case, actual) or outcome

    def _compared_without_unused(
        self, case: Case, actual: dict[str, Any]
    ) -> Outcome | None:
        """D14: a value of `vars` that no block reads is not computed, so it cannot fail."""
        document = without_unused(yaml.load(case.conf[FILE], yaml.CSafeLoader))
        changed = replace(case, conf={FILE: dumped(document)})
        lay_out(changed, self._folder / case.name)
        expected = self._interpreted(changed)
        if "context" not in expected:
            return None
        outcome = self._compared(changed, expected, actual)
        if outcome.verdict == "unexplained":
            return None
        return Outcome("explained", case, ("D14", *outcome.rows))

    def _compared(
        self, case: Case, expected: dict[str, Any], actual: dict[str, Any]
    ) -> Outcome:
        if not difference(expected, actual):
            return Outcome("agreed", case)
        for _ in range(TRIES):
            explanation = explain(case, expected, actual)
            if not explanation.left:
                verdict = "explained" if explanation.rows else "agreed"
                return Outcome(verdict, case, explanation.rows)
            expected = self._interpreted(case)
            if "context" not in expected:
                return _ended(case, actual)
        said = explanation.left
        return Outcome("unexplained", case, said=said, cause=cause_of(said))

    def _interpreted(self, case: Case) -> dict[str, Any]:
        folder = self._folder / case.name
        return self._interpreter.ask(case, folder)


def _environment_of_interpreter() -> dict[str, str]:
    """Where wfruntime is found too, the callers take it, and its `Result` is refused."""
    return {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}


def case_of(sample: Sample) -> Case:
    return Case(
        name="wf",
        asked=sample.asked,
        conf={FILE: dumped(sample.document)},
        callers=text_of_callers(sample.asked["callers"]),
        expect={},
    )


def _ended(case: Case, actual: dict[str, Any]) -> Outcome:
    """D19: the interpreter waits for the record of a job that has failed."""
    if actual.get("status") == "FAILED":
        return Outcome("explained", case, ("D19",))
    return Outcome("unexplained", case, said=f"hang: {actual}", cause="hang")


def _refused(case: Case, errors: list[str], said: str) -> Outcome:
    codes = sorted({each.split()[0] for each in errors})
    if codes == ["WF251"]:
        return Outcome("explained", case, ("D14",))
    return Outcome("unexplained", case, said=said, cause=f"refused {codes}")


def cause_of(said: str) -> str:
    """The first lines that differ, without the text between them."""
    changed = [
        line[0] + line[1:].strip()
        for line in said.splitlines()
        if line[:1] in "+-" and not line.startswith(("---", "+++"))
    ]
    return " ".join(changed[:3])[:160]


def case_text(case: Case) -> str:
    """As a file of tests/conformance/cases."""
    sections = {
        "asked": yaml.safe_dump(dict(case.asked), allow_unicode=True),
        **{f"conf/{path}": text for path, text in case.conf.items()},
        "expect": dumped(dict(case.expect)),
    }
    return "".join(f"=== {title} ===\n{text}" for title, text in sections.items())
