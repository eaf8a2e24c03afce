"""The codes that the sources of the compiler use, read from their syntax trees.

A code counts where it is a value: an argument, or a part of a text that is printed. What stands in
comments and docstrings does not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPILER = ROOT / "wfcompile"
ABOUT_CODES = {COMPILER / "doctor", COMPILER / "rules"}
CODE = re.compile(r"\bWF\d{3}\b")


@dataclass(frozen=True, slots=True)
class Use:
    """One place that uses a code.

    Attributes:
        part: the package or module of the compiler.
        texts: what is passed beside the code, `{}` for what is put in.
    """

    code: str
    part: str
    texts: tuple[str, ...]


@cache
def uses() -> tuple[Use, ...]:
    """Those of the passes; the doctor and the rules only tell what a code is about."""
    paths = sorted(COMPILER.rglob("*.py"))
    passes = [path for path in paths if ABOUT_CODES.isdisjoint(path.parents)]
    return tuple(use for path in passes for use in _uses(path))


def _uses(path: Path) -> Iterator[Use]:
    part = path.relative_to(COMPILER).parts[0].removesuffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        values = node.args if isinstance(node, ast.Call) else []
        texts = tuple(_template(each) for each in values if _is_text(each))
        for code in (each for each in values if isinstance(each, ast.Constant)):
            if isinstance(code.value, str) and CODE.fullmatch(code.value):
                skipped.add(id(code))
                others = tuple(text for text in texts if text != code.value)
                yield Use(code.value, part, others)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in skipped:
            for found in CODE.findall(str(node.value)):
                yield Use(found, part, ())


def _docstrings(tree: ast.Module) -> set[int]:
    """Texts that stand alone: docstrings, and those of attributes."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(each.value) if isinstance(each, ast.Constant) else "{}"
            for each in node.values
        )
    assert isinstance(node, ast.Constant)
    return str(node.value)
