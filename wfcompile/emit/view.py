"""What the templates see: plain records in which every string is Python source already.

`template` is the file that prints the record. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FunctionView:
    """A function up to its body; `guards` are the lines between docstring and body."""

    name: str
    parameter: str
    returns: str
    docstring: str
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpressionView:
    """A function that gives one value: items, until, case, conditions."""

    function: FunctionView
    value: str
    lines: tuple[str, ...] = ()
    template: str = "expression.py.j2"


@dataclass(frozen=True, slots=True)
class ConstantView:
    """The text of a hook's command."""

    constant: str
    script: str
    template: str = "constant.py.j2"


@dataclass(frozen=True, slots=True)
class BashView:
    function: FunctionView
    constant: str
    script: str
    arguments: str
    template: str = "bash.py.j2"


@dataclass(frozen=True, slots=True)
class BlockView:
    """`lines` are indented already: some stand inside a string of several lines.

    `returned` has no or one value: a block that always raises returns nothing.
    """

    function: FunctionView
    lines: tuple[str, ...]
    returned: tuple[str, ...]
    template: str = "block.py.j2"


@dataclass(frozen=True, slots=True)
class VirtualPyView:
    function: FunctionView
    constant: str
    script: str
    arguments: str
    template: str = "virtual_py.py.j2"


@dataclass(frozen=True, slots=True)
class CallView:
    """`opening` and `closing` are what stands around the call."""

    function: FunctionView
    opening: str
    callee: str
    arguments: str
    closing: str
    template: str = "call.py.j2"


@dataclass(frozen=True, slots=True)
class DispatchView:
    """A table of functions: the one that `key` has is called as `local` by `call`."""

    function: FunctionView
    constant: str
    rows: tuple[str, ...]
    local: str
    key: str
    call: str
    template: str = "dispatch.py.j2"


@dataclass(frozen=True, slots=True)
class DispatchCallsView:
    """A table of calls, of which `call` makes one; `table` is its name with its type."""

    function: FunctionView
    table: str
    rows: tuple[str, ...]
    call: str
    template: str = "dispatch_calls.py.j2"


@dataclass(frozen=True, slots=True)
class EchoView:
    function: FunctionView
    arguments: str
    template: str = "echo.py.j2"


@dataclass(frozen=True, slots=True)
class RaiseView:
    function: FunctionView
    message: str
    template: str = "raise.py.j2"


@dataclass(frozen=True, slots=True)
class ClassView:
    """A TypedDict; `fields` are lines of its body."""

    name: str
    bases: str
    fields: tuple[str, ...]
    template: str = "typed_dict.py.j2"


@dataclass(frozen=True, slots=True)
class ClassCallView:
    """A TypedDict with keys that are no identifiers; `fields` are entries of a dict."""

    name: str
    fields: tuple[str, ...]
    options: str = ""
    template: str = "typed_dict_call.py.j2"


@dataclass(frozen=True, slots=True)
class TableView:
    """A keyword argument of the graph that is a dict with an entry a line."""

    name: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphView:
    """`options`, `jobs`: arguments as source, those of each job in a tuple of their own."""

    name: str
    options: tuple[str, ...]
    jobs: tuple[tuple[str, ...], ...]
    tables: tuple[TableView, ...]


UnitView = (
    ExpressionView
    | BashView
    | BlockView
    | VirtualPyView
    | CallView
    | DispatchView
    | DispatchCallsView
    | EchoView
    | RaiseView
    | ClassView
    | ClassCallView
)


@dataclass(frozen=True, slots=True)
class JobView:
    title: str
    units: tuple[UnitView, ...]


@dataclass(frozen=True, slots=True)
class ModuleView:
    """`params` has no or one tuple of field lines; `options` are lines for mypy.

    `functions` belong to the workflow itself: params of schedules, the working directory, hooks.
    """

    header: str
    options: tuple[str, ...]
    docstring: str
    imports: tuple[str, ...]
    search_path: tuple[str, ...]
    libraries: tuple[str, ...]
    callers: tuple[str, ...]
    params: tuple[tuple[str, ...], ...]
    functions: tuple[ExpressionView | ConstantView, ...]
    jobs: tuple[JobView, ...]
    graph: GraphView
