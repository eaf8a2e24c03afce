"""Which names of a block are bound when it ends: on every path, or only on some.

A walk over the statements with two sets a state: names that are bound for sure, and names that
may be. Loops are walked until nothing changes; a handler starts from every state its `try` can
leave. A `with` is taken to run its body to the end unless its manager is known to swallow
exceptions.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from wfcompile.expressions.python_nodes import children, walk
from wfcompile.expressions.python_scopes import bindings

_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Assert)
_OTHER_SCOPES = (
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_SWALLOWING = frozenset(("suppress", "ExitStack", "AsyncExitStack", "raises"))


@dataclass(frozen=True, slots=True)
class State:
    """Names bound on every path, and names bound on some."""

    always: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()

    def bind(self, names: Iterable[str]) -> State:
        added = frozenset(names)
        return State(self.always | added, self.perhaps | added)

    def unbind(self, names: Iterable[str]) -> State:
        gone = frozenset(names)
        return State(self.always - gone, self.perhaps - gone)


def final_state(body: Sequence[ast.stmt]) -> State | None:
    """The state behind the last statement; None when no path gets there."""
    return _Flow().block(body, State())


def early_reads(body: Sequence[ast.stmt], bound: Container[str]) -> list[ast.Name]:
    """Reads of the block's own names where no path has bound them yet.

    Looks at the block's simple statements outside loops only, where that is certain.
    """
    flow, early = _Flow(), []
    state: State | None = State()
    for statement in body:
        if state is None:
            break
        if isinstance(statement, _SIMPLE):
            set_here = _walruses(statement, certain=False)
            early += [
                name
                for name in _reads(statement)
                if name.id in bound
                and name.id not in state.perhaps
                and name.id not in set_here
            ]
        state = flow.statement(statement, state)
    return early


def _reads(node: ast.AST) -> Iterator[ast.Name]:
    """The names that are certainly read here, in this scope."""
    if isinstance(node, _OTHER_SCOPES):
        return
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node
    for child in children(node):
        yield from _reads(child)


def _join(*states: State | None) -> State | None:
    reached = [state for state in states if state is not None]
    if not reached:
        return None
    return State(
        frozenset.intersection(*(state.always for state in reached)),
        frozenset.union(*(state.perhaps for state in reached)),
    )


@dataclass(slots=True)
class _Loop:
    breaks: State | None = None
    continues: State | None = None


@dataclass(slots=True)
class _Flow:
    """`_raised` has one state for each open `try`: the join of all inside it."""

    _loops: list[_Loop] = field(default_factory=lambda: [_Loop()])
    _raised: list[State | None] = field(default_factory=list)

    def block(self, body: Sequence[ast.stmt], state: State | None) -> State | None:
        self._note(state)
        for statement in body:
            if state is None:
                return None
            state = self.statement(statement, state)
            self._note(state)
        return state

    def _note(self, state: State | None) -> None:
        self._raised = [_join(before, state) for before in self._raised]

    def statement(self, node: ast.stmt, state: State) -> State | None:
        match node:
            case ast.If():
                state = self._evaluate([node.test], state)
                return _join(
                    self.block(node.body, state), self.block(node.orelse, state)
                )
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(node, state)
            case ast.With() | ast.AsyncWith():
                return self._with(node, state)
            case ast.Match():
                return self._match(node, state)
            case ast.Break():
                self._loops[-1].breaks = _join(self._loops[-1].breaks, state)
                return None
            case ast.Continue():
                self._loops[-1].continues = _join(self._loops[-1].continues, state)
                return None
            case ast.Return() | ast.Raise():
                return None
            case ast.Delete(targets):
                names = [each.id for each in targets if isinstance(each, ast.Name)]
                return state.unbind(names)
            case ast.Try():
                return self._try(node, state)
        if type(node).__name__ == "TryStar":  # Python 3.11 has it
            return self._try(node, state)
        return self._simple(node, state)

    def _simple(self, node: ast.stmt, state: State) -> State:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return self._evaluate(node.decorator_list, state).bind([node.name])
            case ast.Assign(targets, value):
                return self._evaluate([value], state).bind(_targets(targets))
            case ast.AnnAssign(target, _, value):
                if value is None:
                    return state
                return self._evaluate([value], state).bind(_targets([target]))
            case ast.AugAssign(target, _, value):
                return self._evaluate([value], state).bind(_targets([target]))
            case ast.Import() | ast.ImportFrom():
                return state.bind(bindings(node))
        return self._evaluate(children(node), state)

    # --- expressions: only `:=` binds ---

    def _evaluate(self, nodes: Iterable[ast.AST], state: State) -> State:
        for node in nodes:
            perhaps = frozenset(_walruses(node, certain=False))
            state = State(state.always, state.perhaps | perhaps)
            state = state.bind(_walruses(node, certain=True))
        return state

    # --- compound statements ---

    def _loop(
        self, node: ast.For | ast.AsyncFor | ast.While, entry: State
    ) -> State | None:
        match node:
            case ast.While(test):
                head, targets = self._evaluate([test], entry), []
                runs, forever = False, isinstance(test, ast.Constant) and test.value
            case _:
                head, targets = self._evaluate([node.iter], entry), [node.target]
                runs, forever = _is_never_empty(node.iter), False
        loop = _Loop()
        self._loops.append(loop)
        while True:
            start = head.bind(_targets(targets))
            end = _join(self.block(node.body, start), loop.continues)
            again = _join(head, end) or head
            if again == head:
                break
            head = again
        self._loops.pop()
        left = end if runs else head
        return _join(self.block(node.orelse, None if forever else left), loop.breaks)

    def _with(self, node: ast.With | ast.AsyncWith, state: State) -> State | None:
        for item in node.items:
            state = self._evaluate([item.context_expr], state)
            if item.optional_vars is not None:
                state = state.bind(_targets([item.optional_vars]))
        if not any(_swallows(item.context_expr) for item in node.items):
            return self.block(node.body, state)
        self._raised.append(state)
        end = self.block(node.body, state)
        return _join(end, self._raised.pop())

    def _match(self, node: ast.Match, state: State) -> State | None:
        state = self._evaluate([node.subject], state)
        ends: list[State | None] = []
        is_complete = False
        for case in node.cases:
            names = [name for each in walk(case.pattern) for name in bindings(each)]
            matched = state.bind(names)
            if case.guard is not None:
                matched = self._evaluate([case.guard], matched)
            ends.append(self.block(case.body, matched))
            # a pattern that failed half-way may leave names bound
            state = State(state.always, state.perhaps | matched.perhaps)
            is_complete |= case.guard is None and _is_irrefutable(case.pattern)
        return _join(*ends, None if is_complete else state)

    def _try(self, node: ast.stmt, entry: State) -> State | None:
        assert isinstance(node, ast.Try) or type(node).__name__ == "TryStar"
        body: list[ast.stmt] = getattr(node, "body")  # noqa: B009 - two classes
        handlers: list[ast.ExceptHandler] = getattr(node, "handlers")  # noqa: B009
        orelse: list[ast.stmt] = getattr(node, "orelse")  # noqa: B009
        finalbody: list[ast.stmt] = getattr(node, "finalbody")  # noqa: B009
        jumps = _Loop()
        self._loops.append(jumps)
        self._raised.append(entry)
        end = self.block(body, entry)
        raised = self._raised.pop()
        ends = [self.block(orelse, end)]
        for handler in handlers:
            ends.append(self._handler(handler, raised))
        self._loops.pop()
        outer = self._loops[-1]
        after = self.block(finalbody, jumps.breaks)
        outer.breaks = _join(outer.breaks, after)
        after = self.block(finalbody, jumps.continues)
        outer.continues = _join(outer.continues, after)
        return self.block(finalbody, _join(*ends))

    def _handler(self, handler: ast.ExceptHandler, state: State | None) -> State | None:
        """Python unbinds the handler's name on every way out of it, jumps too."""
        names = [handler.name] if handler.name else []
        jumps = _Loop()
        self._loops.append(jumps)
        end = self.block(handler.body, state.bind(names) if state else None)
        self._loops.pop()
        outer = self._loops[-1]
        outer.breaks = _join(outer.breaks, _without(jumps.breaks, names))
        outer.continues = _join(outer.continues, _without(jumps.continues, names))
        return _without(end, names)


def _without(state: State | None, names: Iterable[str]) -> State | None:
    return None if state is None else state.unbind(names)


def _targets(targets: Iterable[ast.expr]) -> list[str]:
    return [
        node.id
        for target in targets
        for node in walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _walruses(node: ast.AST, *, certain: bool) -> list[str]:
    """Names that `:=` binds in an expression; `certain`: whatever way it is evaluated."""
    match node:
        case ast.Name() | ast.Constant():
            return []
        case ast.NamedExpr(ast.Name(name), value):
            return [*_walruses(value, certain=certain), name]
        case ast.Lambda():
            return []
        case ast.BoolOp(_, [first, *_]) if certain:
            return _walruses(first, certain=True)
        case ast.IfExp(test) if certain:
            return _walruses(test, certain=True)
        case ast.Compare(left, _, [second, *_]) if certain:
            return [
                *_walruses(left, certain=True),
                *_walruses(second, certain=True),
            ]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            if certain:
                return []
    inner = children(node)
    return [name for each in inner for name in _walruses(each, certain=certain)]


def _is_never_empty(node: ast.expr) -> bool:
    match node:
        case ast.List([first, *_]) | ast.Tuple([first, *_]) | ast.Set([first, *_]):
            return not isinstance(first, ast.Starred)
        case ast.Call(ast.Name("range"), [ast.Constant(int(stop))], []):
            return stop > 0
        case ast.Call(ast.Name("enumerate" | "sorted"), [inner, *_]):
            return _is_never_empty(inner)
    return False


def _swallows(manager: ast.expr) -> bool:
    match manager:
        case ast.Call(ast.Name(name)) | ast.Call(ast.Attribute(_, name)):
            return name in _SWALLOWING
    return False


def _is_irrefutable(pattern: ast.pattern) -> bool:
    match pattern:
        case ast.MatchAs(None):
            return True
        case ast.MatchAs(inner, _) if inner is not None:
            return _is_irrefutable(inner)
        case ast.MatchOr(patterns):
            return any(map(_is_irrefutable, patterns))
    return False
