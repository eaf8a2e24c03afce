"""Short ways to build an IR by hand, for the cases below."""

from __future__ import annotations

from wfcompile import ir
from wfcompile.types import NO_OUTPUTS, Type

PLAIN = ir.ContextType()


def stage(
    key: str,
    function: str,
    *,
    body: ir.Body,
    title: str,
    line: int,
    has_id: bool = True,
    condition: ir.Expr | None = None,
    context: ir.ContextType = PLAIN,
    returns: Type = NO_OUTPUTS,
    retry: ir.RetryPolicy | None = None,
    timeout_s: float | None = None,
) -> ir.Stage:
    return ir.Stage(
        key=key,
        has_id=has_id,
        function=function,
        title=title,
        line=line,
        condition=condition,
        context=context,
        body=body,
        returns=returns,
        retry=retry,
        timeout_s=timeout_s,
    )


def job(
    id: str,
    name: str,
    *stages: ir.Stage,
    needs: tuple[str, ...] = (),
    trigger_rule: str = "all_success",
    condition: ir.Expr | None = None,
    matrix: ir.Matrix | None = None,
    max_parallel: ir.Expr = ir.Const(1),  # noqa: B008  # frozen
    fail_fast: bool = False,
    retry: ir.RetryPolicy | None = None,
    timeout_s: float | None = None,
) -> ir.Job:
    return ir.Job(
        id=id,
        name=name,
        needs=needs,
        trigger_rule=trigger_rule,
        condition=condition,
        matrix=matrix,
        max_parallel=max_parallel,
        fail_fast=fail_fast,
        retry=retry,
        timeout_s=timeout_s,
        stages=stages,
    )


def mapping(**items: ir.Expr) -> ir.DictExpr:
    return ir.DictExpr(tuple((ir.Const(key), value) for key, value in items.items()))


def output(function: str, key: str) -> ir.Index:
    return ir.Index(ir.Outputs(function), ir.Const(key))
