"""Workflow pair: two jobs that succeed only if both run at a time."""

import os
import threading

import wfruntime as rt

BOTH = threading.Barrier(2)


def meet(ctx: rt.Context[rt.NoParams]) -> rt.NoOutputs:
    BOTH.wait(float(os.environ["MEET_S"]))
    return rt.echo()


WORKFLOW = rt.Workflow(
    "pair",
    format=1,
    source="conf/pair.yml",
    jobs=[
        rt.Job("left", stages={"meet": meet}),
        rt.Job("right", stages={"meet": meet}),
    ],
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
