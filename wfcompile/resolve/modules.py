"""One Python file of the users -> `SourceModule`: parsed by griffe, never imported.

Where a `try` or `if NAME is None` offers the same name twice, the first one counts, as it does where it
works.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import griffe

from wfcompile.resolve.written import unquoted
from wfcompile.source import SourceFile, Span, decoded_python, shown_path

FOREIGN = "ddeutil.workflow"
"""The interpreter's package: what is imported from it, the production host may not have."""


class SourceError(Exception):
    """A module that is there and cannot be read; `span` is where it stops being Python."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


@dataclass(frozen=True, slots=True)
class ForeignImport:
    """An import from `FOREIGN` that nothing guards; `name` is "" for the package itself."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class SourceModule:
    """A module; `folder` is what must be on the path so that `import name` finds it."""

    name: str
    folder: Path
    file: SourceFile
    tree: griffe.Module
    foreign: tuple[ForeignImport, ...]

    def line(self, number: int | None) -> Span:
        """A 1-based line without its indent."""
        return line_span(self.file, number or 1)

    def stars(self) -> Iterator[str]:
        """The modules that `from ... import *` names."""
        for name, member in self.tree.members.items():
            if isinstance(member, griffe.Alias) and name.endswith("/*"):
                yield member.target_path


def read_module(name: str, folder: Path, path: Path) -> SourceModule:
    """
    Raises:
        SourceError: the file is not there for us, or no Python.
    """
    file = SourceFile(shown_path(path), _text(path))
    reading = _Reading(file)
    *packages, own = name.split(".")
    try:
        with griffe.logger.disable(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of the users' sources, such as "\d"
            tree = griffe.visit(
                own,
                path,
                file.text,
                parent=_packages(packages, folder),
                extensions=griffe.Extensions(reading),
            )
    except SyntaxError as error:
        reason = "it is not Python" if error.msg == "invalid syntax" else error.msg
        raise SourceError(reason, _syntax_span(file, error)) from None
    except ValueError as error:
        raise SourceError(str(error), Span(file, 0, 0)) from None
    except (RecursionError, MemoryError):
        raise SourceError("it is nested too deep", Span(file, 0, 0)) from None
    return SourceModule(name, folder, file, tree, tuple(reading.foreign))


def line_span(file: SourceFile, number: int) -> Span:
    """A 1-based line without its indent."""
    lines = file.text.split("\n", number)
    start = sum(len(line) + 1 for line in lines[: number - 1])
    text = lines[number - 1].rstrip()
    return Span(file, start + len(text) - len(text.lstrip()), start + len(text))


def _syntax_span(file: SourceFile, error: SyntaxError) -> Span:
    """Where Python stopped, or the whole line when it does not say."""
    line = min(error.lineno or 1, file.text.count("\n") + 1)
    whole = line_span(file, line)
    length = len(file.line_text(line))
    first, last = (error.offset or 0) - 1, (error.end_offset or 0) - 1
    if not 0 <= first < length:
        return whole
    if error.end_lineno != line or not first < last <= length:
        last = first + 1
    line_start = whole.end - len(file.line_text(line).rstrip())
    return Span(file, line_start + first, line_start + last)


def _text(path: Path) -> str:
    place = Span(SourceFile(shown_path(path), ""), 0, 0)
    try:
        return decoded_python(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SourceError(reason, place) from None
    except (UnicodeDecodeError, SyntaxError, LookupError):
        raise SourceError(
            "its text is not in the encoding it should be in", place
        ) from None


def _packages(names: list[str], folder: Path) -> griffe.Module | None:
    """The packages around a module, so that griffe knows what its dots mean."""
    parent = None
    for name in names:
        folder = folder / name
        parent = griffe.Module(name, filepath=folder / "__init__.py", parent=parent)
    return parent


class _Reading(griffe.Extension):
    """Looks at the syntax while griffe visits it: guarded imports, and names offered twice."""

    def __init__(self, file: SourceFile) -> None:
        super().__init__()
        self.file = file
        self.foreign: list[ForeignImport] = []
        self._first: dict[tuple[str, str], griffe.Object | griffe.Alias] = {}
        self._last: Any = None

    def on_alias_instance(
        self, *, node: Any, alias: griffe.Alias, agent: Any, **_: Any
    ) -> None:
        self._keep_first(node, alias)
        if node is not self._last and not _is_guarded(node):
            self.foreign += _foreign_names(self.file, node)
        self._last = node

    def on_instance(
        self, *, node: Any, obj: griffe.Object, agent: Any, **_: Any
    ) -> None:
        self._keep_first(node, obj)

    def on_attribute_instance(
        self, *, node: Any, attr: griffe.Attribute, agent: Any, **_: Any
    ) -> None:
        """Texts inside an annotation stay texts: `Annotated[str, Field(alias="run-id")]`."""
        written = getattr(node, "annotation", None)
        if written is not None and attr.labels != {"class-attribute"}:
            plain = griffe.safe_get_expression(
                written, parent=agent.current, parse_strings=False
            )
            attr.annotation = unquoted(plain, agent.current.module) or plain

    def _keep_first(self, node: Any, member: griffe.Object | griffe.Alias) -> None:
        scope = member.parent
        if scope is None:
            return
        key = (scope.path, member.name)
        if key in self._first and _is_fallback(node, member.name):
            scope.set_member(member.name, self._first[key])
        else:
            self._first[key] = member


def _around(node: Any) -> Iterator[Any]:
    """The statements that a statement stands in, from the inside."""
    while (node := getattr(node, "parent", None)) is not None:
        yield node


def _is_fallback(node: Any, name: str) -> bool:
    """Whether a statement gives a name only where the one before it could not."""
    inside = node
    for each in _around(node):
        if isinstance(each, ast.ExceptHandler):
            return True
        if (
            isinstance(each, ast.If)
            and inside in each.body
            and _asks_for(each.test, name)
        ):
            return True
        inside = each
    return False


def _asks_for(test: ast.expr, name: str) -> bool:
    """`NAME is None`, `not NAME`."""
    match test:
        case ast.Compare(ast.Name(asked), [ast.Is()], [ast.Constant(None)]):
            return asked == name
        case ast.UnaryOp(ast.Not(), ast.Name(asked)):
            return asked == name
    return False


def _is_guarded(node: Any) -> bool:
    """Whether the import may fail, or is for type checkers only."""
    for each in _around(node):
        if isinstance(each, ast.Try):
            return True
        if isinstance(each, ast.If) and ast.unparse(each.test).endswith(
            "TYPE_CHECKING"
        ):
            return True
    return False


def _foreign_names(file: SourceFile, node: Any) -> Iterator[ForeignImport]:
    """What an import statement takes from `FOREIGN`."""
    if isinstance(node, ast.ImportFrom):
        if not node.level and _is_foreign(node.module or ""):
            for name in node.names:
                yield ForeignImport(name.name, _span(file, name))
        return
    for name in node.names:
        if _is_foreign(name.name):
            yield ForeignImport("", _span(file, name))


def _is_foreign(module: str) -> bool:
    return f"{module}.".startswith(f"{FOREIGN}.")


def _span(file: SourceFile, name: ast.alias) -> Span:
    """Columns of `ast` count the bytes of UTF-8."""
    whole = line_span(file, name.lineno)
    line = file.line_text(name.lineno)
    start = whole.start - len(line) + len(line.lstrip())
    before = line.encode()[: name.col_offset].decode()
    length = len(ast.unparse(name)) if name.asname else len(name.name)
    return Span(file, start + len(before), start + len(before) + length)
