"""The table of types: rows of `*.test` files, each a small project with mistakes in it.

A row begins with `=== title`, its parts with `--- name`: files of the project, `callers`, which
are `tasks.py` behind the usual imports, `stages`, which are those of the only job of a workflow,
and at the end `expected`.
`<<wrong => right>>` is a place with a mistake. What is wrong is told as `expected` has it: the
line of the file, the text that is underlined, the code, the message. What is right is silent, and
its module is sound for `mypy --strict`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.settings import Settings, find_settings

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.test"))
_CHOICE = re.compile(r"<<(.*?) => (.*?)>>", re.DOTALL)
_IMPORTS = """\
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, Optional
from typing import Protocol, TypeAlias, TypedDict, TypeVar, Union, overload
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, RootModel, SecretStr
from pydantic import field_validator
from typing_extensions import NotRequired, ParamSpec, Required
from wfruntime import tag

"""
_STAGES = """\
w:
  type: Workflow
  jobs:
    j:
      stages:
"""


@dataclass(frozen=True)
class Row:
    """`line` is where it begins in its file."""

    file: Path
    line: int
    title: str
    parts: Mapping[str, str]

    @property
    def id(self) -> str:
        return f"{self.file.stem}: {self.title}"

    @property
    def expected(self) -> str:
        return self.parts.get("expected", "")

    def sources(self, *, right: bool) -> dict[str, str]:
        """Path below the project -> text."""
        chosen = {
            name: _CHOICE.sub(r"\2" if right else r"\1", text)
            for name, text in self.parts.items()
            if name != "expected"
        }
        callers = chosen.pop("callers", None)
        if callers is not None:
            chosen["tasks.py"] = _IMPORTS + callers
        stages = chosen.pop("stages", None)
        if stages is not None:
            chosen["w.yml"] = _STAGES + textwrap.indent(stages, " " * 8)
        return {_folder(name) + name: text for name, text in chosen.items()}


def _folder(name: str) -> str:
    return "conf/" if name.endswith(".yml") else ""


def rows(file: Path) -> list[Row]:
    return list(_rows(file))


def _rows(file: Path) -> Iterator[Row]:
    line = 1
    for text in re.split(r"(?m)^(?==== )", file.read_text(encoding="utf-8")):
        if text.startswith("=== "):
            head, *parts = re.split(r"(?m)^--- ", text)
            named = dict(part.partition("\n")[::2] for part in parts)
            yield Row(file, line, head[4:].strip(), _without_blank_end(named))
        line += text.count("\n")


def _without_blank_end(parts: Mapping[str, str]) -> dict[str, str]:
    return {n: f"{t.rstrip()}\n" if t.strip() else "" for n, t in parts.items()}


def write(folder: Path, sources: Mapping[str, str]) -> None:
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def settings_of(folder: Path) -> Settings:
    """The callers lie in the folder itself."""
    (folder / "wfc.toml").write_text(
        (
            'conf = "conf"\ncallers = ["."]\nfilters = ["filters"]\n'
            if (folder / "filters.py").exists()
            else 'conf = "conf"\ncallers = ["."]\n'
        ),
        encoding="utf-8",
    )
    return find_settings(folder / "conf", None, {})


def said(folder: Path) -> str:
    """What is said of the project, one line each."""
    diagnostics = Diagnostics()
    check_project(settings_of(folder), diagnostics)
    return "".join(f"{_shown(each)}\n" for each in diagnostics)


def _shown(found: Diagnostic) -> str:
    file, place = found.span.file, found.span
    name = Path(file.path).name
    text = " ".join(file.text[place.start : place.end].split())
    where = f"{'' if name == 'w.yml' else name + ':'}{place.line}"
    help = f" [{found.help}]" if found.help else ""
    return f"{where} <{text}> {found.code} {found.message}{help}"
