"""Catches what the code of a run prints, while the command line runs it: see `printed`.

That module is loaded when something is printed: most runs print nothing.
"""

from __future__ import annotations

import _thread
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

    from .printed import PassOn, Printed

STREAMS = ("stdout", "stderr")
STDOUT, STDERR = 1, 2


class Printing:
    """While entered, stand-ins are in the place of `sys.stdout` and `sys.stderr`.

    Args:
        stdout: Where goes what is printed outside any stage to standard output.
        pass_on: Takes `stdout` or standard error, and such text.
        reserved: Standard output itself is for something else, so that processes that a
            stage starts write to standard error too.
    """

    def __init__(
        self, stdout: TextIO | None, pass_on: PassOn, *, reserved: bool
    ) -> None:
        self._targets = {"stdout": stdout, "stderr": sys.stderr}
        self._pass_on = pass_on
        self._replaced: dict[str, Any] = {}
        self._later = {name: Later(self, name) for name in STREAMS}
        self._printed: dict[str, Printed] = {}
        # guards `_printed`
        self._lock = _thread.allocate_lock()
        self._pid = os.getpid()
        self._reserved = reserved
        self._kept: int | None = None  # a descriptor for standard output itself

    def __enter__(self) -> Printing:
        for name, later in self._later.items():
            self._replaced[name] = getattr(sys, name)
            setattr(sys, name, later)
            if "logging" in sys.modules:
                _turn_logs((self._replaced[name],), self.load(name))
        if self._reserved:
            self._kept = _turn_to_stderr(self._replaced["stdout"])
        return self

    def __exit__(self, *exception: object) -> None:
        for name, replaced in self._replaced.items():
            stand_ins = (self._later[name], self._printed.get(name))
            if name in self._printed:
                self._printed[name].flush()
            if getattr(sys, name) in stand_ins:  # else a caller has put its own there
                setattr(sys, name, replaced)
            if "logging" in sys.modules:
                _turn_logs(stand_ins, replaced)
        if self._kept is not None:
            os.dup2(self._kept, STDOUT)
            os.close(self._kept)

    def load(self, name: str) -> Printed:
        """The stand-in that takes what is printed."""
        with self._lock:
            if name not in self._printed:
                from .printed import Printed

                target = self._targets[name]
                self._printed[name] = Printed(
                    name, target, self._pass_on, pid=self._pid
                )
                if getattr(sys, name) is self._later[name]:
                    setattr(sys, name, self._printed[name])
        return self._printed[name]


class Later:
    """The stand-in before anything is printed."""

    __slots__ = ("_name", "_printing")

    def __init__(self, printing: Printing, name: str) -> None:
        self._printing = printing
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._printing.load(self._name), name)


def _turn_logs(streams: tuple[object, ...], instead: object) -> None:
    from .printed import turn_logs

    turn_logs(streams, instead)


def _turn_to_stderr(stdout: TextIO | None) -> int | None:
    """Let descriptor 1 be standard error; another one that is what it was before."""
    kept = None
    try:
        kept = os.dup(STDOUT)
        os.dup2(STDERR, STDOUT)
        if stdout is not None:
            stdout.flush()  # what the module and its callers have printed at their import
    except (OSError, ValueError):  # a stream is closed
        pass
    return kept
