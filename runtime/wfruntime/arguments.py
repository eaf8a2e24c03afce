"""The words of a command line to `Arguments`; whatever is wrong is a `UsageError`.

Read by hand: importing `argparse` takes longer than a small run, and cron passes options
each time. Params stay texts here, files are not opened.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

MODES = ("normal", "force", "rerun", "dryrun")
OPTIONS = {
    "--param": ("NAME=VALUE", "set a param; once for each param"),
    "--params": ("FILE", 'set params by a JSON object; "-" reads standard input'),
    "--release": ("ISO", "run for this moment of the schedule; UTC without an offset"),
    "--scheduled": (
        "",
        "for cron: run for the scheduled minute that has come, or do nothing",
    ),
    "--mode": ("MODE", f"{', '.join(MODES)}; default: normal"),
    "--max-parallel": ("N", "run at most N jobs at a time; default: 2"),
    "--timeout": ("SECONDS", "stop the run after this time; it has failed then"),
    "--context": ("FILE", 'write the result as JSON; "-" is standard output'),
    "--quiet": ("", "print errors only"),
    "--help": ("", "print this help"),
}
"""Option -> (what its value is called, its help); without a value: a switch."""
SHORT = {"-p": "--param", "-q": "--quiet", "-h": "--help"}


class UsageError(Exception):
    """The command line asks for something that there is not; one line says what."""


class Arguments:
    """The options that were given, or their defaults."""

    __slots__ = (
        "context",
        "help",
        "max_parallel",
        "mode",
        "param",
        "params",
        "quiet",
        "release",
        "scheduled",
        "timeout",
    )

    def __init__(self) -> None:
        self.param: dict[str, str] = {}
        self.params: str | None = None
        self.release: datetime | None = None
        self.scheduled = False
        self.mode = "normal"
        self.max_parallel: int | None = None
        self.timeout: float | None = None
        self.context: str | None = None
        self.quiet = False
        self.help = False


def parse(words: Sequence[str]) -> Arguments:
    """
    >>> parse(["--param", "a=1", "--max-parallel=3"]).max_parallel
    3
    """
    arguments = Arguments()
    rest = iter(words)
    for word in rest:
        option, equals, value = word.partition("=")
        option = SHORT.get(option, option)
        if option not in OPTIONS:
            raise UsageError(_unknown(word))
        placeholder = OPTIONS[option][0]
        field = option[2:].replace("-", "_")
        if not placeholder:
            if equals:
                raise UsageError(f"{option} takes no value")
            setattr(arguments, field, True)
            continue
        if not equals:
            value = next(rest, "")
        if not value:
            raise UsageError(f"{option} needs a value: {option} {placeholder}")
        if option == "--param":
            name, text = _param(value)
            if name in arguments.param:
                raise UsageError(_twice(name, arguments.param[name], text))
            arguments.param[name] = text
        else:
            setattr(arguments, field, READERS[option](value))
    return arguments


def _unknown(word: str) -> str:
    from .wording import suggestion

    if not word.startswith("-"):
        example = f"; write --param {word}" if "=" in word else ""
        return f'unexpected argument "{word}"{example}'
    option = word.partition("=")[0]
    return f'unknown option "{option}"{suggestion(option, OPTIONS) or "; see --help"}'


def _param(value: str) -> tuple[str, str]:
    name, equals, text = value.partition("=")
    if not equals or not name:
        raise UsageError(f'--param needs NAME=VALUE, not "{value}"')
    return name, text


def _twice(name: str, first: str, second: str) -> str:
    from .secrets import is_secret_name

    told = "" if is_secret_name(name) else f', as "{first}" and as "{second}"'
    return f"--param {name} is given twice{told}"


def _release(value: str) -> datetime:
    from datetime import timezone

    from .isotime import parse_datetime

    try:
        moment = parse_datetime(value)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=timezone.utc)
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise UsageError(
            f'--release needs a moment such as 2024-01-31T02:30, not "{value}"'
        ) from None


def _mode(value: str) -> str:
    if value not in MODES:
        from .wording import suggestion

        raise UsageError(
            f'--mode is one of {", ".join(MODES)}, not "{value}"'
            + suggestion(value, MODES)
        )
    return value


def _max_parallel(value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() else 0
    if number < 1:
        raise UsageError(f'--max-parallel needs a number from 1 on, not "{value}"')
    return number


def _timeout(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f'--timeout needs a number of seconds, not "{value}"')
    return seconds


READERS: dict[str, Callable[[str], object]] = {
    "--params": str,
    "--release": _release,
    "--mode": _mode,
    "--max-parallel": _max_parallel,
    "--timeout": _timeout,
    "--context": str,
}
