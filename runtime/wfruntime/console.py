"""What people see of a run: an observer of the runner's events that prints.

On a terminal the jobs are shown live and summed up by a table; elsewhere each event is
a plain line that reads well in the mail of cron. Either way the errors come last, each
with its place in the YAML. All text is masked. Output that cannot be written never
disturbs the run; an error of the disk is kept for the end, a closed pipe is none.
"""

from __future__ import annotations

import errno
import os
import threading
import time

from . import terminal
from .progress import Progress, duration, message_of, parents, variant
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TextIO

    from .graph import Workflow
    from .live import LiveDisplay
    from .result import RunResult

    Failure = tuple[str, Mapping[str, Any]]

LEVEL_BY_STATUS = {"FAILED": "ERROR", "CANCEL": "WARNING"}
ERROR_LEVELS = ("ERROR", "CRITICAL")
HIDDEN_LEVEL = "DEBUG"  # the journal has it
LEVEL_WIDTH = 7
MAX_VALUE = 80
MAX_WAITS = 3  # stages that a line names
OWN_ERRORS = ("JobError", "JobCancelError", "StageCancelError")
LINE_BREAK = "\n"
GOOD = ("SUCCESS", "SKIP")


class Console:
    """An observer: give it to the runner, then call `finish` with the result.

    Args:
        quiet: Print errors only.
    """

    def __init__(
        self, workflow: Workflow[Any], stream: TextIO, *, quiet: bool = False
    ) -> None:
        self.workflow = workflow
        self.stream: TextIO | None = stream
        self.quiet = quiet
        self.progress = Progress(job.id for job in workflow.jobs)
        self.failures: list[Failure] = []
        self._inside: dict[str, list[Failure]] = {}  # path -> what failed below it
        # guards progress and failures, and keeps the lines of one event together
        self._lock = threading.RLock()
        self._live: LiveDisplay | None = None
        self.unwritten: OSError | None = None
        if not quiet and terminal.is_live(stream):
            from .live import LiveDisplay

            self._live = LiveDisplay(workflow.name, self.progress, stream)
            self._lock = self._live.lock
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal without Unicode shows escapes
            reconfigure(errors="backslashreplace")

    def event(self, kind: str, path: str, fields: Mapping[str, Any]) -> None:
        """Take in one event of the runner, from any of its threads."""
        with self._lock:
            self.progress.event(kind, path, fields, time.monotonic())
            if kind == "run.start" and self._live is not None:
                self._live.start()
            if path and kind.endswith(".end") and fields["status"] == "FAILED":
                self.failures.append((path, fields))
                for around in parents(path):
                    self._inside.setdefault(around, []).append((path, fields))
            lines = [*self._lines(kind, path, fields)]
            if lines or self._live is None:
                self._show(lines)
            else:
                self._live.draw(at_once=False)

    def finish(self, result: RunResult, *, reason: str = "") -> None:
        """Print the end: the table on a terminal, the errors, the last line.

        Args:
            reason: Why nothing was run, where no event has told it.
        """
        self.close()
        lines: list[str] = []
        if self._live is not None:
            from .summary import table

            columns, _ = terminal.size(self._live.stream)
            lines += table(self.progress, colours=self._live.colours, columns=columns)
        if result.status == "FAILED":
            from .summary import error_lines

            errors = result.context.get("errors")
            told = error_lines(self.workflow, self.progress, self.failures, errors)
            lines += told if self.quiet else ["", *told, ""]
        if not self.quiet or result.status not in GOOD:
            lines.append(self._last_line(result, reason))
        self._print(lines)

    def tell(self, text: str) -> None:
        """Print a line of the workflow before its run."""
        if not self.quiet:
            self._print([self._line("INFO", "", {}, text)])

    def close(self) -> None:
        """Take the live display off the terminal; the run may go on without it."""
        if self._live is not None:
            self._live.stop()

    def cancel(self, cancel: Callable[[], None], signal: str, way_out: str) -> None:
        """Cancel the run, and tell so before anything that comes of it.

        Args:
            signal: The name of that which has asked for it.
            way_out: What the user can do who does not want to wait.
        """
        with self._lock:
            waits = self.progress.running()
            has_ended = self.progress.ended is not None
            cancel()
            if has_ended:
                return
            text = f"cancelling ({signal})"
            if waits:
                more = f" and {len(waits) - MAX_WAITS} more" * (len(waits) > MAX_WAITS)
                text += f": waiting for {', '.join(waits[:MAX_WAITS])}{more}"
            self._show([self._line("WARNING", "", {}, f"{text}; {way_out}")])

    def pass_on(self, stream: TextIO | None, text: str) -> None:
        """Print what is no event; on the terminal of the live lines, above them."""
        text = mask(text)
        with self._lock:
            if stream is None:
                return
            if self._live is not None and terminal.is_terminal(stream):
                self._live.print(terminal.plain(line) for line in text.splitlines())
            else:
                self._write(stream, text)

    def leave(self) -> None:
        """End the last line of a terminal, without a lock: this process ends now."""
        if self._live is not None:
            os.write(self._live.stream.fileno(), b"\n")

    def _lines(self, kind: str, path: str, fields: Mapping[str, Any]) -> Iterator[str]:
        if kind == "log":
            level = str(fields["level"]).upper()
            is_error = level in ERROR_LEVELS
            if is_error or not (self.quiet or level == HIDDEN_LEVEL):
                for text in mask(str(fields["message"])).splitlines():
                    yield self._line(level, path, fields, text)
        elif kind == "run.start" and self._live is None and not self.quiet:
            yield self._line("INFO", path, {}, started(fields))
        elif self._tells_of(kind, path, fields):
            level = LEVEL_BY_STATUS.get(fields["status"], "INFO")
            arose = self._arose(path, fields)
            text = ended(fields) if arose is None else f"{_time(fields)}: see {arose}"
            yield self._line(level, path, fields, text)

    def _arose(self, path: str, fields: Mapping[str, Any]) -> str | None:
        """The stage inside it whose failure, told before, is the cause of this one."""
        around = fields.get("errors", {}).get("message", "")
        causes = [
            failure
            for failure in self._inside.get(path, ())
            if message_of(failure[1]) in around
            and fields.get("matrix") in (None, failure[1].get("matrix"))
        ]
        if not causes or fields["status"] != "FAILED":
            return None
        inner, its_fields = max(causes, key=lambda failure: failure[0].count("/"))
        return f"{inner}{variant(its_fields)}"

    def _tells_of(self, kind: str, path: str, fields: Mapping[str, Any]) -> bool:
        """Of a failed stage at once; of others if they are not deep inside a job."""
        if self.quiet:  # `finish` tells the errors
            return False
        if kind == "stage.end" and fields["status"] == "FAILED":
            return True
        if self._live is not None:
            return False
        return kind == "job.end" or (kind == "stage.end" and path.count("/") == 1)

    def _line(self, level: str, path: str, fields: Mapping[str, Any], text: str) -> str:
        clock = time.strftime("%Y-%m-%d %H:%M:%S")
        who = f"{path or self.workflow.name}{variant(fields)}"
        return terminal.plain(mask(f"{clock} {level:{LEVEL_WIDTH}} {who}: {text}"))

    def _last_line(self, result: RunResult, reason: str) -> str:
        """How it ended; on a terminal the status has its colour."""
        text = ended(
            {
                "status": result.status,
                "duration": self.progress.seconds(),
                "reason": reason or self.progress.reason,
            }
        )
        if result.journal is not None:
            text += f", journal {result.journal}"
        if self._live is None:
            level = LEVEL_BY_STATUS.get(result.status, "INFO")
            return self._line(level, "", {}, text)
        line = terminal.plain(mask(f"{self.workflow.name}: {text}"))
        if not self._live.colours:
            return line
        return terminal.with_status(line, result.status)

    def _show(self, lines: list[str]) -> None:
        """Print while the run lasts."""
        if self._live is None:
            self._print(lines)
        else:
            self._live.print(lines)

    def _print(self, lines: list[str]) -> None:
        if lines and self.stream is not None:
            text = "".join(f"{line}\n" for line in lines)
            if not self._write(self.stream, text):
                self.stream = None

    def _write(self, stream: TextIO, text: str) -> bool:
        """Whether it could be written."""
        try:
            stream.write(text)
            stream.flush()
        except ValueError:  # closed
            return False
        except OSError as error:
            if not is_gone(error):
                self.unwritten = error
            return False
        return True


def is_gone(error: OSError) -> bool:
    """Whether nobody reads any more: the pipe is closed, the terminal has hung up."""
    return error.errno in (errno.EPIPE, errno.EIO)


def started(fields: Mapping[str, Any]) -> str:
    """A run's start: its id, its release, its params."""
    text = f"run {fields['run_id']} started"
    if "release" in fields:
        text += f" for release {fields['release'].isoformat(timespec='minutes')}"
    parts = [text]
    if fields["mode"] != "normal":
        parts.append(f"mode {fields['mode']}")
    params = fields.get("params") or {}
    parts += [f"{name}={_value(value)}" for name, value in params.items()]
    return ", ".join(parts)


def ended(fields: Mapping[str, Any]) -> str:
    """The end of a run, job or stage: its status, its time, and why it is so."""
    if fields.get("is_kept"):
        return f"{fields['status']}, kept from the run before"
    text = _time(fields)
    if fields.get("reason"):
        return f"{text}: {fields['reason']}"
    if "errors" in fields:
        errors = fields["errors"]
        is_ours = errors["name"] in OWN_ERRORS
        error = mask(errors["message"] if is_ours else message_of(fields))
        return f"{text}: {error.partition(LINE_BREAK)[0]}"
    return text


def _time(fields: Mapping[str, Any]) -> str:
    status = str(fields["status"])
    time_taken = "" if status == "SKIP" else duration(fields.get("duration"))
    return f"{status} {time_taken}".rstrip()


def _value(value: Any) -> str:
    """A param as one would type it, if it is short and plain."""
    from .jsontext import plain
    from .wording import shown

    text = plain(value)
    is_plain = isinstance(text, str) and text and not set(text) & set(" \t\n,'\"")
    return text if is_plain and len(text) <= MAX_VALUE else shown(text)
