"""The only door to black: every emitted text goes through it, in one pinned mode."""

from __future__ import annotations

import re

LINE_LENGTH = 88


class EmitError(Exception):
    """The emitter printed what is no Python: a bug in wfcompile, never the user's."""


def format_module(text: str) -> str:
    """The text as black writes it.

    Raises:
        EmitError: black cannot read it.
    """
    # costs 100 ms, which only a caller that has something to write should pay
    from black import format_str  # noqa: PLC0415
    from black.mode import Mode, TargetVersion  # noqa: PLC0415
    from black.parsing import InvalidInput  # noqa: PLC0415

    mode = Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY310})
    try:
        return format_str(text, mode=mode)
    except InvalidInput as error:
        raise EmitError(_explain(text, str(error))) from error


def _explain(text: str, message: str) -> str:
    position = re.search(r"(\d+):(\d+)", message)
    lines = text.splitlines()
    number = min(int(position[1]), len(lines)) if position else 1
    heads = [
        line for line in lines[:number] if re.match(r"(def|class) \w|\w+ = ", line)
    ]
    where = re.sub(r"\W.*", "", heads[-1].removeprefix("def ")) if heads else "the head"
    shown = lines[number - 1].strip() if lines else ""
    return f"the printed source of {where} is no Python at {shown!r}"
