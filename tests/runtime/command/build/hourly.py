"""Workflow hourly: two entries, the first one in no year; ON is the second, in Bangkok."""

import os
from dataclasses import dataclass

import wfruntime as rt


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    minute: str


def schedule_params(release: rt.Release) -> dict[str, object]:
    return {"minute": f"{release.logical_date:%H:%M}"}


def only__say(ctx: rt.Context[Params]) -> rt.NoOutputs:
    return rt.echo(ctx.params.minute)


WORKFLOW = rt.Workflow(
    "hourly",
    format=1,
    source="conf/hourly.yml",
    params=Params,
    on=[
        rt.Cron("* * * * * 1999"),
        rt.Cron(
            os.environ.get("ON", "0 * * * *"),
            timezone="Asia/Bangkok",
            params=schedule_params,
        ),
    ],
    jobs=[rt.Job("only", stages={"say": only__say})],
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
