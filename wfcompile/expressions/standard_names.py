"""What a name that a block imports is: class, function, module or value.

Only modules of the standard library are looked at, and of those only the ones below, which do
nothing when they are imported; a user's module is never imported.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Literal

ImportedKind = Literal["class", "function", "module", "value"]

MODULES = frozenset(
    [
        "argparse",
        "base64",
        "bisect",
        "calendar",
        "collections",
        "collections.abc",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "glob",
        "gzip",
        "hashlib",
        "heapq",
        "hmac",
        "html",
        "http",
        "io",
        "itertools",
        "json",
        "logging",
        "math",
        "operator",
        "os",
        "os.path",
        "pathlib",
        "random",
        "re",
        "secrets",
        "shlex",
        "shutil",
        "socket",
        "sqlite3",
        "statistics",
        "string",
        "struct",
        "subprocess",
        "sys",
        "tempfile",
        "textwrap",
        "time",
        "types",
        "typing",
        "unicodedata",
        "urllib",
        "urllib.error",
        "urllib.parse",
        "urllib.request",
        "uuid",
        "warnings",
        "xml.etree",
        "xml.etree.ElementTree",
        "zipfile",
        "zlib",
        "zoneinfo",
    ]
)


def standard_module(name: str) -> ModuleType:
    """One of `MODULES`."""
    assert name in MODULES
    return import_module(name)


@cache
def imported_kind(module: str, name: str) -> ImportedKind | None:
    """The kind of `from module import name`; None when it is known at run time only.

    A name in CapWords is taken to be a class wherever it comes from.

    >>> imported_kind("datetime", "timedelta"), imported_kind("os.path", "join")
    ('class', 'function')
    """
    if module in MODULES:
        value: object = getattr(standard_module(module), name, None)
        if isinstance(value, type):
            return "class"
        if isinstance(value, FunctionType | BuiltinFunctionType):
            return "function"
        if isinstance(value, ModuleType):
            return "module"
        if isinstance(value, int | float | str):
            return "value"
        if value is not None:
            return "module"  # os.environ, typing.Optional: no outputs of a stage either
    is_cap_words = name[:1].isupper() and not name.isupper()
    return "class" if is_cap_words else None
