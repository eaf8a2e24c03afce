"""YAML names -> Python names: pure functions, and `Names`, the registry of one module.

A name depends on its own text alone, so that a new job renames nothing; only where two texts
would give one name does the later one in YAML order get a number. Every result is an identifier
in the normal form that Python compares (NFKC), never a keyword.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count

_NEVER_INSIDE = re.compile(r"[^A-Za-z0-9_]")
"""Of ASCII."""

RUNTIME = "rt"
CONTEXT = "ctx"
WORKING_DIRECTORY = "working_directory"

FIELD_TYPES = frozenset(
    ["Any", "Decimal", "Literal", "Path", "bool", "bytes", "date", "datetime", "dict"]
    + ["field", "float", "int", "list", "object", "str", "timezone"]
)
"""What the body of `Params` reads: a field of that name would hide it from the next one."""

JOB_ENDINGS = ("__if", "__max_parallel", f"__{WORKING_DIRECTORY}")
"""What the names of a job's own functions end with."""

MODULE_NAMES = frozenset(
    ["Any", "Callable", "Decimal", "Literal", "Params", "Path", "TypedDict"]
    + ["WORKFLOW", "ctx"]
    + ["dataclass", "date", "datetime", "field", "os", "release", "rt", "sys"]
    + ["timedelta", "timezone", "wfruntime", WORKING_DIRECTORY]
)
"""What an emitted module may import or define by itself; no caller module may be called so."""

# of all Pythons from 3.10 on, so that the compiler's own one does not show
_BUILTINS = frozenset(dir(builtins)) | {
    "BaseExceptionGroup",
    "ExceptionGroup",
    "PythonFinalizationError",
}

_ALWAYS_TAKEN = MODULE_NAMES | _BUILTINS


def identifier(text: str) -> str:
    """The nearest identifier: what none can hold becomes `_`.

    >>> [identifier(text) for text in ("retrieve-api", "2nd try", "class", "größe", "")]
    ['retrieve_api', '_2nd_try', 'class_', 'größe', '_']
    """
    name = _beginning(text)
    return f"{name}_" if keyword.iskeyword(name) else name


def _beginning(text: str) -> str:
    """What an identifier may begin with; alone it may be a keyword."""
    name = _inside(text)
    return name if name.isidentifier() else f"_{name}"


def _inside(text: str) -> str:
    """What an identifier may hold behind its beginning, such as `class` or `2nd`."""
    if text.isascii():
        return _NEVER_INSIDE.sub("_", text)
    normal = unicodedata.normalize("NFKC", text)
    return "".join(c if f"a{c}".isidentifier() else "_" for c in normal)


def module_name(workflow_name: str) -> str:
    """The module of a workflow, also the stem of its file.

    >>> module_name("run-py-local")
    'run_py_local'
    """
    return identifier(workflow_name)


def attribute_name(parameter_name: str) -> str:
    """The field of `Params`: a type or function that the class body reads is not hidden.

    >>> [attribute_name(name) for name in ("run-date", "date", "list", "_id")]
    ['run_date', 'date_', 'list_', '_id']
    """
    name = identifier(parameter_name)
    if name in FIELD_TYPES:
        return f"{name}_"
    # a name that begins with two signs would be mangled, one with four is Python's own
    return f"p{name}" if name.startswith("__") else name


def class_name(*parts: str) -> str:
    """One class name of several YAML names.

    >>> class_name("check-landing"), class_name("report", "pick_2")
    ('CheckLanding', 'ReportPick2')
    """
    words = [word for part in parts for word in _inside(part).split("_") if word]
    return identifier("".join(word[0].upper() + word[1:] for word in words))


def function_name(*parts: str) -> str:
    """`job__stage`, `job__outer__inner`; every part is a YAML name.

    >>> function_name("check-landing", "count-files"), function_name("class", "2nd")
    ('check_landing__count_files', 'class__2nd')
    """
    return identifier("__".join(map(_inside, parts)))


def constant_name(function: str) -> str:
    """The module-level constant that belongs to a function.

    >>> constant_name("check_landing__count_files")
    'CHECK_LANDING__COUNT_FILES'
    """
    return identifier(function.upper())


class Names:
    """The names of one module.

    Args:
        modules: the caller modules that it imports.
    """

    def __init__(self, modules: Iterable[str] = ()) -> None:
        self._jobs = _Taken()
        self._taken = _Taken(_ALWAYS_TAKEN)
        self._taken.names.update(module.partition(".")[0] for module in modules)

    def job(self, job_id: str) -> str:
        """The head of the names of the job's functions; stands nowhere alone."""
        name = self._jobs.take(_beginning(job_id))
        self._taken.names.update(f"{name}{ending}" for ending in JOB_ENDINGS)
        return name

    def function(self, *parts: str, endings: Iterable[str] = ()) -> str:
        """`job__stage`; free together with each of `endings`, such as `__items`.

        The first part is best what `job` gave, for stages inside others what they were given.
        """
        return self.take(function_name(*parts), endings)

    def type(self, *parts: str) -> str:
        return self.take(class_name(*parts))

    def constant(self, function: str) -> str:
        return self.take(constant_name(function))

    def local(self, text: str, modules: Iterable[str]) -> str:
        """A name inside of one function, that hides nothing of the module or of `modules`."""
        tops = {module.partition(".")[0] for module in modules}
        name = identifier(text)
        return next(
            each
            for each in _numbered(name, 1)
            if each not in self._taken.names and each not in tops
        )

    def take(self, name: str, endings: Iterable[str] = ()) -> str:
        """`name`, or `name_2`, `name_3` ... when it is not free; taken from now on."""
        return self._taken.take(name, tuple(endings))


class _Taken:
    """Names that only become more: the search for a free number goes on where it ended."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = set(names)
        self._numbers: dict[tuple[str, tuple[str, ...]], int] = {}

    def take(self, name: str, endings: tuple[str, ...] = ()) -> str:
        number = self._numbers.get((name, endings), 1)
        all_endings = ("", *endings)
        for free in _numbered(name, number):
            if not any(f"{free}{ending}" in self.names for ending in all_endings):
                break
            number += 1
        self._numbers[name, endings] = number + 1
        self.names.update(f"{free}{ending}" for ending in all_endings)
        return free


def _numbered(name: str, first: int) -> Iterator[str]:
    """`name` for 1, `name_2`, `name_3` ..."""
    for number in count(first):
        yield name if number == 1 else f"{name}_{number}"
