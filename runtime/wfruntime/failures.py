"""What is told of an exception: its record, its place in the YAML, the user's frames of it."""

from __future__ import annotations

import os

from .errors import RunError
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from traceback import FrameSummary, StackSummary, TracebackException

RUNTIME_FOLDER = os.path.dirname(os.path.abspath(__file__))
LIBRARY_FOLDER = os.path.dirname(os.path.abspath(os.__file__))
PACKAGE_FOLDERS = ("site-packages", "dist-packages")


def error_record(error: BaseException) -> dict[str, str]:
    """The `errors` of a record: the exception's own class name, and its text."""
    try:
        message = str(error)
    except Exception:  # a user's __str__
        message = "(its text cannot be shown)"
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
    notes = getattr(error, "__notes__", [])
    if not any(note.startswith("at ") for note in notes):
        # what `add_note` does, which Python 3.10 does not have
        error.__notes__ = [*notes, f"at {place}"]  # type: ignore[attr-defined]


def traceback_text(error: BaseException, module: str | None = None) -> str:
    """The traceback, shortened to the user's frames; "" where they would tell nothing.

    Left out are the runtime, the emitted module (unless the error arose in a block of it),
    and libraries below the user's code.

    Args:
        module: The file of the emitted module.
    """
    if isinstance(error, RunError) and error.__cause__ is None:
        return ""
    from traceback import TracebackException

    told = TracebackException.from_exception(error, compact=True)
    for each in _chain(told):
        each.stack[:] = _user_frames(each.stack, module)
    if not told.stack and told.__cause__ is None:
        return ""
    text = "".join(told.format())
    if not hasattr(told, "__notes__"):  # Python 3.10 does not print them
        text += "".join(f"{note}\n" for note in getattr(error, "__notes__", []))
    return mask(text.rstrip())


def _chain(told: TracebackException | None) -> Iterator[TracebackException]:
    while told is not None:
        yield told
        told = told.__cause__ or told.__context__


def _user_frames(stack: StackSummary, module: str | None) -> list[FrameSummary]:
    frames = [f for f in stack if not f.filename.startswith(RUNTIME_FOLDER + os.sep)]
    outside = [frame for frame in frames if frame.filename != module]
    own = [frame for frame in outside if _is_own(frame.filename)]
    return own or [frame for frame in frames if _is_own(frame.filename)] or frames


def _is_own(filename: str) -> bool:
    parts = filename.split(os.sep)
    if any(folder in parts for folder in PACKAGE_FOLDERS):
        return False
    return not filename.startswith((LIBRARY_FOLDER + os.sep, "<frozen "))
