"""The text of `--help`: the workflow, its params, schedule, variables, the options."""

from __future__ import annotations

import sys

from .arguments import OPTIONS, SHORT
from .params import describe
from .secrets import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .graph import Workflow
    from .params import Param

WIDTH = 80
EXAMPLE_BY_TYPE = {
    "str": "text",
    "int": "10",
    "float": "0.5",
    "decimal": "0.5",
    "date": "2024-01-31",
    "datetime": "2024-01-31T02:30",
    "map": "\"{'key': 1}\"",
    "array": "'[\"a\", 1]'",
}


def help_text(workflow: Workflow[Any]) -> str:
    """All of the help; lines fit `WIDTH`."""
    params = describe(workflow.params)
    shorts = {long: f"{short}, " for short, long in SHORT.items()}
    parts = [
        [f"usage: {command()} [options]"],
        [
            f"{workflow.name} ({workflow.source})",
            *_paragraphs(workflow.desc),
        ],
        _section("params", ((_left(param), _right(param)) for param in params)),
        _section("schedule", ((line, "") for line in _schedule(workflow))),
        _section("environment", _environment(workflow)),
        _section(
            "options",
            (
                (f"{shorts.get(option, '')}{option} {placeholder}".strip(), text)
                for option, (placeholder, text) in OPTIONS.items()
            ),
        ),
        _section("examples", ((line, "") for line in _examples(params))),
        [
            "exit: 0 success or skipped, 1 failed, 2 usage;",
            "      cancelled by a signal: 129 SIGHUP, 130 SIGINT, 143 SIGTERM",
        ],
    ]
    return mask("\n\n".join("\n".join(part) for part in parts if part)) + "\n"


def command() -> str:
    """How this process was called, as one can type it again."""
    from shlex import quote

    program = sys.argv[0] or "python"
    return f"python {quote(program)}" if program.endswith(".py") else quote(program)


def _left(param: Param) -> str:
    return f"{param.name}={param.type.upper()}"


def _right(param: Param) -> str:
    """Description, choices, then default or "required"."""
    parts = [param.desc.strip().rstrip(".")] if param.desc else []
    if param.options:
        parts.append(f"one of {', '.join(map(str, param.options))}")
    default = param.default(None)
    if param.required:
        parts.append("required")
    elif param.has_default or default is not None:
        parts.append(f"default: {_typed(param, default)}")
    elif param.type in ("date", "datetime"):
        parts.append("default: the run's start")
    else:
        parts.append("default: none")
    return "; ".join(parts)


def _typed(param: Param, value: object) -> str:
    """As one would type it after `--param NAME=`."""
    if param.type == "array":
        from json import dumps

        from .jsontext import plain

        return dumps(plain(value), ensure_ascii=False)
    return repr(value) if value == "" else str(value)


def _schedule(workflow: Workflow[Any]) -> list[str]:
    return [f"{cron.expression} ({cron.timezone})" for cron in workflow.on]


def _environment(workflow: Workflow[Any]) -> list[tuple[str, str]]:
    """The variables that must be set, and those without which a hook fails."""
    return [
        (name, f"must be set; {workflow.source}:{line}")
        for name, line in workflow.env.items()
    ] + [
        (name, f"a hook reads it; {workflow.source}:{line}")
        for name, line in workflow.hook_env.items()
        if name not in workflow.env
    ]


def _examples(params: Iterable[Param]) -> list[str]:
    """One that sets what must be set, or the first param; one with files."""
    params = list(params)
    shown = [param for param in params if param.required] or params[:1]
    sets = [f"--param {param.name}={_example(param)}" for param in shown]
    lines = [" ".join([command(), *sets])]
    if params:
        lines.append(f"{command()} --params params.json --context result.json")
    return lines


def _example(param: Param) -> str:
    from shlex import quote

    if param.options:
        return quote(str(param.options[-1]))
    return EXAMPLE_BY_TYPE[param.type]


def _paragraphs(text: str) -> list[str]:
    """The description, its own lines kept but for long ones."""
    from textwrap import wrap

    lines = [part for line in text.splitlines() for part in wrap(line, WIDTH) or [""]]
    return ["", *lines] if lines else []


def _section(title: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    """A title and rows in two columns; a long left side has a line of its own."""
    from textwrap import wrap

    table = list(rows)
    if not table:
        return []
    column = min(26, 4 + max(len(left) for left, _ in table))
    lines = [f"{title}:"]
    for left, right in table:
        texts = wrap(right, WIDTH - column) or [""]
        if len(left) + 4 > column:
            lines.append(f"  {left}")
        else:
            lines.append(f"  {left:<{column - 2}}{texts.pop(0)}".rstrip())
        lines += [" " * column + text for text in texts if text]
    return lines
