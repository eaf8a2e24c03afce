"""The golden cases: texts that say what the interpreter did, and where a module may do otherwise.

Those in `cases` and `diverge` came with the language; those in `further` are recorded here, by
record.py. A case is one file of sections, each under a line `=== title ===`:

    asked            what is run and how; left out when it is the workflow `wf` without params;
                     `action: rerun` goes on with the context in its options;
                     `callers` is the text in callers/ that golden_reg/tasks.py has
    conf/PATH        a file of the conf folder, verbatim
    expect           what the interpreter gave
    refused          rule 2, "earlier": all errors of the compiler, as `CODE FILE:LINE:COLUMN`
    refused: D10     rule 3, "difference": the same, for a reason that docs/differences.md gives
    decided: D4, D9  rule 3, "difference": what the module gives, in the form of `expect`

At most one of the last three is there; without one the module must give the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
_TITLE = re.compile(r"^=== (.+) ===\n", re.MULTILINE)


@dataclass(frozen=True)
class Decision:
    """How the module departs from the interpreter.

    Attributes:
        rows: D numbers; empty for what is only refused earlier.
        content: the errors of a refusal, else the result.
    """

    is_refusal: bool
    rows: tuple[str, ...]
    content: Any


@dataclass(frozen=True)
class Case:
    """`conf`: path below the conf folder -> text. `callers`: the text of golden_reg/tasks.py."""

    name: str
    asked: Mapping[str, Any]
    conf: Mapping[str, str]
    callers: str | None
    expect: Mapping[str, Any]
    decision: Decision | None = field(default=None)

    @property
    def workflow(self) -> str:
        return str(self.asked.get("workflow", "wf"))

    @property
    def options(self) -> Mapping[str, Any]:
        options: Mapping[str, Any] = self.asked.get("options", {})
        return options

    @property
    def environment(self) -> dict[str, str]:
        """What the interpreter ran with: its base environment under that of the case."""
        environment = {
            "TZ": "UTC",
            "WORKFLOW_CORE_CONF_PATH": "./conf",
            "WORKFLOW_CORE_REGISTRY_CALLER": "golden_reg",
            "WORKFLOW_CORE_REGISTRY_FILTER": (
                "ddeutil.workflow.reusables,golden_reg.tasks"
            ),
            **self.asked.get("env", {}),
        }
        return {name: value for name, value in environment.items() if value is not None}

    @property
    def rule(self) -> str:
        """Which of the three rules it is held to: same, earlier or difference."""
        if self.decision is None:
            return "same"
        return "difference" if self.decision.rows else "earlier"


def read_cases(folder: Path) -> list[Case]:
    """In the order of their names."""
    return [read_case(path) for path in sorted(folder.glob("*.case"))]


def read_case(path: Path) -> Case:
    _, *pieces = _TITLE.split(path.read_text(encoding="utf-8"))
    sections = dict(zip(pieces[::2], pieces[1::2], strict=True))
    asked = _loaded(sections.pop("asked", "{}"))
    conf = {
        title.removeprefix("conf/"): sections.pop(title)
        for title in list(sections)
        if title.startswith("conf/")
    }
    callers = asked.get("callers")
    return Case(
        name=path.stem,
        asked=asked,
        conf=conf,
        callers=text_of_callers(callers) if callers else None,
        expect=_loaded(sections.pop("expect", "{}")),
        decision=_decision(sections),
    )


def text_of_callers(name: str) -> str:
    """They are no `.py` files: our linters are not asked about them."""
    return (HERE / "callers" / f"{name}.txt").read_text(encoding="utf-8")


def _decision(sections: Mapping[str, str]) -> Decision | None:
    """Of the sections that are left, which are none or one."""
    if not sections:
        return None
    ((title, text),) = sections.items()
    kind, _, rows = title.partition(": ")
    assert kind in ("refused", "decided"), title
    assert rows or kind == "refused", title
    named = tuple(rows.split(", ")) if rows else ()
    return Decision(kind == "refused", named, _loaded(text))


def _loaded(text: str) -> Any:
    return yaml.load(text, yaml.CSafeLoader)


def lay_out(case: Case, folder: Path) -> None:
    for path, text in case.conf.items():
        _write_text(folder / "conf" / path, text)
    if case.callers is not None:
        registry = case.environment.get("WORKFLOW_CORE_REGISTRY_CALLER", ".")
        _write_text(folder / registry / "tasks.py", case.callers)
    if (folder / "golden_reg").is_dir():
        _write_text(folder / "golden_reg" / "__init__.py", "")


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


GOLDEN = read_cases(HERE / "cases")
DIVERGE = read_cases(HERE / "diverge")
FURTHER = read_cases(HERE / "further")
"""Those that record.py has recorded for this project."""
