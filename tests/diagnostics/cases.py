"""The cases: small projects with one mistake each, and what `wfc check` says of them.

One case of each code has a folder `fixed` with the same project mended: it is the example of the
code's page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from wfcompile.cli import app
from wfcompile.diagnostics import Diagnostics
from wfcompile.fixes import fixes_by_file
from wfcompile.pipeline import check_project
from wfcompile.settings import find_settings

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("WF*/*") if (path / "conf").is_dir())
_FOUND = re.compile(r"^.+:\d+:\d+: (error|warning) (WF\d{3}): (.+)$", re.MULTILINE)


def name(case: Path) -> str:
    return f"{case.parent.name}-{case.name}"


def examples(code: str) -> list[Path]:
    """The cases of a code that are mended; there should be one."""
    return sorted(path.parent for path in HERE.glob(f"{code}/*/fixed"))


def files(project: Path) -> dict[str, Path]:
    """Path in a case, or in its `fixed` -> the file; what is expected is no part of it."""
    inside = [path for path in sorted(project.rglob("*")) if not path.is_dir()]
    named = {path.relative_to(project).as_posix(): path for path in inside}
    others = ("fixed/", "expected.", "options.txt")
    return {name: path for name, path in named.items() if not name.startswith(others)}


def checked(
    case: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *options: str,
) -> tuple[int, str, str]:
    """Exit code, output and error output of `wfc check` in the folder of a case."""
    for variable in ("CONF_PATH", "REGISTRY_CALLER", "REGISTRY_FILTER"):
        monkeypatch.delenv(f"WORKFLOW_CORE_{variable}", raising=False)
    monkeypatch.chdir(case)
    own = case / "options.txt"
    words = own.read_text(encoding="utf-8").split() if own.is_file() else []
    code = app(["check", *words, *options], prog_name="wfc", standalone_mode=False)
    out, err = capsys.readouterr()
    return code, out, err


def found(text: str) -> list[tuple[str, str, str]]:
    """Severity, code and message of each diagnostic of an output."""
    return _FOUND.findall(text)


@cache
def fixable() -> tuple[Path, ...]:
    """The cases that `wfc check --fix` would change."""
    return tuple(case for case in CASES if _is_fixable(case))


def _is_fixable(case: Path) -> bool:
    found = Diagnostics()
    check_project(find_settings(case / "conf", None, {}), found)
    return bool(fixes_by_file(found))
