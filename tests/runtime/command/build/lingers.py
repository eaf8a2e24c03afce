"""Workflow lingers: a Python stage ends when it can read a line.

With MORE, a job follows; ON is its schedule.
"""

import os
import sys

import wfruntime as rt


def wait__read(ctx: rt.Context[rt.NoParams]) -> dict[str, object]:
    ctx.result.trace.error("lingers")
    return {"line": sys.stdin.readline().strip()}


def late__say(ctx: rt.Context[rt.NoParams]) -> rt.NoOutputs:
    return rt.echo("late")


LATE = rt.Job("late", needs=["wait"], stages={"say": late__say})
WORKFLOW = rt.Workflow(
    "lingers",
    format=1,
    source="conf/lingers.yml",
    on=[rt.Cron(os.environ["ON"])] if os.environ.get("ON") else [],
    jobs=[
        rt.Job("wait", stages={"read": wait__read}),
        *([LATE] if os.environ.get("MORE") else []),
    ],
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
