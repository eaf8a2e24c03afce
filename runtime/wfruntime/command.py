"""The command line of an emitted module: `python build/x.py --param NAME=VALUE ...`.

What goes in is `sys.argv`, what comes out an exit code: 0 success or skipped, 1 failed,
2 usage, 128 + the signal's number after a run that a signal has cancelled. Usage errors
are found before the run begins and are one line. A closed pipe ends no run.
"""

from __future__ import annotations

import os
import sys

from .arguments import UsageError, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any, TextIO

    from .arguments import Arguments
    from .asked import Asked
    from .console import Console
    from .graph import Workflow
    from .result import RunResult
    from .runner import WorkflowRun

FAILED, USAGE, SIGNALLED, INTERRUPTED = 1, 2, 128, 130


def main(workflow: Workflow[Any], arguments: Sequence[str] | None = None) -> int:
    """Run the workflow as the command line says, and tell how it went.

    Args:
        arguments: In place of `sys.argv[1:]`.

    Returns:
        The exit code.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        given = parse(words)
        if given.help:
            from .usage import help_text

            return 0 if _tell(help_text(workflow)) else FAILED
        return _run(workflow, given)
    except UsageError as error:
        _complain(str(error))
        return USAGE
    except KeyboardInterrupt:  # before the run, or after it
        return INTERRUPTED


def _run(workflow: Workflow[Any], given: Arguments) -> int:
    try:
        return _started(workflow, given)
    except UsageError as error:
        _tell_refusal(workflow, given, error)
        raise


def _started(workflow: Workflow[Any], given: Arguments) -> int:
    _check_release(workflow, given)
    if given.scheduled:
        given.release = _due(workflow)
    _check_target(given.context)
    console = _console(workflow, given)
    is_dry = given.mode == "dryrun"
    if is_dry and given.scheduled and given.release is None:
        from .guard import NOTHING_DUE

        return _finished(given, console, None, NOTHING_DUE)
    if is_dry or not (given.scheduled or workflow.concurrency):
        begun = _checked_run(workflow, _asked(workflow, given))
        return _finished(given, console, begun, "")
    return _guarded(workflow, given, console)


def _console(workflow: Workflow[Any], given: Arguments) -> Console:
    from .console import Console

    # the lines make way for the context, if that is what standard output is for
    apart = given.quiet or given.context == "-"
    stream = sys.stderr if apart else sys.stdout
    return Console(workflow, stream or _nowhere(), quiet=given.quiet)


def _guarded(workflow: Workflow[Any], given: Arguments, console: Console) -> int:
    """Run it once its slot, and the other runs of its group, allow it."""
    from .guard import Guard, LeftWait

    asked = _asked(workflow, given)

    def checked(slot: datetime | None) -> WorkflowRun:
        given.release = asked.release = slot
        return _checked_run(workflow, asked)

    guard = Guard(
        workflow,
        given.release,
        is_scheduled=given.scheduled,
        checked=checked,
        tell=console.tell,
    )
    try:
        begun = _allowed(guard.begin)
        code = _finished(given, console, begun, guard.reason)
        # what a signal has ended is no reason to begin another one
        while code < SIGNALLED and (begun := _allowed(guard.next)) is not None:
            code = max(code, _finished(given, _console(workflow, given), begun, ""))
    except LeftWait as left:
        _complain(str(left))
        return SIGNALLED + left.number
    else:
        return code
    finally:
        guard.close()


def _allowed(step: Callable[[], WorkflowRun | None]) -> WorkflowRun | None:
    from .errors import ConfigurationError

    try:
        return step()
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def _finished(
    given: Arguments, console: Console, begun: WorkflowRun | None, idle: str
) -> int:
    """The exit code, when all is told.

    Args:
        idle: Why nothing was begun.
    """
    if begun is None:
        result, code = _no_run(), 0
    else:
        result, code = _shown_run(begun, given, console)
    console.finish(result, reason=idle)
    is_told = console.unwritten is None
    if console.unwritten is not None:
        _complain_of_output(console.unwritten)
    if given.context is not None:
        is_told &= _write_context(given.context, result)
    _flush()
    return code or (0 if is_told else FAILED)


def _shown_run(
    begun: WorkflowRun, given: Arguments, console: Console
) -> tuple[RunResult, int]:
    """The result of the run, and its exit code."""
    from .printing import Printing
    from .signals import Cancelling

    printing = Printing(console.stream, console.pass_on, reserved=given.context == "-")
    with Cancelling(console) as cancelling:
        try:
            with printing:
                result = begun.run(console, cancel=cancelling.event)
        finally:
            console.close()
    return result, cancelling.exit_code(result)


def _tell_refusal(workflow: Workflow[Any], given: Arguments, error: UsageError) -> None:
    """Call the hooks where nobody may look at what standard error says."""
    is_watched = not given.scheduled and given.release is None
    if is_watched or given.mode == "dryrun" or not workflow.has_hooks:
        return
    from .hooks import tell_refusal
    from .secrets import register_environment

    register_environment()
    slot = "" if given.release is None else given.release.isoformat()
    tell_refusal(workflow, error.__cause__ or error, slot)


# --- the schedule ---


def _check_release(workflow: Workflow[Any], given: Arguments) -> None:
    if given.scheduled and given.release is not None:
        raise UsageError("--scheduled and --release exclude each other")
    if given.scheduled and not workflow.on:
        raise UsageError("--scheduled needs a schedule, and the workflow has none")
    has_release = given.scheduled or given.release is not None
    if given.mode in ("force", "rerun") and not has_release:
        raise UsageError(f"--mode {given.mode} needs --release or --scheduled")


def _due(workflow: Workflow[Any]) -> datetime | None:
    """The minute that this start is for."""
    from datetime import datetime, timezone

    from .errors import ConfigurationError
    from .release import due

    try:
        return due(workflow, datetime.now(timezone.utc))
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def _no_run() -> RunResult:
    """The result where nothing is due: that of a release which is skipped."""
    from .result import SKIP, RunResult

    return RunResult(
        status=SKIP, context={"status": SKIP}, run_id="", journal=None, exit_code=0
    )


# --- the run ---


def _asked(workflow: Workflow[Any], given: Arguments) -> Asked:
    from .asked import Asked

    return Asked(
        _params(workflow, given),
        release=given.release,
        mode=given.mode,
        timeout=given.timeout,
        max_parallel=given.max_parallel,
    )


def _checked_run(workflow: Workflow[Any], asked: Asked) -> WorkflowRun:
    """A run that can begin as it is asked for: itself it would find that too late.

    A run that cannot begin fails, and is recorded; a slip of the fingers is not.
    """
    from .errors import ConfigurationError, ParamError
    from .runner import WorkflowRun

    begun = WorkflowRun(workflow, asked)
    try:
        begun.check()
    except (ConfigurationError, ParamError) as error:
        raise UsageError(str(error)) from error
    return begun


def _params(workflow: Workflow[Any], given: Arguments) -> dict[str, object]:
    """The raw params of the file and, over them, of the options."""
    raw = _read_params(given.params) if given.params is not None else {}
    if given.param:
        from .params import match_options

        raw |= match_options(workflow.params, given.param)
    return raw


def _read_params(path: str) -> dict[str, object]:
    import json

    try:
        if path == "-":
            read = json.loads("" if sys.stdin is None else sys.stdin.read())
        else:
            with open(path, encoding="utf-8") as file:
                read = json.load(file)
    except OSError as error:
        if path.lstrip().startswith("{"):
            raise UsageError(
                '--params takes a file; write the JSON to one, or pass it to "--params -"'
            ) from error
        raise UsageError(f"--params {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--params {path} is not JSON: {error}") from error
    if not isinstance(read, dict):
        raise UsageError(f"--params {path} is not a JSON object")
    return read


# --- output ---


def _check_target(path: str | None) -> None:
    """That the context can be written, before the run and not after it."""
    if path is None or path == "-":
        return
    place = path
    if os.path.isfile(path) or not os.path.exists(path):
        place = os.path.dirname(os.path.realpath(path))
        if not os.path.isdir(place):
            raise UsageError(f"--context {path}: its folder is not there")
    if os.path.isdir(path) or not os.access(place, os.W_OK):
        raise UsageError(f"--context {path} cannot be written")


def _write_context(path: str, result: RunResult) -> bool:
    """Whether it is written."""
    from .jsontext import json_text, write_json

    if path == "-":
        return _tell(json_text(result.context) + "\n")
    try:
        write_json(path, result.context)
    except OSError as error:
        _complain(f"--context {path}: {error.strerror}")
        return False
    return True


def _complain(message: str) -> None:
    from .secrets import mask, register_environment

    register_environment()
    name = os.path.basename(sys.argv[0]) or "python"
    _write(sys.stderr, mask(f"{name}: {message}\n"))


def _complain_of_output(error: OSError) -> None:
    _complain(f"output cannot be written: {error.strerror}")


def _tell(text: str) -> bool:
    """To standard output; False, and a complaint, when it takes no more."""
    from .console import is_gone

    error = _write(sys.stdout, text)
    if error is None or is_gone(error):
        return True
    _complain_of_output(error)
    return False


def _write(stream: TextIO | None, text: str) -> OSError | None:
    """Write what can be written: the reader may be gone, the stream closed.

    Returns:
        What kept it from being written.
    """
    if stream is None:
        return None
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except ValueError:
        return None
    except OSError as error:
        _flush()
        return error
    return None


def _flush() -> None:
    """Flush, or forget what cannot be flushed: Python would tell of it at its exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except OSError:
            with open(os.devnull, "w", encoding="utf-8") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())


def _nowhere() -> TextIO:
    import io

    return io.StringIO()
