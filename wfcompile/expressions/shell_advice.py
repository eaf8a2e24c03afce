"""How a value gets to code without becoming a part of it: the help lines, by program."""

from __future__ import annotations

from collections.abc import Mapping

from wfcompile.expressions.shell_problems import TEMPLATE
from wfcompile.expressions.shell_programs import INTERPRETERS, SHELLS, stem

_QUOTED = f"quote it for the other shell, $(printf %q {TEMPLATE})"
_IN_VARIABLE = f'put it into a variable, value={TEMPLATE}, and write "$value" between single quotes'
_BOUND = "make the param a number, a date or a choice, or check the value before"
_ADVICE: Mapping[str, str] = {
    **dict.fromkeys(
        ("ssh", "su", "runuser", "watch", "at", "batch", "crontab"), _QUOTED
    ),
    "parallel": f"pass it behind the command, ::: {TEMPLATE}, and write {{}}",
    "make": f'write value={TEMPLATE} in front of make, and "$$value" in the recipe',
    "psql": f"pass it as -v value={TEMPLATE}, and write :'value' in a query on its input",
    "duckdb": f"write value={TEMPLATE} in front of duckdb, and getenv('value') in the query",
    "bq": f"pass it as --parameter=value::{TEMPLATE}, and write @value",
    "jq": f"pass it as --arg value {TEMPLATE}, and write $value",
    "yq": f"write value={TEMPLATE} in front of yq, and strenv(value) in the query",
    **dict.fromkeys(
        ("clickhouse", "clickhouse-client", "clickhouse-local"),
        f"pass it as --param_value={TEMPLATE}, and write {{value:String}}",
    ),
}
_CODE_OPTIONS: Mapping[str, str] = {
    **dict.fromkeys(INTERPRETERS, "-e"),
    **{"python": "-c", "pypy": "-c", "php": "-r", "pwsh": "-c", "expect": "-c"},
}


def passing(command: str, *, on_input: bool = False) -> str:
    """How a value gets to code that `command` runs; `on_input`: it reads the code."""
    if command in SHELLS:
        start = "-s --" if on_input else f"-c '...' {command}"
        return f'pass it as an argument, {command} {start} {TEMPLATE}, and use "$1"'
    if advice := _ADVICE.get(command):
        return advice
    if command.endswith("awk"):
        return f"pass it as a variable, {command} -v value={TEMPLATE}, and use value"
    if command.endswith("sed"):
        return f"use awk -v value={TEMPLATE}, where value is no part of the program"
    if option := _CODE_OPTIONS.get(stem(command)):
        start = "-" if on_input else f"{option} '...'"
        return f"pass it as an argument, {command} {start} {TEMPLATE}, and read that"
    return _IN_VARIABLE


def binding(command: str) -> str:
    """How a value gets into a query of `command`."""
    return _ADVICE.get(command, _BOUND)
