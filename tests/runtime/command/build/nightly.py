"""Workflow nightly.

Loads and checks.
"""

import os
import sys
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypedDict

import wfruntime as rt

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../conf"))

import nightly_tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    run_date: date = field(metadata={"required": True, "desc": "The day to load."})
    code: int = 0
    mode: Literal["full", "delta"]
    regions: list[Any] = field(default_factory=lambda: ["eu", "jp"])


def schedule_params(release: rt.Release) -> dict[str, object]:
    return {"run-date": release.logical_date}


def load__pull(ctx: rt.ItemContext[Params, str]) -> dict[str, object]:
    return nightly_tasks.pull(region=ctx.item, day=ctx.params.run_date)


def load__regions__items(ctx: rt.Context[Params]) -> list[Any]:
    return ctx.params.regions


class Check(TypedDict):
    layer: str


CHECK__COUNT = r"""
echo "counts ${layer} with ${NIGHTLY_TOKEN}"
exit "${code}"
"""


def check__count(ctx: rt.MatrixContext[Params, Check]) -> rt.BashOutputs:
    rt.env("NIGHTLY_TOKEN")
    return rt.bash(
        CHECK__COUNT, env={"layer": ctx.matrix["layer"], "code": ctx.params.code}
    )


def report__say(ctx: rt.Context[Params]) -> rt.NoOutputs:
    return rt.echo(f"{ctx.params.mode} of {ctx.params.run_date}")


WORKFLOW = rt.Workflow(
    "nightly",
    format=1,
    source="conf/nightly.yml",
    params=Params,
    on=[rt.Cron("30 2 * * *", timezone="Asia/Bangkok", params=schedule_params)],
    jobs=[
        rt.Job(
            "load",
            stages={
                "regions": rt.ForEach(load__regions__items, stages={"pull": load__pull})
            },
        ),
        rt.Job(
            "check",
            needs=["load"],
            matrix={"layer": ["raw", "gold"]},
            stages={"count": check__count},
        ),
        rt.Job("report", needs=["check"], stages={"say": report__say}),
    ],
    lines={
        "load/regions": 12,
        "load/regions/pull": 16,
        "check/count": 25,
        "report/say": 31,
    },
    env={"NIGHTLY_TOKEN": 26, "NIGHTLY_URL": 27},
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
