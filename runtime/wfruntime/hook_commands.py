"""The command of a hook: a bash script that gets the result of the run in its environment."""

from __future__ import annotations

import os
import threading

from .cancel import Stop
from .processes import Output, Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LINE_BREAK = "\n"
MAX_OUTPUT = 16_000  # bytes that are kept, the last ones


class Tail(Output):
    """The last of what a process writes, to either output, in the order in which it came."""

    def __init__(self) -> None:
        super().__init__(lambda lines: None)
        self._data = bytearray()
        self._is_cut = False

    def take(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > 2 * MAX_OUTPUT:
            self._is_cut = True
            del self._data[:-MAX_OUTPUT]

    def text(self) -> str:
        kept = self._data[-MAX_OUTPUT:].decode(errors="replace").strip("\n")
        if not self._is_cut and len(self._data) <= MAX_OUTPUT:
            return kept
        # the rest of a line may be the half of a secret, which nothing would mask
        return f"...\n{kept.partition(LINE_BREAK)[2]}"


def run_command(
    script: str, name: str, fields: Mapping[str, object], timeout: float
) -> tuple[str, str]:
    """Run it to its end, or to its timeout.

    Args:
        name: What error messages of the shell begin with.
        fields: Are variables of the script, each as `WFC_` and its name.

    Returns:
        The error, "" for none, and its output.
    """
    # an emitted script begins with a line break, which the shell would count as a line
    command = ["bash", "-eo", "pipefail", "-c", script.removeprefix("\n"), name]
    output, stop = Tail(), Stop()
    late = f"it took longer than {timeout:g} s"
    timer = threading.Timer(min(timeout, threading.TIMEOUT_MAX), stop.set, (late,))
    timer.daemon = True
    try:
        process = Process(command, _environment(fields), (output, output))
        timer.start()
        code = process.run(stop)
    except FileNotFoundError:
        return 'the shell "bash" is not installed', ""
    except OSError as error:
        return f"its shell could not start: {error.strerror or error}", ""
    finally:
        timer.cancel()
    return (late if process.was_stopped else _ended_with(code)), output.text()


def _environment(fields: Mapping[str, object]) -> dict[bytes, bytes]:
    environment = dict(os.environb)
    for name, value in fields.items():
        text = str(value).replace("\0", "")
        environment[f"WFC_{name.upper()}".encode()] = text.encode(errors="replace")
    return environment


def _ended_with(code: int) -> str:
    if not code:
        return ""
    return f"exit code {code}" if code > 0 else f"killed by signal {-code}"
