"""One stage -> the functions, constants and types that stand for it, nested stages after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wfcompile import ir, types
from wfcompile.emit.block import block_views
from wfcompile.emit.expressions import Printer
from wfcompile.emit.known_types import KnownTypes
from wfcompile.emit.literals import docstring, entries, script_literal, text_literal
from wfcompile.emit.view import (
    BashView,
    CallView,
    DispatchCallsView,
    DispatchView,
    EchoView,
    ExpressionView,
    FunctionView,
    RaiseView,
    UnitView,
    VirtualPyView,
)

DEFAULT_SHELL = "bash"
INDENT = "    "
_LOCAL = "value"


@dataclass(frozen=True, slots=True)
class StagePrinter:
    """Prints the stages of one module; `params` is the class of its parameters."""

    printer: Printer
    params: str
    known: KnownTypes

    def units(self, stage: ir.Stage) -> Iterator[UnitView]:
        """What the module holds for the stage, in the order of the YAML."""
        if stage.id is not None:
            yield self.expression(
                f"{stage.function}__id",
                f"{_title(stage)}: the id.",
                stage.id,
                types.STR,
                stage.context,
            )
        match stage.body:
            case ir.BashBody() as bash:
                yield self._bash(stage, bash)
            case ir.BlockBody() as block:
                yield from block_views(block, self._function(stage), self.printer)
            case ir.VirtualPyBody() as script:
                yield self._virtual_py(stage, script)
            case ir.CallBody() as call:
                yield self._call(stage, call)
            case ir.DispatchBody() as table:
                yield self._dispatch(stage, table)
            case ir.EchoBody() as echo:
                yield self._echo(stage, echo)
            case ir.TriggerBody() as trigger:
                yield self._trigger(stage, trigger)
            case ir.TriggerTableBody() as table:
                yield self._trigger_one_of(stage, table)
            case ir.RaiseBody(message):
                shown = self.printer.arguments((message,))[0]
                yield RaiseView(self._function(stage), shown)
            case _:
                yield from self._container(stage)
                for nested in nested_stages(stage):
                    yield from self.units(nested)

    # --- the kinds ---

    def _bash(self, stage: ir.Stage, body: ir.BashBody) -> BashView:
        source = self.printer.source
        arguments = [body.constant]
        if body.env:
            arguments.append(f"env={self._mapping(body.env)}")
        if body.words:
            arguments.append(f"words={self._mapping(body.words)}")
        if body.shell != DEFAULT_SHELL:
            arguments.append(f"shell={text_literal(body.shell)}")
        if body.cwd is not None:
            arguments.append(f"cwd={source(body.cwd)}")
        return BashView(
            self._function(stage),
            body.constant,
            script_literal(body.script),
            entries(arguments),
        )

    def _virtual_py(self, stage: ir.Stage, body: ir.VirtualPyBody) -> VirtualPyView:
        arguments = [body.constant]
        if body.variables:
            arguments.append(f"vars={self._mapping(body.variables)}")
        return VirtualPyView(
            self._function(stage),
            body.constant,
            script_literal(body.script),
            entries(arguments),
        )

    def _call(self, stage: ir.Stage, body: ir.CallBody) -> CallView:
        around = ["rt.dump"] * body.dump + ["rt.call_async"] * body.is_async
        arguments = self.printer.arguments((), body.arguments)
        return CallView(
            self._function(stage),
            "".join(f"{each}(" for each in around),
            self._callee(body),
            entries(arguments),
            ")" * len(around),
        )

    def _dispatch(
        self, stage: ir.Stage, body: ir.DispatchBody
    ) -> DispatchView | DispatchCallsView:
        key = self.printer.source(body.key)
        opening, closing = ("rt.dump(", ")") if body.dump else ("", "")
        function = self._function(stage)
        if not body.is_uniform:
            rows = tuple(
                f"{self._constant(value)}: lambda: {self._call_source(call)}"
                for value, call in body.calls
            )
            table = f"{body.local}: {self._table_type(stage, body)}"
            picked = f"rt.pick({body.local}, {key})()"
            call = f"{opening}{picked}{closing}"
            return DispatchCallsView(function, table, rows, call)
        _, first = body.calls[0]
        arguments = entries(self.printer.arguments((), first.arguments))
        call = f"{body.local}({arguments})"
        return DispatchView(
            function,
            body.constant,
            tuple(
                f"{self._constant(value)}: {self._callee(call)}"
                for value, call in body.calls
            ),
            body.local,
            key,
            f"{opening}{_awaited(call, first)}{closing}",
        )

    def _table_type(self, stage: ir.Stage, body: ir.DispatchBody) -> str:
        """mypy takes a lambda for a function without types unless it is told."""
        imports = self.printer.imports
        keys = types.union(types.type_of_value(value) for value, _ in body.calls)
        returns = "object" if body.dump else imports.annotation(stage.returns)
        called = imports.name("collections.abc", "Callable")
        return f"dict[{imports.annotation(keys)}, {called}[[], {returns}]]"

    def _constant(self, value: ir.Value) -> str:
        return self.printer.source(ir.Const(value))

    def _call_source(self, call: ir.CallBody) -> str:
        arguments = entries(self.printer.arguments((), call.arguments))
        return _awaited(f"{self._callee(call)}({arguments})", call)

    def _callee(self, call: ir.CallBody) -> str:
        return f"{self.printer.imports.module(call.module)}.{call.function}"

    def _echo(self, stage: ir.Stage, body: ir.EchoBody) -> EchoView:
        message = () if body.message is None else (body.message,)
        sleep = () if body.sleep is None else (("sleep", body.sleep),)
        arguments = self.printer.arguments(message, sleep)
        return EchoView(self._function(stage), entries(arguments))

    def _trigger(self, stage: ir.Stage, body: ir.TriggerBody) -> CallView:
        module = self.printer.imports.module(body.module)
        arguments = [f"{module}.WORKFLOW"]
        if body.arguments and body.is_typed:
            fields = entries(self.printer.arguments((), body.arguments))
            arguments.append(f"{module}.Params({fields})")
        elif body.arguments:
            arguments.append(self._mapping(body.arguments))
        return CallView(
            self._function(stage), "", "ctx.trigger", entries(arguments), ""
        )

    def _trigger_one_of(
        self, stage: ir.Stage, body: ir.TriggerTableBody
    ) -> ExpressionView:
        """The table is inside the function: workflows may import each other."""
        imports, source = self.printer.imports, self.printer.source
        is_text = all(isinstance(key, str) for key, _ in body.table)
        unknown = imports.annotation(types.UNKNOWN)
        rows = [
            f"{source(ir.Const(key))}: {imports.module(module)}.WORKFLOW"
            for key, module in body.table
        ]
        kind = f"dict[{'str' if is_text else unknown}, rt.Workflow[{unknown}]]"
        table = f"{INDENT}{body.local}: {kind} = {{{entries(rows)}}}"
        arguments = [f"rt.pick({body.local}, {source(body.key)})"]
        if body.arguments:
            arguments.append(self._mapping(body.arguments))
        call = f"ctx.trigger({entries(arguments)})"
        return ExpressionView(self._function(stage), call, (table,))

    def _mapping(self, values: Iterable[tuple[str, ir.Expr]]) -> str:
        """A dict of names to values."""
        rows = [
            f"{text_literal(name)}: {self.printer.source(value)}"
            for name, value in values
        ]
        return f"{{{entries(rows)}}}"

    def _container(self, stage: ir.Stage) -> Iterator[ExpressionView]:
        if stage.condition is not None:
            yield self.expression(
                f"{stage.function}__if",
                f"{_title(stage)}: the condition.",
                stage.condition,
                types.BOOL,
                stage.context,
            )
        for ending, what, value, type_, context in _container_functions(stage):
            title = f"{_title(stage)}: {what}."
            yield self.expression(
                f"{stage.function}__{ending}", title, value, type_, context
            )

    # --- functions ---

    def expression(
        self,
        name: str,
        title: str,
        value: ir.Expr,
        type_: types.Type,
        context: ir.ContextType,
    ) -> ExpressionView:
        """A function of the context that gives one value."""
        function = FunctionView(
            name,
            f"ctx: {self.context(context)}",
            self.printer.imports.annotation(type_),
            docstring(title, INDENT),
        )
        shown = self.printer.source(value)
        if type_ == types.UNKNOWN or not self.known.may_be_any(value, context):
            return ExpressionView(function, shown)
        # mypy refuses a function with a type that returns Any
        if _is_test(value):
            return ExpressionView(function, f"bool({shown})")
        lines = (f"{INDENT}{_LOCAL}: {function.returns} = {shown}",)
        return ExpressionView(function, _LOCAL, lines)

    def _function(self, stage: ir.Stage) -> FunctionView:
        guards: tuple[str, ...] = ()
        if stage.condition is not None:
            condition = self.printer.source(stage.condition)
            guards = (f"{INDENT}rt.skip_unless({condition})",)
        return FunctionView(
            stage.function,
            f"ctx: {self.context(stage.context)}",
            self.printer.imports.annotation(stage.returns),
            docstring(_title(stage), INDENT),
            guards,
        )

    def context(self, context: ir.ContextType) -> str:
        """`rt.Context[Params]`, `rt.MatrixItemContext[Params, CheckLanding, str]` ..."""
        arguments = [self.params]
        if context.matrix is not None:
            arguments.append(context.matrix)
        if context.item is not None:
            arguments.append(self.printer.imports.annotation(context.item))
        kind = "Matrix" * (context.matrix is not None) + "Item" * (
            context.item is not None
        )
        return f"rt.{kind}Context[{', '.join(arguments)}]"


def _awaited(source: str, call: ir.CallBody) -> str:
    return f"rt.call_async({source})" if call.is_async else source


def _is_test(expr: ir.Expr) -> bool:
    """Whether the value is True or False, whatever mypy knows of its parts."""
    match expr:
        case ir.Comparison() | ir.Unary("not"):
            return True
        case ir.Logic(_, operands):
            return all(map(_is_test, operands))
    return False


def nested_stages(stage: ir.Stage) -> list[ir.Stage]:
    """The stages inside a container, in the order of the YAML."""
    return [each for _, stages in nested_lists(stage.body) for each in stages]


def all_stages(stages: Iterable[ir.Stage]) -> Iterator[ir.Stage]:
    """The stages and those inside them, in the order of the YAML."""
    for stage in stages:
        yield stage
        yield from all_stages(nested_stages(stage))


def nested_lists(body: ir.Body) -> list[tuple[str, tuple[ir.Stage, ...]]]:
    """The lists of stages inside a container with the part of a path that leads to each."""
    match body:
        case ir.ForEachBody(stages=stages) | ir.UntilBody(stages=stages):
            return [("", stages)]
        case ir.CaseBody(match=arms, otherwise=otherwise):
            lists = [(arm_part(value), stages) for value, stages in arms]
            return lists if otherwise is None else [*lists, ("else", otherwise)]
        case ir.ParallelBody(branches):
            return list(branches)
    return []


def arm_part(value: str | int | ir.ArmValue) -> str:
    return value.part if isinstance(value, ir.ArmValue) else str(value)


def _container_functions(
    stage: ir.Stage,
) -> Iterator[tuple[str, str, ir.Expr, types.Type, ir.ContextType]]:
    """Ending of the name, what it gives, and the value with its type and context."""
    match stage.body:
        case ir.ForEachBody(items=items, items_type=type_):
            yield "items", "the items", items, type_, stage.context
        case ir.UntilBody(until=until, item=item, item_type=item_type):
            if not isinstance(item, ir.Const):
                yield "item", "the first item", item, item_type, stage.context
            inner = ir.ContextType(stage.context.matrix, item_type)
            yield "until", "done when", until, types.BOOL, inner
        case ir.CaseBody(case=case, case_type=type_, match=arms):
            yield "case", "the value", case, type_, stage.context
            for each, _ in arms:
                if isinstance(each, ir.ArmValue):
                    shown = "a value to match"
                    yield each.part, shown, each.value, each.type, stage.context
        case ir.ParallelBody(max_workers=count) if not isinstance(count, ir.Const):
            shown = "how many at a time"
            yield "max_workers", shown, count, types.INT, stage.context


def _title(stage: ir.Stage) -> str:
    return stage.title.strip() or stage.key
