"""The IR of nightly-orders, by hand: every container, a job condition, schedule params.

The dispatch over two callers and the trigger of the sample are not in the IR yet: a direct call
and a raise stand in their place.
"""

from __future__ import annotations

from tests.emit.parts import job, output, stage
from wfcompile import ir
from wfcompile.types import (
    BASH_OUTPUTS,
    DATE,
    INT,
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    RecordType,
)

_PULLED = RecordType("orders", "Pulled", "typeddict", (Field("rows", INT),))
_PUBLISHED = RecordType("orders", "Published", "typeddict", (Field("target", STR),))
_COUNT = RecordType("", "LedgerWaitCount", "typeddict", (Field("item", INT),))
_REGIONS, _MODE, _DAY = ir.Param("regions"), ir.Param("mode"), ir.Param("run_date")
_ITEM = ir.ContextValue("item")

_PULL = stage(
    "pull",
    "load__regions__pull",
    title="Pull",
    line=21,
    context=ir.ContextType(item=UNKNOWN),
    returns=_PULLED,
    retry=ir.RetryPolicy(2),
    body=ir.CallBody("orders", "pull_full", (("region", _ITEM), ("day", _DAY))),
)
_LAND = stage(
    "land",
    "load__regions__land",
    title="Land",
    line=28,
    context=ir.ContextType(item=UNKNOWN),
    returns=BASH_OUTPUTS,
    body=ir.BashBody(
        "LOAD__REGIONS__LAND",
        'printf \'%s rows of %s\\n\' "${pull_rows}" "${item}" >> landing.log\n',
        (("pull_rows", output("load__regions__pull", "rows")), ("item", _ITEM)),
    ),
)
_LOAD = stage(
    "regions",
    "load__regions",
    title="Load each region",
    line=16,
    body=ir.ForEachBody(_REGIONS, ListType(UNKNOWN), UNKNOWN, 3, False, (_PULL, _LAND)),
)

_COUNT_UP = stage(
    "count",
    "ledger__wait__count",
    title="Count up",
    line=41,
    context=ir.ContextType(item=INT),
    returns=_COUNT,
    body=ir.BlockBody(
        variables=(),
        lines=(ir.BlockLine("item = hole_1 + 1"),),
        holes=(ir.BlockHole("hole_1", _ITEM),),
        outputs=(ir.BlockOutput("item", INT),),
        outputs_class="LedgerWaitCount",
    ),
)
_WAIT = stage(
    "wait",
    "ledger__wait",
    title="Wait for the ledger",
    line=35,
    body=ir.UntilBody(
        until=ir.Comparison(_ITEM, ((">=", ir.Const(3)),)),
        item=ir.Const(0),
        item_type=INT,
        max_loop=5,
        stages=(_COUNT_UP,),
    ),
)

_FULL = stage(
    "full",
    "report__route__full",
    title="Full report",
    line=55,
    body=ir.RaiseBody(ir.Join((ir.Const("no full report of "), _DAY))),
)
_DELTA = stage(
    "delta",
    "report__route__delta",
    title="Nothing to do",
    line=61,
    body=ir.EchoBody(ir.Const("delta runs have no report")),
)
_ROUTE = stage(
    "route",
    "report__route",
    title="Route",
    line=49,
    body=ir.CaseBody(_MODE, STR, (("full", (_FULL,)),), (_DELTA,), False),
)


def _publish(sink: str, title: str, line: int) -> ir.Stage:
    return stage(
        sink,
        f"report__publish__{sink}",
        title=title,
        line=line,
        returns=_PUBLISHED,
        body=ir.CallBody("orders", f"publish_{sink}", (("day", _DAY),)),
    )


_PUBLISH = stage(
    "publish",
    "report__publish",
    title="Publish to both sinks",
    line=64,
    body=ir.ParallelBody(
        (
            ("s3", (_publish("s3", "To S3", 68),)),
            ("db", (_publish("db", "To the database", 73),)),
        ),
        ir.Const(2),
    ),
)
_IS_DUE = ir.Logic(
    "or",
    (
        ir.Comparison(_MODE, (("==", ir.Const("full")),)),
        ir.Comparison(ir.Call("len", (_REGIONS,)), ((">", ir.Const(1)),)),
    ),
)

MODULE = ir.Module(
    name="nightly-orders",
    module="nightly_orders",
    source="conf/nightly-orders.yml",
    description="Loads the orders of every region, waits for the ledger, then routes the report.",
    parameters=(
        ir.Parameter("run-date", "run_date", DATE, False, None),
        ir.Parameter("regions", "regions", ListType(UNKNOWN), True, ["eu", "us"]),
        ir.Parameter("mode", "mode", LiteralType(("full", "delta")), False, None),
    ),
    schedules=(
        ir.Schedule(
            "30 2 * * *",
            "Europe/Berlin",
            (("run-date", ir.ReleaseValue("logical_date")),),
        ),
    ),
    timeout_s=None,
    jobs=(
        job("load", "load", _LOAD),
        job("ledger", "ledger", _WAIT, needs=("load",)),
        job("report", "report", _ROUTE, _PUBLISH, needs=("ledger",), condition=_IS_DUE),
    ),
    search_path=("../conf",),
    env_lines=(),
)
