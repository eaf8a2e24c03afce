"""Workflow quick: as little as can be; says at its exit which modules it loaded."""

import atexit
import os
import sys

import wfruntime as rt


def only__say(ctx: rt.Context[rt.NoParams]) -> rt.NoOutputs:
    return rt.echo("hello")


WORKFLOW = rt.Workflow(
    "quick",
    format=1,
    source="conf/quick.yml",
    jobs=[rt.Job("only", stages={"say": only__say})],
)

if __name__ == "__main__":
    if os.environ.get("TELL_MODULES"):
        atexit.register(lambda: print(*sys.modules, file=sys.stderr))
    raise SystemExit(rt.main(WORKFLOW))
