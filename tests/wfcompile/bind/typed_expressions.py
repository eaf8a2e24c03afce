"""Random well-typed expressions: their text, and what Python makes of them.

Each is made together with a function that computes its value, so nothing has to be read or
evaluated a second time. Parentheses are written where the grammar needs them, and some elsewhere.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, TypeAlias

from hypothesis import strategies as st

Draw: TypeAlias = "Callable[[st.SearchStrategy[Any]], Any]"

CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, POWER, FILTER, ATOM = range(
    11
)
"""How tightly a text binds."""

VALUES: Mapping[str, tuple[str, object]] = {
    "params.count": ("int", 7),
    "params.maybe": ("int | None", None),
    "params.share": ("float", 0.25),
    "params.price": ("Decimal", Decimal("10.50")),
    "params.text": ("str", "a-b c"),
    "params.day": ("date", date(2024, 2, 29)),
    "params.run-date": ("date", date(2023, 12, 31)),
    "params.moment": ("datetime", datetime(2024, 3, 1, 2, 30, tzinfo=timezone.utc)),
    "matrix.os": ("str", "linux"),
    "item": ("str", "it"),
    "stages.call.outputs": ("dict[str, int]", {"a": 1, "b": 2}),
    "stages.each.outputs.items": ("list[str]", ["x", "y"]),
    "stages.shell.outputs.return_code": ("int", 0),
}
"""Path -> its type, and what it has when the modules run."""


@dataclass(frozen=True)
class Expression:
    """`type` is its annotation; `value` may raise what Python would."""

    text: str
    level: int
    type: str
    value: Callable[[], Any]


def of_type(draw: Draw, type_: str, depth: int) -> Expression:
    makers = [*_LEAVES[type_], *(_BRANCHES[type_] * 2 if depth else ())]
    return draw(st.sampled_from(makers))(draw, type_, depth - 1)


# --- writing ---


def _inside(draw: Draw, part: Expression, level: int) -> str:
    """In parentheses where it binds looser, and now and then without need."""
    if part.level < level or draw(st.integers(0, 9)) == 0:
        return f"({part.text})"
    return part.text


def _quoted(draw: Draw, text: str) -> str:
    quote = draw(st.sampled_from("'\""))
    shown = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return quote + shown.replace(quote, f"\\{quote}") + quote


# --- leaves ---


def _path(draw: Draw, type_: str, _: int) -> Expression:
    paths = [path for path, (each, _) in VALUES.items() if each == type_]
    path = draw(st.sampled_from(paths))
    marked = path + "?" * (path.startswith("params") and draw(st.integers(0, 9)) == 0)
    return Expression(marked, ATOM, type_, lambda: VALUES[path][1])


def _constant(text: str, type_: str, value: object) -> Expression:
    return Expression(text, ATOM, type_, lambda: value)


def _int(draw: Draw, type_: str, _: int) -> Expression:
    number = draw(st.integers(0, 300))
    text = draw(st.sampled_from([str(number), hex(number), bin(number), oct(number)]))
    return _constant(text, type_, number)


def _float(draw: Draw, type_: str, _: int) -> Expression:
    text = draw(st.sampled_from(["0.5", "2.0", "1e2", "1.5e-3", "3.25", "1_0.5"]))
    return _constant(text, type_, float(text))


def _str(draw: Draw, type_: str, _: int) -> Expression:
    letters = st.sampled_from("ab1 -_\"'\\{}%|$?é\n\tß日")
    text = draw(st.text(letters, max_size=6))
    return _constant(_quoted(draw, text), type_, text)


def _bool(draw: Draw, type_: str, _: int) -> Expression:
    text = draw(st.sampled_from(["true", "True", "false", "False"]))
    return _constant(text, type_, text.lower() == "true")


def _list(draw: Draw, type_: str, depth: int) -> Expression:
    item = type_.removeprefix("list[").removesuffix("]")
    count = draw(st.integers(1, 3))
    items = [of_type(draw, item, max(depth, 0)) for _ in range(count)]
    text = ", ".join(each.text for each in items)
    return Expression(
        f"[{text}]", ATOM, type_, lambda: [each.value() for each in items]
    )


def _map(draw: Draw, type_: str, depth: int) -> Expression:
    keys = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True))
    values = {key: of_type(draw, "int", max(depth, 0)) for key in keys}
    text = ", ".join(f"{_quoted(draw, k)}: {v.text}" for k, v in values.items())
    return Expression(
        f"{{{text}}}",
        ATOM,
        type_,
        lambda: {key: each.value() for key, each in values.items()},
    )


# --- operators ---

_ARITHMETIC: Mapping[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "+": (SUM, operator.add),
    "-": (SUM, operator.sub),
    "*": (PRODUCT, operator.mul),
    "/": (PRODUCT, operator.truediv),
    "//": (PRODUCT, operator.floordiv),
    "%": (PRODUCT, operator.mod),
}


def _binary(signs: str, left: str, right: str) -> Callable[..., Expression]:
    def make(draw: Draw, type_: str, depth: int) -> Expression:
        sign = draw(st.sampled_from(signs.split()))
        level, function = _ARITHMETIC[sign]
        one, two = of_type(draw, left, depth), of_type(draw, right, depth)
        text = f"{_inside(draw, one, level)} {sign} {_inside(draw, two, level + 1)}"
        return Expression(
            text, level, type_, lambda: function(one.value(), two.value())
        )

    return make


def _sign(draw: Draw, type_: str, depth: int) -> Expression:
    part = of_type(draw, type_, depth)
    text = f"-{_inside(draw, part, SIGN)}"
    return Expression(text, SIGN, type_, lambda: -part.value())


def _not(draw: Draw, type_: str, depth: int) -> Expression:
    part = of_type(draw, draw(st.sampled_from(["bool", "int", "str"])), depth)
    text = f"not {_inside(draw, part, NOT)}"
    return Expression(text, NOT, type_, lambda: not part.value())


def _logic(draw: Draw, type_: str, depth: int) -> Expression:
    parts = [of_type(draw, type_, depth) for _ in range(draw(st.integers(2, 3)))]
    word, level = draw(st.sampled_from([("and", AND), ("or", OR)]))
    text = f" {word} ".join(_inside(draw, part, level + 1) for part in parts)

    def value() -> object:
        for part in parts[:-1]:
            found = part.value()
            if bool(found) is (word == "or"):
                return found
        return parts[-1].value()

    return Expression(text, level, type_, value)


def _conditional(draw: Draw, type_: str, depth: int) -> Expression:
    test = of_type(draw, "bool", depth)
    then, otherwise = of_type(draw, type_, depth), of_type(draw, type_, depth)
    text = (
        f"{_inside(draw, then, OR)} if {_inside(draw, test, OR)}"
        f" else {otherwise.text}"
    )
    return Expression(
        text,
        CONDITIONAL,
        type_,
        lambda: then.value() if test.value() else otherwise.value(),
    )


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARED = ("int", "float", "str", "date", "datetime", "Decimal", "list[int]")


def _comparison(draw: Draw, type_: str, depth: int) -> Expression:
    """A chain of one or two signs, over values of one type."""
    operand = draw(st.sampled_from(_COMPARED))
    parts = [of_type(draw, operand, depth) for _ in range(draw(st.integers(2, 3)))]
    signs = [draw(st.sampled_from([*_ORDER])) for _ in parts[1:]]
    text = _inside(draw, parts[0], SUM)
    for sign, part in zip(signs, parts[1:], strict=True):
        text += f" {sign} {_inside(draw, part, SUM)}"

    def value() -> bool:
        left = parts[0].value()
        for sign, part in zip(signs, parts[1:], strict=True):
            right = part.value()
            if not _ORDER[sign](left, right):
                return False
            left = right
        return True

    return Expression(text, COMPARISON, type_, value)


def _contains(draw: Draw, type_: str, depth: int) -> Expression:
    item, container = draw(
        st.sampled_from(
            [
                ("str", "str"),
                ("str", "list[str]"),
                ("int", "list[int]"),
                ("str", "dict[str, int]"),
            ]
        )
    )
    one, two = of_type(draw, item, depth), of_type(draw, container, depth)
    word = draw(st.sampled_from(["in", "not in"]))
    text = f"{_inside(draw, one, SUM)} {word} {_inside(draw, two, SUM)}"
    return Expression(
        text,
        COMPARISON,
        type_,
        lambda: (one.value() in two.value()) is (word == "in"),
    )


# --- parts of values, calls, filters ---


def _index(container: str, key: str) -> Callable[..., Expression]:
    def make(draw: Draw, type_: str, depth: int) -> Expression:
        whole, place = of_type(draw, container, depth), of_type(draw, key, depth)
        text = f"{_inside(draw, whole, ATOM)}[{place.text}]"
        return Expression(text, ATOM, type_, lambda: whole.value()[place.value()])

    return make


def _call(
    template: str, types: Sequence[str], function: Callable[..., Any], level: int = ATOM
) -> Callable[..., Expression]:
    """`{0}.get({1}, {2})`: the first argument stands in front of a dot, bar or bracket."""

    def make(draw: Draw, type_: str, depth: int) -> Expression:
        parts = [of_type(draw, each, depth) for each in types]
        first = FILTER if "|" in template else ATOM
        is_behind = template.startswith("{0}")
        texts = [
            _inside(draw, part, first if is_behind and at == 0 else CONDITIONAL)
            for at, part in enumerate(parts)
        ]
        return Expression(
            template.format(*texts),
            level,
            type_,
            lambda: function(*(part.value() for part in parts)),
        )

    return make


def _attribute(name: str, owner: str) -> Callable[..., Expression]:
    def get(value: object) -> object:
        return getattr(value, name)

    return _call(f"{{0}}.{name}", [owner], get)


def _coalesce(value: int | None, default: int) -> int:
    return default if value is None else value


_TEXT = (
    _call("{0}.upper()", ["str"], str.upper),
    _call("{0}.strip()", ["str"], str.strip),
    _call("{0}.replace({1}, {2})", ["str", "str", "str"], str.replace),
    _call("{0}.zfill(({1}) % 9)", ["str", "int"], lambda s, n: s.zfill(n % 9)),
    _call("{0}.join({1})", ["str", "list[str]"], str.join),
    _call("str({0})", ["int"], str),
    _call("str({0})", ["date"], str),
    _call("{0} | lower", ["str"], str.lower, FILTER),
    _call("{0} | title", ["str"], str.title, FILTER),
    _call("{0} | str", ["float"], str, FILTER),
    _call(
        "{0} | fmt('%Y/%m/%d')", ["datetime"], lambda d: d.strftime("%Y/%m/%d"), FILTER
    ),
    _call("{0}.isoformat()", ["date"], date.isoformat),
    _call("{0}.strftime('%d')", ["datetime"], lambda d: d.strftime("%d")),
    _index("str", "int"),
    _index("list[str]", "int"),
    _binary("+", "str", "str"),
    _call("{0} * (({1}) % 3)", ["str", "int"], lambda s, n: s * (n % 3), PRODUCT),
)
_NUMBER = (
    _call("len({0})", ["str"], len),
    _call("len({0})", ["list[int]"], len),
    _call("{0} | length", ["dict[str, int]"], len, FILTER),
    _call("int({0})", ["float"], int),
    _call("{0} | int", ["str"], int, FILTER),
    _call("round({0})", ["float"], round),
    _call("sum({0})", ["list[int]"], sum),
    _call("min({0}, {1})", ["int", "int"], min),
    _call("max({0})", ["list[int]"], max),
    _call("abs({0})", ["int"], abs),
    _call("{0} | abs", ["int"], abs, FILTER),
    _call("{0}.find({1})", ["str", "str"], str.find),
    _call("{0}.count({1})", ["list[int]", "int"], list.count),
    _call("{0}.get({1}, {2})", ["dict[str, int]", "str", "int"], dict.get),
    _attribute("year", "date"),
    _attribute("minute", "datetime"),
    _call("{0}.weekday()", ["date"], date.weekday),
    _index("list[int]", "int"),
    _index("dict[str, int]", "str"),
    _binary("+ - * // %", "int", "int"),
    _sign,
    _call("{0} | coalesce({1})", ["int | None", "int"], _coalesce, FILTER),
)
_SHARED = (_logic, _conditional)
_LEAVES: Mapping[str, Sequence[Callable[..., Expression]]] = {
    "int": (_int, _path),
    "int | None": (_path,),
    "float": (_float, _path),
    "Decimal": (_path,),
    "str": (_str, _path),
    "bool": (_bool,),
    "date": (_path,),
    "datetime": (_path,),
    "list[int]": (_list,),
    "list[str]": (_list, _path),
    "dict[str, int]": (_map, _path),
}
_BRANCHES: Mapping[str, Sequence[Callable[..., Expression]]] = {
    "int": (*_NUMBER, *_SHARED),
    "int | None": (_conditional,),
    "float": (
        *_SHARED,
        _sign,
        _binary("/", "int", "int"),
        _binary("+ - * / // %", "float", "int"),
        _binary("+ -", "float", "float"),
        _call("float({0})", ["int"], float),
        _call("round({0}, ({1}) % 4)", ["float", "int"], lambda f, n: round(f, n % 4)),
        _call("{0}.timestamp()", ["datetime"], datetime.timestamp),
    ),
    "Decimal": (
        _conditional,
        _sign,
        _binary("+ - *", "Decimal", "int"),
        _binary("+ -", "int", "Decimal"),
    ),
    "str": (*_TEXT, *_SHARED),
    "bool": (
        _not,
        _comparison,
        _contains,
        *_SHARED,
        _call("{0} is None", ["int | None"], lambda value: value is None, COMPARISON),
        _call(
            "{0} != null", ["int | None"], lambda value: value is not None, COMPARISON
        ),
        _call("bool({0})", ["str"], bool),
        _call("{0}.startswith({1})", ["str", "str"], str.startswith),
        _call("{0}.isdigit()", ["str"], str.isdigit),
        _call("any({0})", ["list[int]"], any),
        _call("all({0})", ["list[str]"], all),
    ),
    "date": (_conditional, _call("{0}.date()", ["datetime"], datetime.date)),
    "datetime": (_conditional,),
    "list[int]": (
        _list,
        _conditional,
        _call("sorted({0})", ["list[int]"], sorted),
        _binary("+", "list[int]", "list[int]"),
    ),
    "list[str]": (
        _list,
        _conditional,
        _call("{0}.split({1})", ["str", "str"], str.split),
        _call("{0}.splitlines()", ["str"], str.splitlines),
        _call("list({0})", ["str"], list),
        _call("sorted({0})", ["dict[str, int]"], sorted),
    ),
    "dict[str, int]": (_map, _conditional),
}


@st.composite
def expressions(draw: Draw, depth: int = 3, type_: str | None = None) -> Expression:
    return of_type(draw, type_ or draw(st.sampled_from([*_LEAVES])), depth)
