"""Workflow waits: a shell stage says its pid and waits; with STAY a caller stays.

With DEAF the shell ignores that it shall end.
"""

import os
import sys

import wfruntime as rt

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../conf"))

import nightly_tasks

WAIT__SHELL = r"""
[ -z "${DEAF}" ] || trap '' TERM
echo "waits as $$"
sleep 60
"""


def wait__shell(ctx: rt.Context[rt.NoParams]) -> rt.BashOutputs:
    return rt.bash(WAIT__SHELL)


def wait__caller(ctx: rt.Context[rt.NoParams]) -> dict[str, object]:
    return nightly_tasks.stay(result=ctx.result)


WORKFLOW = rt.Workflow(
    "waits",
    format=1,
    source="conf/waits.yml",
    jobs=[
        rt.Job(
            "wait",
            stages={
                "shell": wait__caller if os.environ.get("STAY") else wait__shell,
            },
        ),
        rt.Job("late", needs=["wait"], stages={}),
    ],
    lines={"wait/shell": 7},
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
