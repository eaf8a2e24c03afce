"""Hooks: what a workflow calls when a run of it begins and when it has ended.

The graph is made of the declarations here; `Hooks` calls those of one run. They come when
the run's result, its audit record and the end of its journal are there, so nothing that
they do changes the run, and a kill while a server hangs loses nothing of it. What goes
wrong is a line on standard error and a field of the journal's `hook` event.
"""

from __future__ import annotations

import sys
import threading
import time

from .cancel import wait_for
from .context import enter
from .result import FAILED, SKIP, SUCCESS
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from .events import Events, Span
    from .graph import Workflow
    from .posts import Sent
    from .result import RunResult

    Address: TypeAlias = str | Callable[[], str]
    Fields: TypeAlias = dict[str, Any]

RUN_TIMEOUT_S, URL_TIMEOUT_S = 60.0, 10.0
RETRY = 2
MAX_LINES = 20  # of its output on standard error; the journal has more
MAX_ERROR = 4_000  # characters of it; the system takes no variable of more than 128 KiB

_calling: dict[Hooks, None] = {}


def are_called() -> bool:
    """Whether hooks of any run are called just now."""
    return bool(_calling)


# --- declarations ---


class RunHook:
    """A bash script, with the result of the run in its environment.

    Args:
        timeout: Seconds, after which its process group is ended.
    """

    __slots__ = ("script", "timeout")

    def __init__(self, script: str, *, timeout: float = RUN_TIMEOUT_S) -> None:
        self.script = script
        self.timeout = timeout


class UrlHook:
    """An address that gets the result of the run, as a JSON object, by POST.

    Args:
        url: The address, or a function that reads it from the environment.
        retry: Tries after the first one.
        timeout: Seconds, for each try.
    """

    __slots__ = ("retry", "timeout", "url")

    def __init__(
        self, url: Address, *, retry: int = RETRY, timeout: float = URL_TIMEOUT_S
    ) -> None:
        self.url = url
        self.retry = retry
        self.timeout = timeout


class Ping(UrlHook):
    """An address in the manner of healthchecks.io: told of the start and of the end."""

    __slots__ = ()


# --- calls ---


def tell_refusal(workflow: Workflow[Any], error: BaseException, slot: str) -> None:
    """Call the hooks for a run that nobody looks at and that could not begin."""
    from .failures import error_record
    from .journal import new_run_id
    from .result import RunResult

    run_id = new_run_id(time.time())
    context = {"status": FAILED, "errors": error_record(error)}
    result = RunResult(
        status=FAILED, context=context, run_id=run_id, journal=None, exit_code=2
    )
    Hooks(workflow, run_id).end(result, slot, workflow.source)


class Hooks:
    """The hooks of one run: `begin` when its first job may begin, `end` when it is over."""

    def __init__(self, workflow: Workflow[Any], run_id: str) -> None:
        self._workflow = workflow
        self._run_id = run_id
        self._clock = time.perf_counter()
        self._start: _StartPing | None = None

    def begin(self) -> None:
        """Tell what no hook will find, and ping, without a wait."""
        from .stages import unset_variables

        workflow = self._workflow
        for each in unset_variables(workflow.hook_env, workflow.source):
            self._complain(f"{each}: its hook will fail")
        if workflow.ping is None:
            return
        try:
            self._start = _StartPing(workflow.ping, self._run_id)
        except RuntimeError as error:  # the system gives no thread
            self._complain(f"ping.start failed: {error}")

    def end(
        self,
        result: RunResult,
        slot: str,
        place: str,
        events: Events | None = None,
        span: Span | None = None,
    ) -> None:
        """Call all that are for such a result, one after the other.

        Args:
            slot: The release, as text.
            place: Of the error, in the YAML.
            events: Of the run, whose journal is still open; None: it has none.

        Raises:
            KeyboardInterrupt: Ctrl-C came twice.
        """
        enter(None)  # what is said here is no stage's
        is_good = result.status in (SUCCESS, SKIP)
        fields = self._fields(result, slot, "" if is_good else place)
        _calling[self] = None
        try:
            for kind, call in self._calls(is_good, fields):
                told = self._called(kind, call)
                if events is not None and span is not None:
                    events.hook(span, told)
        finally:
            del _calling[self]

    def _calls(
        self, is_good: bool, fields: Fields
    ) -> list[tuple[str, Callable[[], Fields]]]:
        """What it is called, and the call, in the order in which they come."""
        calls: list[tuple[str, Callable[[], Fields]]] = []
        ping, start = self._workflow.ping, self._start
        if start is not None:
            calls.append(("ping.start", start.end))
        if ping is not None:
            ending = "" if is_good else "/fail"
            body = None if is_good else fields["error"].encode(errors="replace")
            calls.append(
                (
                    "ping.success" if is_good else "ping.fail",
                    lambda: _ping(ping, self._run_id, ending, body),
                )
            )
        workflow = self._workflow
        name = "on-success" if is_good else "on-failure"
        hooks = workflow.on_success if is_good else workflow.on_failure
        for number, hook in enumerate(hooks):
            kind = name if len(hooks) == 1 else f"{name}[{number}]"
            calls.append((kind, _call(hook, kind, fields)))
        return calls

    def _called(self, name: str, call: Callable[[], Fields]) -> Fields:
        """The fields of the event; a failure is also told at once."""
        begin = time.perf_counter()
        try:
            told = call()
        except Exception as error:  # a hook changes nothing, whatever comes
            told = {"outcome": "failed", "error": _text(error)}
        told["duration"] = round(time.perf_counter() - begin, 6)
        told = {key: _masked(value) for key, value in told.items()}
        if told["outcome"] == "failed":
            where = f" ({told['url']})" if "url" in told else ""
            tries = told.get("attempts", 1)
            after = f" after {tries} tries" if tries > 1 else ""
            self._complain(f"{name}{where} failed{after}: {told['error']}")
            lines = str(told.get("output", "")).splitlines()
            for line in ["..."][: len(lines) > MAX_LINES] + lines[-MAX_LINES:]:
                self._complain(f"{name}: {line}")
        return {"hook": name, **told}

    def _complain(self, text: str) -> None:
        clock = time.strftime("%Y-%m-%d %H:%M:%S")
        try:
            print(
                mask(f"{clock} WARNING {self._workflow.name}: {text}"),
                file=sys.stderr,
                flush=True,
            )
        except (OSError, ValueError):  # nobody reads it
            return

    def _fields(self, result: RunResult, slot: str, place: str) -> Fields:
        errors = result.context.get("errors") or {}
        first, *_ = str(errors.get("message", "")).strip().splitlines() or [""]
        return {
            "workflow": self._workflow.name,
            "run_id": self._run_id,
            "status": result.status,
            "slot": slot,
            "error": first[:MAX_ERROR] or errors.get("name", ""),
            "error_place": place,
            "journal": result.journal or "",
            "duration": round(time.perf_counter() - self._clock, 3),
            "source": self._workflow.source,
        }


def _masked(value: object) -> object:
    return mask(value) if isinstance(value, str) else value


def _text(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _call(hook: RunHook | UrlHook, name: str, fields: Fields) -> Callable[[], Fields]:
    if isinstance(hook, RunHook):
        return lambda: _run(hook, name, fields)
    return lambda: _post(hook, fields)


# --- addresses ---


def _address(hook: UrlHook) -> str:
    return hook.url if isinstance(hook.url, str) else hook.url()


def _post(hook: UrlHook, fields: Fields) -> Fields:
    from json import dumps

    from .posts import send

    url = _address(hook)
    body = dumps(fields).encode()
    return _told("url", send(url, body, hook.retry + 1, hook.timeout, is_json=True))


def _ping(
    hook: Ping,
    run_id: str,
    ending: str,
    body: bytes | None,
    over: threading.Event | None = None,
) -> Fields:
    from .posts import ping_url, send

    url = ping_url(_address(hook), ending, run_id)
    return _told("ping", send(url, body, hook.retry + 1, hook.timeout, over=over))


def _told(kind: str, sent: Sent) -> Fields:
    told = {
        "kind": kind,
        "url": sent.shown,
        "attempts": sent.attempts,
        "outcome": "failed" if sent.error else "done",
    }
    return {**told, "error": sent.error} if sent.error else told


class _StartPing:
    """The ping of the start, in a thread beside the run.

    It is told at the end: what writes events may not outlive the run, as a thread can.
    """

    def __init__(self, ping: Ping, run_id: str) -> None:
        self._ping = ping
        self._run_id = run_id
        self._told: Fields = {}
        self._over = threading.Event()
        self._has_ended = threading.Event()
        threading.Thread(target=self._send, name="wf-ping", daemon=True).start()

    def end(self) -> Fields:
        """Wait for the try that is under way, so that it cannot arrive after the end's."""
        self._over.set()
        wait_for(self._has_ended)
        return self._told

    def _send(self) -> None:
        try:
            self._told = _ping(self._ping, self._run_id, "/start", None, self._over)
        except Exception as error:
            self._told = {"kind": "ping", "outcome": "failed", "error": _text(error)}
        finally:
            self._has_ended.set()


def _run(hook: RunHook, name: str, fields: Fields) -> Fields:
    from .hook_commands import run_command

    error, output = run_command(hook.script, name, fields, hook.timeout)
    told: Fields = {"kind": "run", "attempts": 1, "outcome": "done"}
    if error:
        told |= {"outcome": "failed", "error": error}
    return {**told, "output": output} if output else told
