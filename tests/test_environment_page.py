"""`docs/environment.md` names every variable that our code reads, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
EFFECTIVE, WITHOUT_EFFECT = PAGE.split(
    "These variables of the interpreter have no effect"
)
NAME = re.compile(r"^\| `([A-Z_]+)` \| ([a-z, ]+) \|", re.MULTILINE)
VARIABLE = re.compile(r"(?:WORKFLOW|WFC)_[A-Z_]*[A-Z]|NO_COLOR|TERM|TZ")
PARTS = {"wfc": ROOT / "wfcompile", "modules": ROOT / "runtime" / "wfruntime"}
OF_THE_INTERPRETER = {
    *("CORE_CONF_PATH", "CORE_REGISTRY_CALLER", "CORE_REGISTRY_FILTER"),
    *("CORE_STAGE_DEFAULT_ID", "CORE_GENERATE_ID_SIMPLE_MODE"),
    *("LOG_TRACE_HANDLERS", "LOG_DEBUG_MODE", "LOG_TIMEZONE"),
    *("LOG_AUDIT_URL", "LOG_AUDIT_CONF", "LOG_AUDIT_ENABLE_WRITE"),
    *("API_VERSION", "API_PREFIX_PATH"),
}


def variables_in(folder: Path) -> set[str]:
    """The texts in the code that are a variable's name as a whole."""
    return {
        node.value
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and VARIABLE.fullmatch(node.value)
    }


def test_what_is_read_is_told_and_by_whom() -> None:
    told = {name: set(parts.split(", ")) for name, parts in NAME.findall(EFFECTIVE)}
    read: dict[str, set[str]] = {}
    for part, folder in PARTS.items():
        for name in variables_in(folder):
            read.setdefault(name, set()).add(part)
    assert told == read


def test_each_variable_of_the_interpreter_has_a_row() -> None:
    rows = re.findall(r"^\| `WORKFLOW_([A-Z_]+)`", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(OF_THE_INTERPRETER)
