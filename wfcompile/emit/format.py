"""The only door to black: every emitted text goes through it, in one pinned mode."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator, Sequence

LINE_LENGTH = 88

_SHARE = 8
"""So many modules pay for one more process: black takes about 40 ms a module."""


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


def format_modules(texts: Sequence[str]) -> Iterator[str]:
    """The texts as black writes them, in their order; many are shared out among processes.

    Raises:
        EmitError: as `format_module`.
    """
    processes = min(_processors(), len(texts) // _SHARE)
    if processes < 2:
        yield from map(format_module, texts)
        return
    # costs 20 ms, which only many modules should pay
    from concurrent.futures import (  # noqa: PLC0415
        BrokenExecutor,
        ProcessPoolExecutor,
    )
    from multiprocessing import get_context  # noqa: PLC0415

    import black  # noqa: F401, PLC0415 (once, and not in each process)

    done = 0
    try:
        with ProcessPoolExecutor(
            processes, get_context("fork"), _ignore_interrupt
        ) as pool:
            for text in pool.map(format_module, texts, chunksize=_SHARE // 2):
                done += 1
                yield text
    except (OSError, NotImplementedError, BrokenExecutor):
        # a host without semaphores, or that gives or leaves us no further process
        yield from map(format_module, texts[done:])


def _processors() -> int:
    """How many this process may use; 1 where none can be forked off."""
    # the forked ones of macOS may crash in its libraries
    known = getattr(os, "sched_getaffinity", None)
    return 1 if known is None else len(known(0))


def _ignore_interrupt() -> None:
    """Ctrl-C is for the process that waits, which ends these."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


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
