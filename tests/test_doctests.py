"""The examples in docstrings say what the code does."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
IMPORT_ROOT_BY_FOLDER = {
    "wfcompile": ROOT,
    "runtime/wfruntime": ROOT / "runtime",
    "conf": ROOT / "conf",
    "examples/finance_api": ROOT,
}


def modules_with_examples() -> list[tuple[str, Path]]:
    """(dotted name, the folder it is imported from), in order of the path."""
    return [
        (".".join(path.relative_to(root).with_suffix("").parts), root)
        for folder, root in IMPORT_ROOT_BY_FOLDER.items()
        for path in sorted((ROOT / folder).rglob("*.py"))
        if ">>> " in path.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize(("name", "root"), modules_with_examples())
def test_examples(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root))
    module = importlib.import_module(name.removesuffix(".__init__"))
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0
