"""How a value gets to code without becoming a part of it: the help lines, by program."""

from __future__ import annotations

from collections.abc import Mapping

from wfcompile.expressions.shell_problems import TEMPLATE
from wfcompile.expressions.shell_programs import INTERPRETERS, SHELLS, stem

_QUOTED = f"write $(printf %q {TEMPLATE}) there, outside single quotes"
_QUOTED_BY_BASH = (
    f'write "shell: bash" for the stage, and $(printf %q {TEMPLATE}) there'
)
"""The printf of dash quotes nothing."""
_IN_VARIABLE = f'put it into a variable, value={TEMPLATE}, and write "$value" between single quotes'
_BOUND = "make the param a number, a date or a choice, or check the value before"
_ADVICE: Mapping[str, str] = {
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
_TO_OTHER_SHELLS = frozenset(
    ("ssh", "su", "runuser", "watch", "at", "batch", "crontab")
)
_CODE_OPTIONS: Mapping[str, str] = {
    **dict.fromkeys(INTERPRETERS, "-e"),
    **{"python": "-c", "pypy": "-c", "php": "-r", "pwsh": "-c", "expect": "-c"},
}


def passing(command: str, shell: str, *, on_input: bool = False) -> str:
    """How a value gets to code that `command` runs; `on_input`: it reads the code.

    `shell` is that of the script, "bash" or "sh".
    """
    if command in _TO_OTHER_SHELLS:
        return _QUOTED if shell == "bash" else _QUOTED_BY_BASH
    if command in SHELLS:
        start = "-s --" if on_input else f"-c '...' {command}"
        return f'pass it as an argument, {command} {start} {TEMPLATE}, and use "$1"'
    if advice := _ADVICE.get(command):
        return advice
    if command.endswith("awk"):
        return f'write value={TEMPLATE} in front of {command}, and use ENVIRON["value"]'
    if command.endswith("sed"):
        return f'use awk with value={TEMPLATE} in front of it, and ENVIRON["value"]'
    if option := _CODE_OPTIONS.get(stem(command)):
        start = "-" if on_input else f"{option} '...'"
        return f"pass it as an argument, {command} {start} {TEMPLATE}, and read that"
    return _IN_VARIABLE


def binding(command: str) -> str:
    """How a value gets into a query of `command`."""
    return _ADVICE.get(command, _BOUND)
