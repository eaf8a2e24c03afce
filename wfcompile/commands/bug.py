"""What is told when the compiler itself fails: WF901, with the traceback put aside."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from importlib.metadata import version

from wfcompile.terminal import complain, visible

EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h: neither the workflows nor the request are at fault."""


def report_bug(error: Exception, *, show_traceback: bool) -> int:
    """Tells of an exception that nobody expected; the exit code."""
    details = "".join(traceback.format_exception(error))
    message = visible(f"{type(error).__name__}: {error}"[:500])
    complain(f"wfc: error WF901: this is a bug in wfcompile: {message}\n")
    if show_traceback:
        complain(details)
        return EXIT_CODE
    saved = _saved(details)
    help = f"please report it with the file {saved}" if saved else "please report it"
    complain(f"   = help: {help}; WFC_DEBUG=1 shows the traceback here\n")
    return EXIT_CODE


def _saved(details: str) -> str | None:
    head = [
        f"wfcompile {version('wfcompile')}, Python {platform.python_version()}",
        f"{platform.platform()}: wfc {' '.join(sys.argv[1:])}",
    ]
    text = "\n".join([*head, "", details])
    try:
        descriptor, path = tempfile.mkstemp(prefix="wfc-bug-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError:
        return None
    return path
