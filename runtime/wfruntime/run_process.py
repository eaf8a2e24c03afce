"""What a stage makes of a process: its lines are events, its end is outputs or an error."""

from __future__ import annotations

from .context import log
from .errors import StageCancelError, StageError
from .processes import Output, Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .context import Context
    from .stages import BashOutputs

ERROR_LINES = 20


def run_process(
    command: list[str],
    environment: Mapping[bytes, bytes],
    context: Context[Any] | None,
    *,
    noun: str,
    script: int | None = None,
) -> BashOutputs:
    """Run a command to its end.

    Args:
        context: Whose stop ends the process and whose events its lines are.
        noun: What messages call it, as in "its shell was stopped".
        script: See `Process`.

    Raises:
        OSError: It could not be started.
        StageCancelError: The stage must stop.
        StageError: It has ended with another code than 0, or by a signal.
    """
    stop = None if context is None else context._stop
    if stop is not None and stop.is_set():
        raise StageCancelError(f"stopped before its {noun} began: {stop.why()}")
    out, err = (Output(_sink(context, stream)) for stream in ("stdout", "stderr"))
    process = Process(command, environment, (out, err), script=script)
    code = process.run(stop)
    outputs: BashOutputs = {
        "return_code": code,
        "stdout": out.text() or None,
        "stderr": err.text() or None,
    }
    if stop is not None and process.was_stopped:
        why = f"its {noun} was stopped: {stop.why()}"
        raise StageCancelError(why, outputs=outputs)
    if code:
        raise StageError(_ended_with(code, outputs["stderr"]), outputs=outputs)
    return outputs


def _sink(context: Context[Any] | None, stream: str) -> Callable[[str], None]:
    def tell(lines: str) -> None:
        if context is not None:
            log(context, "INFO", lines, stream=stream)

    return tell


def _ended_with(code: int, stderr: str | None) -> str:
    if code < 0:
        from signal import Signals

        try:
            end = f"killed by {Signals(-code).name}"
        except ValueError:  # a real-time signal
            end = f"killed by signal {-code}"
    else:
        end = f"exit code {code}"
    lines = (stderr or "").splitlines()
    if not lines:
        return end
    left_out = "...\n" if len(lines) > ERROR_LINES else ""
    return f"{end}: {left_out}" + "\n".join(lines[-ERROR_LINES:])
