"""Workflow guarded: it sleeps HOLD seconds in a shell, and fails with FAIL.

ON is its schedule, POLICY and GROUP its concurrency, MISSED and WINDOW what becomes of slots that
were missed, NAME another name for it. With FORK it leaves a child behind that is no other program.
"""

import os
import time
from typing import Any

import wfruntime as rt

NAME = os.environ.get("NAME", "guarded")
POLICY: Any = os.environ.get("POLICY")
MISSED: Any = os.environ.get("MISSED")
WINDOW_S = 60.0 * float(os.environ.get("WINDOW", "1440"))


def only__fork(ctx: rt.Context[rt.NoParams]) -> dict[str, object]:
    pid = os.fork() if os.environ.get("FORK") else 1
    if pid == 0:
        time.sleep(5)
        os._exit(0)
    return {"pid": pid}


def only__hold(ctx: rt.Context[rt.NoParams]) -> rt.BashOutputs:
    ctx.result.trace.error("holds")
    code = "exit 3" if os.environ.get("FAIL") else "exit 0"
    return rt.bash(f"sleep {os.environ.get('HOLD', '0')}; {code}")


WORKFLOW = rt.Workflow(
    NAME,
    format=1,
    source="conf/guarded.yml",
    on=[rt.Cron(os.environ["ON"])] if os.environ.get("ON") else [],
    concurrency=(
        rt.Concurrency(POLICY, group=os.environ.get("GROUP")) if POLICY else None
    ),
    missed=rt.Missed(MISSED, window=WINDOW_S) if MISSED else None,
    jobs=[rt.Job("only", stages={"fork": only__fork, "hold": only__hold})],
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
