"""What is told of an exception: its record, its place in the YAML, the user's frames of it."""

from __future__ import annotations

import os

from .errors import RunError
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from traceback import FrameSummary, TracebackException
    from typing import Any

    from .block_lines import BlockLines

RUNTIME_FOLDER = os.path.dirname(os.path.abspath(__file__))
LIBRARY_FOLDER = os.path.dirname(os.path.abspath(os.__file__))
VALUE_FILES = [os.path.join(RUNTIME_FOLDER, f"{n}.py") for n in ("convert", "filters")]
"""What these raise is about a value, and only the module's line tells which one."""
PACKAGE_FOLDERS = ("site-packages", "dist-packages")
PLACE = "_wfruntime_place"
"""The attribute of an exception that has its place."""


def error_record(error: BaseException) -> dict[str, str]:
    """The `errors` of a record: the exception's own class name, and its text.

    >>> error_record(KeyError("total"))
    {'name': 'KeyError', 'message': "there is no key 'total'"}
    """
    try:
        message = str(error)
    except Exception:  # a user's __str__
        message = "(its text cannot be shown)"
    if type(error) is KeyError and len(error.args) == 1 and " " not in message:
        message = f"there is no key {message}"
    return {"name": type(error).__name__, "message": mask(message)}


def one_line(errors: Mapping[str, str]) -> str:
    """An error as the end of another one's message.

    >>> one_line({"name": "KeyError", "message": "'a'"})
    "KeyError: 'a'"
    """
    if not errors["message"]:
        return errors["name"]
    return f"{errors['name']}: {errors['message']}"


def place(source: str, line: int | None, path: str, matrix: object = None) -> str:
    """Where something has failed.

    >>> place("conf/x.yml", 40, "job/stage", {"layer": "raw"})
    "conf/x.yml:40 (job/stage {'layer': 'raw'})"
    """
    at = source if line is None else f"{source}:{line}"
    return f"{at} ({path}{f' {matrix}' if matrix else ''})"


def add_place(error: BaseException, place: str) -> None:
    """Note on the exception where in the YAML it arose; the innermost place stays."""
    told: Any = error
    if hasattr(told, PLACE):
        return
    setattr(told, PLACE, place)
    # what `add_note` does, which Python 3.10 does not have
    told.__notes__ = [*getattr(told, "__notes__", ()), f"at {place}"]


def place_of(error: BaseException, source: str) -> str:
    """`file:line` where in the YAML it arose; the file alone where that is not known."""
    told = str(getattr(error, PLACE, source))
    file = source if told.startswith(source) else ""
    return file + told.removeprefix(file).partition(" (")[0]


def traceback_text(
    error: BaseException, module: str | None = None, block: BlockLines | None = None
) -> str:
    """The traceback, shortened to the user's frames; "" where they would tell nothing.

    Left out are the runtime, libraries below the user's code, and the emitted module. Its
    frames are shown where they are the block's, or where there are no others and they may
    tell which value it was. What it was raised from is shortened likewise, to its message
    if all of it happened in a library.

    Args:
        module: The file of the emitted module.
        block: Of the stage; its frames show their places in the YAML.
    """
    is_of_value = _raised_in(error) in VALUE_FILES
    says_all = isinstance(error, RunError) and not is_of_value
    if says_all and error.__cause__ is None:
        return ""
    from traceback import TracebackException

    told = TracebackException.from_exception(error, compact=True)
    if is_of_value:
        told.__cause__ = told.__context__ = None  # the runtime's own
    others = [frame for frame in told.stack if not _is_ours(frame.filename)]
    parts = (told, *_causes(told))
    for part in parts:
        own = [frame for frame in part.stack if _is_own(frame.filename)]
        kept = _shown_frames(own, module, block)
        part.stack[:] = kept if kept or says_all else own
    if not says_all and not told.stack:  # those of libraries are better than none
        told.stack[:] = others
    if not any(part.stack for part in parts):
        return ""
    for part in parts:
        if not part.stack:  # its message alone, without a title above nothing
            part.stack = None  # type: ignore[assignment]
    text = "".join(told.format())
    if not hasattr(told, "__notes__"):  # Python 3.10 does not print them
        text += "".join(f"{note}\n" for note in getattr(error, "__notes__", []))
    return mask(text.rstrip())


def _raised_in(error: BaseException) -> str:
    trace, filename = error.__traceback__, ""
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return filename


def _causes(told: TracebackException) -> Iterator[TracebackException]:
    """What it was raised from, and those of a group; each with its own."""
    parts = getattr(told, "exceptions", None) or ()  # from Python 3.11 on
    for cause in (told.__cause__ or told.__context__, *parts):
        if cause is not None:
            yield cause
            yield from _causes(cause)


def _shown_frames(
    own: Iterable[FrameSummary], module: str | None, block: BlockLines | None
) -> list[FrameSummary]:
    """Those of callers and of the block, which show their places in the YAML."""
    shown: list[FrameSummary] = []
    for frame in own:
        place = block.place_of(frame.filename, frame.lineno) if block else ""
        if place:
            frame.name = f"{frame.name} ({place})"
        if place or frame.filename != module:
            shown.append(frame)
        # a caller is found as build/../conf/x.py
        frame.filename = os.path.normpath(frame.filename)
    return shown


def _is_ours(filename: str) -> bool:
    return filename.startswith(RUNTIME_FOLDER + os.sep)


def _is_own(filename: str) -> bool:
    """Whether the user has written it; the emitted module counts as such."""
    if _is_ours(filename):
        return False
    parts = filename.split(os.sep)
    if any(folder in parts for folder in PACKAGE_FOLDERS):
        return False
    return not filename.startswith((LIBRARY_FOLDER + os.sep, "<frozen "))
