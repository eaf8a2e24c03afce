"""The first argument of every stage function, and the scopes behind it.

A scope is what the stages of one list share: the job's, a strategy's, an item's, a round's,
a branch's or a case's. Nothing is copied: a scope refers to the one around it, and values
are handed on as they are. So a stage must not change in place what another has put out.
"""

from __future__ import annotations

import threading

from .stored import entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Generic, TypeVar

    from .cancel import Stop
    from .events import Events, Span
    from .graph import Workflow
    from .plan import Block, JobNode, Plan, StageNode
    from .release import Release
    from .result import Result
    from .triggered import TriggerOutputs

    P = TypeVar("P")
    Q = TypeVar("Q")
    M = TypeVar("M")
    I = TypeVar("I")  # noqa: E741
    T = TypeVar("T")
    Record = dict[str, Any]
else:
    from .generic import Generic, I, M, P

_this_thread = threading.local()


class RunState:
    """What all stages of a run see; `records` are the jobs' by index, None: not ended."""

    __slots__ = (
        "blocks",
        "env",
        "events",
        "extras",
        "lines",
        "named_params",
        "names_stages",
        "params",
        "plan",
        "records",
        "release",
        "run_id",
        "scripts",
        "source",
        "trigger",
        "triggered",
    )

    def __init__(self, run_id: str = "", workflow: Workflow[Any] | None = None) -> None:
        self.run_id = run_id
        self.source = "" if workflow is None else workflow.source
        self.lines: Mapping[str, int] = {} if workflow is None else workflow.lines
        self.env: Mapping[str, int] = {} if workflow is None else workflow.env
        self.blocks = {} if workflow is None else workflow.blocks
        self.scripts = {} if workflow is None else workflow.scripts
        self.plan: Plan | None = None
        self.records: list[Record | None] = []
        self.events: Events | None = None
        self.params: Any = None
        self.named_params: dict[str, object] = {}
        self.extras: dict[str, Any] = {}
        self.names_stages: object = False  # stages without an id have records, too
        # runs a workflow inside a stage; what makes runs sets it
        self.trigger: Callable[[Any, Any, object], TriggerOutputs] | None = None
        # the workflows that have triggered this one, outermost first, and itself
        self.triggered: tuple[str, ...] = () if workflow is None else (workflow.name,)
        self.release: Release | None = None

    def set_plan(self, plan: Plan) -> None:
        self.plan = plan
        self.records = [None] * len(plan.jobs)


class Scope:
    """What the stages of one list share.

    Attributes:
        records: Stage id -> record of those that have ended.
        stop: Set when the list must end before its next stage.
        span: Of the job, strategy or container whose list this is.
        keys: The dynamic keys from outside in: strategy id, items, round numbers.
        fields: What the events of its stages have in common; `text`: as JSON.
    """

    __slots__ = (
        "block",
        "branch",
        "case",
        "fields",
        "item",
        "job",
        "keys",
        "loop",
        "matrix",
        "parent",
        "records",
        "run",
        "span",
        "stop",
        "text",
    )

    def __init__(self, run: RunState, job: JobNode | None, stop: Stop | None) -> None:
        self.run = run
        self.job = job
        self.stop = stop
        self.block: Block | None = None if job is None else job.block
        self.parent: Scope | None = None
        self.span: Span | None = None
        self.records: dict[str, Record] = {}
        self.matrix: Mapping[str, object] = {}
        self.item: Any = None
        self.loop = 0
        self.branch = ""
        self.case: Any = None
        self.keys: tuple[object, ...] = ()
        self.fields: dict[str, object] = {}
        self.text = ""

    def tell_apart(self, **own: object) -> None:
        """Set what tells the events of this scope from those of its siblings."""
        around = {} if self.parent is None else self.parent.fields
        self.fields = {**around, **own}
        if self.keys and self.parent is not None:
            self.fields["scope"] = list(self.keys)
        self.text = entries(self.fields)

    def nested(self, block: Block, stop: Stop | None, span: Span | None) -> Scope:
        """The scope of a list inside a container, with the values of this one."""
        inner = Scope(self.run, self.job, stop)
        inner.block = block
        inner.parent = self
        inner.span = span
        inner.matrix = self.matrix
        inner.item = self.item
        inner.loop = self.loop
        inner.branch = self.branch
        inner.case = self.case
        inner.keys = self.keys
        return inner


class Context(Generic[P]):
    """What a stage function is given.

    In a unit test of a stage function, make one by hand:
    `Context(Params(...), outputs={another_stage: {"rows": 3}})`. For a function that reads
    `ctx.matrix` or `ctx.item`, make the `MatrixContext` or `ItemContext` of its annotation.

    Args:
        outputs: Stage function -> what `outputs`, and for a mapping of strategy ids
            `matrix_outputs`, give; workflow -> what `trigger` gives.
    """

    __slots__ = ("_given", "_scope", "_span", "_stop", "retry")

    def __init__(
        self,
        params: P,
        *,
        matrix: Mapping[str, object] | None = None,
        item: object = None,
        loop: int = 0,
        branch: str = "",
        case: object = None,
        retry: int = 0,
        outputs: Mapping[Any, Any] | None = None,
        extras: dict[str, Any] | None = None,
        release: Release | None = None,
    ) -> None:
        run = RunState()
        run.params = params
        run.extras = {} if extras is None else extras
        run.release = release
        scope = Scope(run, None, None)
        scope.matrix = matrix or {}
        scope.item = item
        scope.loop = loop
        scope.branch = branch
        scope.case = case
        self._scope = scope
        self._span: Span | None = None
        self._stop: Stop | None = None
        self._given: Mapping[Any, Any] | None = outputs or {}
        self.retry = retry

    @property
    def params(self) -> P:
        params: P = self._scope.run.params
        return params

    @property
    def loop(self) -> int:
        """Which item, from 0, or which round of an until, from 1."""
        return self._scope.loop

    @property
    def branch(self) -> str:
        return self._scope.branch

    @property
    def case(self) -> Any:
        return self._scope.case

    @property
    def extras(self) -> dict[str, Any]:
        return self._scope.run.extras

    @property
    def release(self) -> Release | None:
        return self._scope.run.release

    @property
    def result(self) -> Result:
        """The run, with a trace whose messages are this stage's."""
        from functools import partial

        from .result import Result
        from .trace import Trace

        run = self._scope.run
        sink = None if self._span is None else partial(log, self)
        return Result(run_id=run.run_id, extras=run.extras, trace=Trace(sink))

    def outputs(self, stage: Callable[..., T]) -> T:
        """What a stage that has run before has put out.

        Raises:
            OutputError: It has not run, was skipped, or cannot be seen from here.
        """
        from .lookups import given_outputs, outputs_of

        if self._given is not None:
            given: T = given_outputs(self._given, stage)
            return given
        return outputs_of(self._scope, stage)

    def matrix_outputs(self, stage: Callable[..., T]) -> Mapping[str, T]:
        """Strategy id -> outputs, of a stage of another job that has a matrix.

        Strategies that have skipped the stage, or failed before it, are left out.

        Raises:
            OutputError: The job has no matrix, has not run, or cannot be seen from here.
        """
        from .lookups import given_outputs, matrix_outputs_of

        if self._given is not None:
            given: Mapping[str, T] = given_outputs(self._given, stage)
            return given
        return matrix_outputs_of(self._scope, stage)

    def trigger(
        self, workflow: Workflow[Q], params: Q | Mapping[str, object] | None = None
    ) -> TriggerOutputs:
        """Run another workflow inside this stage; it has a journal of its own.

        Args:
            params: YAML name -> raw value, or an instance of its `Params`.

        Raises:
            StageError: It has failed, or workflows trigger each other without end.
            StageSkipError: All of it was skipped.
            StageCancelError: It was cancelled, or this stage must stop.
        """
        from .lookups import given_outputs

        if self._given is not None:
            given: TriggerOutputs = given_outputs(self._given, workflow)
            return given
        start = self._scope.run.trigger
        assert start is not None
        return start(self, workflow, params)

    def lookup(self, *path: str, optional: bool = False) -> Any:
        """The value at a path of the result context, as plain data.

        Args:
            optional: Where a key is missing, the value is None.

        Raises:
            OutputError: A key is missing, or something on the way is no map.
        """
        from .lookups import look_up

        return look_up(self, path, optional=optional)


class MatrixContext(Context[P], Generic[P, M]):
    """The context in a job that has a matrix."""

    __slots__ = ()

    @property
    def matrix(self) -> M:
        matrix: Any = self._scope.matrix
        return matrix  # type: ignore[no-any-return]


class ItemContext(Context[P], Generic[P, I]):
    """The context inside a foreach or until."""

    __slots__ = ()

    @property
    def item(self) -> I:
        item: I = self._scope.item
        return item


class MatrixItemContext(MatrixContext[P, M], ItemContext[P, I], Generic[P, M, I]):
    """The context inside a foreach or until of a job that has a matrix."""

    __slots__ = ()


def make_context(
    scope: Scope, span: Span | None, stop: Stop | None, retry: int = 0
) -> Context[Any]:
    """The context of one try of a stage; it has all that any annotation promises."""
    context: Context[Any] = _new(MatrixItemContext)
    context._scope = scope
    context._span = span
    context._stop = stop
    context._given = None
    context.retry = retry
    return context


_new = MatrixItemContext.__new__


def record_name(node: StageNode, scope: Scope) -> str | None:
    """The name of a stage's record in a scope; None: it leaves none there."""
    name: str | None = node.id
    if callable(name):
        name = name(make_context(scope, None, scope.stop))
    elif name is None and scope.run.names_stages:
        from .matrix import hashed_id

        name = hashed_id(_rendered(node.key, scope.matrix))
    return name


def _rendered(key: str, matrix: Mapping[str, object]) -> str:
    """The name of a stage, with the values of its row where `{key}` stands for them."""
    import re

    def value_of(hole: re.Match[str]) -> str:
        return str(matrix.get(hole[1], hole[0]))

    return re.sub(r"{([^{}]*)}", value_of, key)


def enter(context: Context[Any] | None) -> None:
    """Let `current` give this context in this thread."""
    _this_thread.context = context


def current() -> Context[Any] | None:
    """The context of the stage that this thread runs, if it runs one."""
    context: Context[Any] | None = getattr(_this_thread, "context", None)
    return context


def log(context: Context[Any], level: str, message: str, **more: object) -> None:
    """Tell an event of the context's stage; without a run, nobody."""
    events = context._scope.run.events
    if events is not None and context._span is not None:
        events.log(context._span, level, message, **more)
