"""What an emitted module declares: its graph literal is made of these.

Plain slotted objects that keep what they are given; they are read, never changed. Nothing
is checked here but the format: the compiler has done that, and `plan` refuses what could
not run. All of a run's state is elsewhere, so one workflow can run many times at once.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Generic, Literal, TypeAlias

    from typing_extensions import TypeVar

    from .hooks import Ping, RunHook, UrlHook
    from .release import Release

    P = TypeVar("P", default="NoParams")
    StageFunction: TypeAlias = Callable[[Any], Mapping[str, object]]
    Container: TypeAlias = "ForEach | Until | Case | Parallel"
    Stages: TypeAlias = "Mapping[str, StageFunction | Stage | Container]"
    Hook: TypeAlias = "RunHook | UrlHook"
    Condition: TypeAlias = Callable[[Any], bool]
    Arm: TypeAlias = str | int | Callable[[Any], object]
    Count: TypeAlias = int | Callable[[Any], int]
    TriggerRule: TypeAlias = Literal[
        "all_success",
        "all_failed",
        "all_done",
        "one_success",
        "one_failed",
        "none_failed",
        "none_skipped",
    ]
    Policy: TypeAlias = Literal["skip", "queue", "cancel", "allow"]
    CatchUp: TypeAlias = Literal["last", "all"]
else:
    from .generic import Generic, P

FORMAT = 1
MISSED_WINDOW_S = 604_800.0  # a week
SAME_AS_KEY = ""


class NoParams:
    """The params of a workflow that declares none."""

    __slots__ = ()


class Retry:
    """How often a stage or job is tried again, and after which waits.

    Args:
        max: Tries after the first one.
        delay: Seconds before the first of them; left out, try n waits `1.2 ** n`.
        backoff: What each further wait is multiplied by; it also replaces the 1.2.
        max_delay: No wait is longer.
        jitter: Up to so many seconds more, at random.
        on: Names of the exception classes that are tried again; empty means all.
    """

    __slots__ = ("backoff", "delay", "jitter", "max", "max_delay", "on")

    def __init__(
        self,
        max: int,
        *,
        delay: float | None = None,
        backoff: float | None = None,
        max_delay: float | None = None,
        jitter: float | None = None,
        on: Sequence[str] = (),
    ) -> None:
        self.max = max
        self.delay = delay
        self.backoff = backoff
        self.max_delay = max_delay
        self.jitter = jitter
        self.on = on


class Stage:
    """A stage with options; a plain function stands for one without.

    Args:
        id: The name of its record, or a function of the context that gives it; None: it
            leaves none. Left out, it is the key.
        timeout: Seconds, for each try.
    """

    __slots__ = ("id", "retry", "run", "timeout")

    def __init__(
        self,
        run: StageFunction | Container,
        *,
        id: str | Callable[[Any], str] | None = SAME_AS_KEY,
        retry: Retry | None = None,
        timeout: float | None = None,
    ) -> None:
        self.run = run
        self.id = id
        self.retry = retry
        self.timeout = timeout


class ForEach:
    """Its stages for each item; `items` gives a list, or the text of a JSON list."""

    __slots__ = ("concurrent", "condition", "items", "stages", "use_index_as_key")

    def __init__(
        self,
        items: Callable[[Any], object],
        *,
        condition: Condition | None = None,
        concurrent: int = 1,
        use_index_as_key: bool = False,
        stages: Stages,
    ) -> None:
        self.items = items
        self.condition = condition
        self.concurrent = concurrent
        self.use_index_as_key = use_index_as_key
        self.stages = stages


class Until:
    """Its stages again and again, until the function `until` gives True."""

    __slots__ = ("condition", "item", "max_loop", "stages", "until")

    def __init__(
        self,
        until: Condition,
        *,
        condition: Condition | None = None,
        item: object = 0,
        max_loop: int = 10,
        stages: Stages,
    ) -> None:
        self.until = until
        self.condition = condition
        self.item = item
        self.max_loop = max_loop
        self.stages = stages


class Case:
    """The stages of the value that `case` gives, or those of `otherwise`."""

    __slots__ = ("case", "condition", "match", "otherwise", "skip_not_match")

    def __init__(
        self,
        case: Callable[[Any], object],
        *,
        condition: Condition | None = None,
        match: Mapping[Arm, Stages],
        otherwise: Stages | None = None,
        skip_not_match: bool = False,
    ) -> None:
        self.case = case
        self.condition = condition
        self.match = match
        self.otherwise = otherwise
        self.skip_not_match = skip_not_match


class Parallel:
    """Branches of stages, `max_workers` at a time."""

    __slots__ = ("branches", "condition", "max_workers")

    def __init__(
        self,
        branches: Mapping[str, Stages],
        *,
        condition: Condition | None = None,
        max_workers: Count = 2,
    ) -> None:
        self.branches = branches
        self.condition = condition
        self.max_workers = max_workers


class Job:
    """A job: `needs` are ids of jobs, `stages` run in order, once for each combination."""

    __slots__ = (
        "condition",
        "exclude",
        "fail_fast",
        "id",
        "include",
        "matrix",
        "max_parallel",
        "needs",
        "retry",
        "stages",
        "timeout",
        "trigger_rule",
    )

    def __init__(
        self,
        id: str,
        *,
        needs: Sequence[str] = (),
        trigger_rule: TriggerRule = "all_success",
        condition: Condition | None = None,
        matrix: Mapping[str, Sequence[str | int]] | None = None,
        include: Sequence[Mapping[str, object]] = (),
        exclude: Sequence[Mapping[str, object]] = (),
        max_parallel: Count = 1,
        fail_fast: bool = False,
        retry: Retry | None = None,
        timeout: float | None = None,
        stages: Stages,
    ) -> None:
        self.id = id
        self.needs = needs
        self.trigger_rule = trigger_rule
        self.condition = condition
        self.matrix = matrix
        self.include = include
        self.exclude = exclude
        self.max_parallel = max_parallel
        self.fail_fast = fail_fast
        self.retry = retry
        self.timeout = timeout
        self.stages = stages


class Cron:
    """An entry of `on`; `params` gives raw params by YAML name for a release.

    Args:
        gap: A time that the zone's clock leaves out runs in the next minute that it
            shows, or is skipped.
        fold: A time that the zone's clock shows twice runs the first time, or both.
        day_match: A day fits when any of two restricted day fields has it, or all.
    """

    __slots__ = ("day_match", "expression", "fold", "gap", "params", "timezone")

    def __init__(
        self,
        expression: str,
        *,
        timezone: str = "UTC",
        gap: Literal["next", "skip"] = "next",
        fold: Literal["first", "both"] = "first",
        day_match: Literal["any", "all"] = "any",
        params: Callable[[Release], Mapping[str, object]] | None = None,
    ) -> None:
        self.expression = expression
        self.timezone = timezone
        self.gap = gap
        self.fold = fold
        self.day_match = day_match
        self.params = params


class Concurrency:
    """What a start by command line does while another run of the group goes on.

    Args:
        policy: skip: it runs nothing. queue: it waits. cancel: it cancels that run, and
            waits for its end. allow: nothing.
        group: Shared by the workflows of the project; left out, it is the workflow's name.
    """

    __slots__ = ("group", "policy")

    def __init__(self, policy: Policy = "skip", *, group: str | None = None) -> None:
        self.policy = policy
        self.group = group


class Missed:
    """What becomes of slots that no start has run: the machine was off, or cron was down.

    Args:
        policy: last: of all that are to be run at a start, the newest alone is run.
            all: each is, the oldest first.
        window: Seconds; what is longer ago is let go.
    """

    __slots__ = ("policy", "window")

    def __init__(
        self, policy: CatchUp = "last", *, window: float = MISSED_WINDOW_S
    ) -> None:
        self.policy = policy
        self.window = window


class Workflow(Generic[P]):
    """A workflow, constructed by the module that declares it.

    Args:
        format: The contract between module and runtime; an unknown one ends the process.
        source: The YAML file, as errors show it.
        lines: `job/stage[/nested stage]` -> line of the YAML.
        blocks: The same path -> line of the stage's function, of which its `def` is 1 -> lines
            of the YAML below the one of the stage; both count on from there.
        scripts: The same of stages that run a script, whose lines begin behind its header.
        env: Variable without a default -> the line that reads it.
        hook_env: The same of `on_failure`, `on_success` and `ping`, whose want stops no run.

    Attributes:
        desc: What the module's docstring says behind its title.
        file: The module's.
    """

    __slots__ = (
        "blocks",
        "concurrency",
        "desc",
        "env",
        "file",
        "hook_env",
        "jobs",
        "lines",
        "missed",
        "name",
        "on",
        "on_failure",
        "on_success",
        "params",
        "ping",
        "plan",
        "scripts",
        "source",
        "timeout",
    )

    def __init__(
        self,
        name: str,
        *,
        format: int,
        source: str,
        params: type[P] = NoParams,  # type: ignore[assignment]
        on: Sequence[Cron] = (),
        timeout: float | None = None,
        concurrency: Concurrency | None = None,
        missed: Missed | None = None,
        on_failure: Sequence[Hook] = (),
        on_success: Sequence[Hook] = (),
        ping: Ping | None = None,
        jobs: Sequence[Job],
        lines: Mapping[str, int] | None = None,
        env: Mapping[str, int] | None = None,
        hook_env: Mapping[str, int] | None = None,
        blocks: Mapping[str, Mapping[int, int]] | None = None,
        scripts: Mapping[str, Mapping[int, int]] | None = None,
    ) -> None:
        if format != FORMAT:
            _refuse(source, format)
        self.name = name
        self.source = source
        self.params: type[Any] = params
        self.on = on
        self.timeout = timeout
        self.concurrency = concurrency
        self.missed = missed
        self.on_failure = on_failure
        self.on_success = on_success
        self.ping = ping
        self.jobs = jobs
        self.lines: Mapping[str, int] = lines or {}
        self.env: Mapping[str, int] = env or {}
        self.hook_env: Mapping[str, int] = hook_env or {}
        self.blocks: Mapping[str, Mapping[int, int]] = blocks or {}
        self.scripts: Mapping[str, Mapping[int, int]] = scripts or {}
        module = sys._getframe(1).f_globals
        file = module.get("__file__")
        self.file: str | None = None if file is None else os.path.abspath(file)
        self.desc = (module.get("__doc__") or "").partition("\n\n")[2].strip()
        self.plan: Any = None  # what `plan` has made of the jobs

    @property
    def has_hooks(self) -> bool:
        return bool(self.on_failure or self.on_success or self.ping)

    @property
    def project(self) -> str:
        """The folder that holds the folder of the module; state is kept below it."""
        if self.file is None:
            return os.getcwd()
        return os.path.dirname(os.path.dirname(self.file))


def _refuse(source: str, format: object) -> None:
    sys.stderr.write(
        f"{source}: its module has format {format}, this wfruntime knows {FORMAT}: "
        "install the wfruntime that fits, or run wfc build again\n"
    )
    raise SystemExit(2)
