"""Workflow prints: a stage that writes to standard output itself."""

import sys

import wfruntime as rt


def only__say(ctx: rt.Context[rt.NoParams]) -> rt.NoOutputs:
    print("one\ntwo", rt.env("NIGHTLY_TOKEN"))
    sys.stdout.write("half a line")
    return rt.echo()


WORKFLOW = rt.Workflow(
    "prints",
    format=1,
    source="conf/prints.yml",
    jobs=[rt.Job("only", stages={"say": only__say})],
    env={"NIGHTLY_TOKEN": 3},
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
