"""A progress bar for work that takes long: nothing is drawn before half a second has gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import TextIO

import typer

from wfcompile.terminal import is_live, say, visible

AFTER_S = 0.5
LONGEST_NAME = 30
_CLEAR_LINE_ABOVE = "\x1b[1A\x1b[2K"


class Progress:
    """Entered around the work and called as `progress(done, total, what)`; leaves no trace.

    On a stream that is no terminal it does nothing.
    """

    def __init__(
        self, stream: TextIO, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._is_live = is_live(stream)
        self._start = clock()
        self._bar = ExitStack()
        self._advance: Callable[[int], None] | None = None
        self._done = self._total = 0
        self._what = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def __call__(self, done: int, total: int, what: str) -> None:
        if not self._is_live or self._clock() - self._start < AFTER_S:
            return
        self._what = visible(what)[:LONGEST_NAME]
        if self._advance is None or total != self._total:
            self._open(total)
        if self._advance is not None and done > self._done:
            self._advance(done - self._done)
            self._done = done

    def _open(self, total: int) -> None:
        self._close()
        bar = typer.progressbar(
            range(total),
            file=self._stream,
            show_pos=True,
            show_eta=False,
            item_show_func=lambda _: self._what,
        )
        self._advance = self._bar.enter_context(bar).update
        self._done, self._total = 0, total

    def _close(self) -> None:
        if self._advance is not None:
            self._bar.close()
            say(_CLEAR_LINE_ABOVE, self._stream)
            self._advance = None
