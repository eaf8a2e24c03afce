"""Prints a run's journal or context for people: `show.py journal|context FILE`.

Both are plain JSON; this only leaves out what is too long for a terminal.
"""

from __future__ import annotations

import json
import sys
from typing import Any

WIDTH = 110


def main(kind: str, path: str) -> None:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if kind == "journal":
        events = [json.loads(line) for line in text.splitlines()]
        for event in events:
            print(journal_line(event, since=events[0]["ts"]))
    else:
        for line in context_lines(json.loads(text)):
            print(line)


def journal_line(event: dict[str, Any], since: float) -> str:
    """An event: when, what, where, then `name=value` pairs, cut at the terminal's width."""
    rest = dict(event)
    moment = f"{(rest.pop('ts') - since) * 1000:6.1f} ms"
    head = f"{moment}  {rest.pop('event'):14} {rest.pop('path')}"
    line = " ".join([head, *(f"{key}={_short(each)}" for key, each in rest.items())])
    return line if len(line) <= WIDTH else line[: WIDTH - 3] + "..."


def context_lines(context: dict[str, Any]) -> list[str]:
    """The status and outputs of each stage, indented below its job and strategy."""
    lines = [f"status: {context['status']}", f"params: {_short(context['params'])}"]
    for job_id, job in context["jobs"].items():
        lines.append(f"{job_id}: {job['status']}")
        strategies = job.get("strategies", {"": job})
        for strategy in strategies.values():
            if "matrix" in strategy:
                lines.append(f"  {_short(strategy['matrix'])}: {strategy['status']}")
            for stage_id, stage in strategy.get("stages", {}).items():
                outputs = _short(stage.get("outputs"))
                lines.append(f"    {stage_id}: {stage['status']} {outputs}")
    return [line if len(line) <= WIDTH else line[: WIDTH - 3] + "..." for line in lines]


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
