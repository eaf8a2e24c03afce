"""What stage functions call: shell text, messages, failures, skips, environment variables.

Inside a run these belong to the stage that the thread runs: messages are its events, and
what waits ends early when the stage must stop. Outside, as in a unit test of a stage
function, they work alone.
"""

from __future__ import annotations

import os

from .context import current, log
from .errors import EnvError, StageCancelError, StageError, StageSkipError
from .wording import kind, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn, TypedDict, TypeVar

    T = TypeVar("T")

    class BashOutputs(TypedDict):
        """`stdout` and `stderr` without line breaks at their ends; None when empty."""

        return_code: int
        stdout: str | None
        stderr: str | None

    class NoOutputs(TypedDict):
        """Nothing."""

else:

    class BashOutputs(dict):
        """`stdout` and `stderr` without line breaks at their ends; None when empty."""

    class NoOutputs(dict):
        """Nothing."""


def skip_unless(condition: bool) -> None:
    """Go on if the condition holds, else end the stage as SKIP.

    Raises:
        StageSkipError: It does not hold.
        StageError: It is no bool.
    """
    if condition is True:
        return
    if condition is False:
        raise StageSkipError("the condition does not hold")
    raise StageError(
        f"a condition is True or False, not {shown(condition)} ({kind(condition)})"
    )


def bash(
    script: str,
    *,
    env: Mapping[str, object] | None = None,
    words: Mapping[str, object] | None = None,
    shell: str = "bash",
    cwd: object = None,
) -> BashOutputs:
    """Run shell text to its end.

    Args:
        env: Exported beside this process's own environment; values as text. No value
            becomes shell text.
        words: Lists that are arrays in the script, an element a value. "sh" takes one,
            which is its arguments, `"$@"`; so is a list called "@". A name of a secret
            masks the values.
        shell: "bash" (`-eo pipefail`) or "sh" (`-e`).
        cwd: The working folder; None: this process's.

    Raises:
        StageError: It could not run, or has ended with another code than 0. The error has
            the outputs.
        StageCancelError: The stage must stop.
    """
    from .shells import run_script

    return run_script(script, env or {}, words or {}, shell, cwd, current())


def echo(message: object = "", *, sleep: float = 0.0) -> NoOutputs:
    """Tell a message, then wait.

    Raises:
        StageCancelError: The stage must stop; the wait ends at once.
    """
    context = current()
    text = str(message)
    if text and context is not None:
        log(context, "INFO", text)
    elif text:
        print(text)
    if sleep > 0:
        _sleep(sleep)
    return {}


def not_none(value: T | None, written: str) -> T:
    """The value of `value | filter` for a filter that does not take None.

    Args:
        written: The expression as the YAML has it.

    Raises:
        StageError: It is None.
    """
    if value is None:
        origin, _, name = written.rpartition("|")
        raise StageError(
            f'{origin.strip()} is None, which the filter "{name.strip()}" does not take; '
            "| coalesce(...) gives it a value"
        )
    return value


def fail(message: object) -> NoReturn:
    """Fail the stage.

    Raises:
        StageError: Always.
    """
    raise StageError(str(message))


def env(name: str, default: str | None = None) -> str:
    """The value of an environment variable; it may be empty.

    A value whose name is that of a secret is masked from now on in all that is written.

    Raises:
        EnvError: It is not set, and there is no default.
    """
    from .secrets import is_secret_name, register

    value = os.environ.get(name, default)
    if value is None:
        raise EnvError(unset(name, _place_of(name)))
    if is_secret_name(name):
        register(value)
    return value


def unset(name: str, place: str) -> str:
    """How a missing variable is named; the place may be ""."""
    return f"environment variable {name} is not set" + (f" ({place})" if place else "")


def unset_variables(variables: Mapping[str, int], source: str) -> list[str]:
    """What is said of those that are missing; each has its line in the source."""
    return [
        unset(name, f"{source}:{line}")
        for name, line in variables.items()
        if name not in os.environ
    ]


def _place_of(name: str) -> str:
    context = current()
    if context is None:
        return ""
    run = context._scope.run
    return f"{run.source}:{run.env[name]}" if name in run.env else run.source


def _sleep(seconds: float) -> None:
    context = current()
    stop = None if context is None else context._stop
    if stop is None:
        from time import sleep

        sleep(seconds)
    elif stop.wait(seconds):
        raise StageCancelError(f"stopped while it slept: {stop.why()}")
