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

RUNTIME_FOLDER = os.path.dirname(os.path.abspath(__file__))
LIBRARY_FOLDER = os.path.dirname(os.path.abspath(os.__file__))
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


def add_place(error: BaseException, place: str) -> None:
    """Note on the exception where in the YAML it arose; the innermost place stays."""
    told: Any = error
    if hasattr(told, PLACE):
        return
    setattr(told, PLACE, place)
    # what `add_note` does, which Python 3.10 does not have
    told.__notes__ = [*getattr(told, "__notes__", ()), f"at {place}"]


def traceback_text(error: BaseException, module: str | None = None) -> str:
    """The traceback, shortened to the user's frames; "" where they would tell nothing.

    Left out are the runtime, the emitted module (unless the error arose in a block of it),
    and libraries below the user's code. What it was raised from is shortened likewise, to
    its message if all of it happened in a library.

    Args:
        module: The file of the emitted module.
    """
    if isinstance(error, RunError) and error.__cause__ is None:
        return ""
    from traceback import TracebackException

    told = TracebackException.from_exception(error, compact=True)
    frames = [frame for frame in told.stack if not _is_ours(frame.filename)]
    # where no frame is the user's, those of libraries are better than none
    told.stack[:] = _user_frames(frames, module) or frames
    for cause in _causes(told):
        cause.stack[:] = _user_frames(cause.stack, module)
        if not cause.stack:  # its message alone, without a title above nothing
            cause.stack = None  # type: ignore[assignment]
    if not told.stack and told.__cause__ is None:
        return ""
    text = "".join(told.format())
    if not hasattr(told, "__notes__"):  # Python 3.10 does not print them
        text += "".join(f"{note}\n" for note in getattr(error, "__notes__", []))
    return mask(text.rstrip())


def _causes(told: TracebackException) -> Iterator[TracebackException]:
    """What it was raised from, and those of a group; each with its own."""
    parts = getattr(told, "exceptions", None) or ()  # from Python 3.11 on
    for cause in (told.__cause__ or told.__context__, *parts):
        if cause is not None:
            yield cause
            yield from _causes(cause)


def _user_frames(
    stack: Iterable[FrameSummary], module: str | None
) -> list[FrameSummary]:
    """The user's own frames; those of the module if there are no others."""
    own = [frame for frame in stack if _is_own(frame.filename)]
    kept = [frame for frame in own if frame.filename != module] or own
    for frame in kept:  # a caller is found as build/../conf/x.py
        frame.filename = os.path.normpath(frame.filename)
    return kept


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
