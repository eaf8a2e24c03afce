"""The stages that hold others: foreach, until, case, parallel (the language, section 6).

Each list inside has a scope of its own and leaves a record; records stand in the order of
the items, branches and rounds, whatever order they ended in. Of what has not begun when
its container must stop, only the first item behind a failure leaves one.
"""

from __future__ import annotations

from .cancel import Stop
from .context import enter, make_context
from .errors import StageCancelError, StageError
from .failures import error_record
from .graph import Case, ForEach, Until
from .outcome import Outcome, left_out
from .plan import ONLY, OTHERWISE
from .result import CANCEL, FAILED, SKIP, combine
from .stages import skip_unless
from .threads import fan_out
from .wording import WIDTH, kind, quoted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .context import Context, Record, Scope
    from .graph import Arm, Parallel
    from .plan import StageNode
    from .stage_runner import StageRunner

ELSE = "_"
MAX_WORKERS = 19


def run_container(
    runner: StageRunner, node: StageNode, context: Context[Any]
) -> Outcome:
    """Run a container as one try of its stage.

    Raises:
        StageSkipError: Its condition does not hold, or no case matches and it may skip.
        Exception: What its functions raise, or a `StageError` for what they give.
    """
    container = node.run
    if container.condition is not None:
        skip_unless(container.condition(context))
    if isinstance(container, ForEach):
        return _foreach(runner, node, container, context)
    if isinstance(container, Until):
        return _until(runner, node, container, context)
    if isinstance(container, Case):
        return _case(runner, node, container, context)
    return _parallel(runner, node, container, context)


# --- foreach ---


def _foreach(
    runner: StageRunner, node: StageNode, foreach: ForEach, context: Context[Any]
) -> Outcome:
    items = _items(foreach.items(context))
    keys = _keys(items, foreach.use_index_as_key)
    stop = Stop(context._stop)
    records: dict[Any, Record] = {}
    outcomes: dict[Any, Outcome] = {}

    def run_item(index: int) -> None:
        if stop.is_set():
            return
        key, item = keys[index], items[index]
        scope = _inside(context, node, ONLY, stop)
        scope.item, scope.loop = item, index
        scope.keys += (key,)
        scope.tell_apart(item=item)
        ended = runner.run_list(scope)
        records[key] = _record(ended, {"item": item}, scope)
        outcomes[key] = ended
        if ended.status == FAILED:
            stop.set(f"item {_called(item)} has failed")

    fan_out(range(len(items)), foreach.concurrent, run_item, stop)
    left = next((index for index, key in enumerate(keys) if key not in records), None)
    if left is not None and stop.reason is not None:
        own = {"item": items[left]}
        records[keys[left]] = left_out(own, stop.reason, StageCancelError)
    in_order = {key: records[key] for key in keys if key in records}
    outcome = _gathered(in_order, outcomes, len(items), "item", context)
    outcome.outputs = {"items": items, "foreach": in_order}
    return outcome


def _items(given: Any) -> list[Any]:
    """The items that a function gave: a list or the like, or a JSON list as text."""
    if isinstance(given, str):
        from json import loads

        try:
            given = loads(given)
        except (ValueError, RecursionError):
            raise StageError(
                f"foreach needs a list, not the text {shown(given)}"
            ) from None
    if isinstance(given, (list, tuple, range, type({}.keys()), type({}.values()))):
        return list(given)
    raise StageError(f"foreach needs a list, not {shown(given)} ({kind(given)})")


def _keys(items: list[Any], by_index: bool) -> list[Any]:
    if by_index:
        return list(range(len(items)))
    help = "set use_index_as_key: true"
    try:
        is_unique = len(set(items)) == len(items)
    except TypeError:
        raise StageError(
            f"foreach needs items that can be keys of its record, or {help}"
        ) from None
    if not is_unique:
        double = next(item for item in items if items.count(item) > 1)
        raise StageError(f"foreach has the item {shown(double)} twice; {help}")
    return items


# --- until ---


def _until(
    runner: StageRunner, node: StageNode, until: Until, context: Context[Any]
) -> Outcome:
    item = until.item(context) if callable(until.item) else until.item
    rounds: dict[int, Record] = {}
    outputs = {"until": rounds}
    for loop in range(1, until.max_loop + 1):
        scope = _inside(context, node, ONLY, context._stop)
        scope.item, scope.loop = item, loop
        scope.keys += (loop,)
        scope.tell_apart(item=item, loop=loop)
        ended = runner.run_list(scope)
        rounds[loop] = _record(ended, {"loop": loop, "item": item}, scope)
        if ended.cause:
            cause = f"round {loop}: {ended.cause}"
            errors = rounds[loop]["errors"]
            return Outcome(
                ended.status, outputs, errors=errors, cause=cause, inner=ended
            )
        item = _next_item(scope, loop + 1)
        if _is_done(until, scope, item, context, outputs):
            return Outcome(combine(r["status"] for r in rounds.values()), outputs)
    plural = "s" if until.max_loop > 1 else ""
    message = f"it was not done after {until.max_loop} round{plural}"
    raise StageError(message, outputs=outputs)


def _next_item(scope: Scope, loop: int) -> Any:
    """The output `item` of the last stage that has one, else the round's number."""
    for record in reversed(scope.records.values()):
        if "item" in record["outputs"]:
            return record["outputs"]["item"]
    return loop


def _is_done(
    until: Until,
    scope: Scope,
    item: Any,
    context: Context[Any],
    outputs: Mapping[str, object],
) -> bool:
    """Ask with the next round's item and number, and what this round has put out."""
    scope.item, scope.loop = item, scope.loop + 1
    asking = make_context(scope, context._span, context._stop)
    enter(asking)  # the stages inside have entered their own
    done = until.until(asking)
    if not isinstance(done, bool):
        raise StageError(
            f"until is True or False, not {shown(done)} ({kind(done)})", outputs=outputs
        )
    return done


# --- case ---


def _case(
    runner: StageRunner, node: StageNode, case: Case, context: Context[Any]
) -> Outcome:
    value: Any = case.case(context)
    arm, seen = _chosen(case, value, context)
    assert node.arms is not None
    if arm is OTHERWISE:
        if OTHERWISE not in node.arms:
            if case.skip_not_match:
                return Outcome(SKIP)
            raise StageError(
                f"{shown(value)} is none of the cases {quoted(seen)}, "
                "and there is no else"
            )
        value = ELSE
    scope = _inside(context, node, arm, context._stop)
    scope.case = value
    scope.tell_apart(case=value)
    ended = runner.run_list(scope)
    outputs = {"case": value, "stages": scope.records}
    if not ended.cause:
        return Outcome(ended.status, outputs)
    cause = f"case {_called(value)}: {ended.cause}"
    errors = _error_of(ended.status, cause)
    return Outcome(ended.status, outputs, errors=errors, cause=cause, inner=ended)


def _chosen(
    case: Case, value: object, context: Context[Any]
) -> tuple[Arm | None, list[object]]:
    """The first arm with that value, and the values of those before it."""
    seen: list[object] = []
    for arm in case.match:
        own = arm(context) if callable(arm) else arm
        if own == value:
            return arm, seen
        seen.append(own)
    return OTHERWISE, seen


# --- parallel ---


def _parallel(
    runner: StageRunner, node: StageNode, parallel: Parallel, context: Context[Any]
) -> Outcome:
    workers: Any = parallel.max_workers
    if callable(workers):
        workers = workers(context)
    if type(workers) is not int or not 1 <= workers <= MAX_WORKERS:
        raise StageError(
            f"max-workers is a number from 1 to {MAX_WORKERS}, not {shown(workers)}"
        )
    stop = context._stop
    assert stop is not None
    records: dict[str, Record] = {}
    outcomes: dict[str, Outcome] = {}

    def run_branch(branch: str) -> None:
        if stop.is_set():
            return
        scope = _inside(context, node, branch, stop)
        scope.branch = branch
        scope.tell_apart(branch=branch)
        ended = runner.run_list(scope)
        records[branch] = _record(ended, {"branch": branch}, scope)
        outcomes[branch] = ended

    fan_out(list(parallel.branches), workers, run_branch, stop)
    in_order = {key: records[key] for key in parallel.branches if key in records}
    outcome = _gathered(in_order, outcomes, len(parallel.branches), "branch", context)
    outcome.outputs = {"workers": workers, "parallel": in_order}
    return outcome


# --- the parts ---


def _inside(
    context: Context[Any], node: StageNode, arm: Arm | None, stop: Stop | None
) -> Scope:
    assert node.arms is not None
    return context._scope.nested(node.arms[arm], stop, context._span)


def _record(ended: Outcome, own: dict[str, Any], scope: Scope) -> Record:
    record: Record = {"status": ended.status, **own, "stages": scope.records}
    if ended.cause:
        record["errors"] = _error_of(ended.status, ended.cause)
    return record


def _error_of(status: str, cause: str) -> dict[str, str]:
    return error_record((StageError if status == FAILED else StageCancelError)(cause))


def _called(value: object) -> str:
    """An item, branch or case in a message: a name in quotes, else the value."""
    is_name = isinstance(value, str) and value.isprintable() and len(value) < WIDTH
    return f'"{value}"' if is_name else shown(value)


def _gathered(
    records: Mapping[Any, Record],
    outcomes: Mapping[Any, Outcome],
    count: int,
    name: str,
    context: Context[Any],
) -> Outcome:
    """The outcome of parts that run side by side, yet without outputs.

    Args:
        count: How many parts there are; those without a record have not begun.
        name: What a part is called, and the key of its value in its record.
    """
    errors = {key: r["errors"] for key, r in records.items() if "errors" in r}
    status = combine(record["status"] for record in records.values())
    if errors:
        first = next(key for key, r in records.items() if r["status"] == status)
        inner = outcomes[first]
        cause = f"{name} {_called(records[first][name])}: {inner.cause}"
        return Outcome(status, errors=errors, cause=cause, inner=inner)
    stop = context._stop
    if len(records) < count and stop is not None:
        cause = f"stopped: {stop.why()}"
        return Outcome(CANCEL, errors=_error_of(CANCEL, cause), cause=cause)
    return Outcome(status)
