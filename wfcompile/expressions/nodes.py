"""The tree of a parsed text: what was written, before anything is resolved.

Offsets `start`, `end` count characters of the scalar's decoded text; `Scalar.span_of` turns them
into a place in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Constant: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Literal:
    value: Constant
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One name of a dotted path; `optional` when `?` follows it."""

    name: str
    optional: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Path:
    """`params.run-date`, `jobs.a.stages.b.outputs.c`; at least one segment."""

    segments: tuple[Segment, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Index:
    """`value[key]`."""

    value: Expression
    key: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """`value.name` where `value` is not a path, as in `(a | b).c` or `a[0].c`."""

    value: Expression
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Keyword:
    name: str
    value: Expression
    start: int
    end: int


WORDS = "words"
"""The filter that asks for a word for each value of a list; shell text alone has it."""


@dataclass(frozen=True, slots=True)
class FilterCall:
    """`value | name(args)`."""

    value: Expression
    name: str
    args: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]
    start: int
    end: int
    name_start: int
    name_end: int


@dataclass(frozen=True, slots=True)
class Call:
    """`len(x)`, or `x.upper()` when `receiver` is not None."""

    name: str
    receiver: Expression | None
    args: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]
    start: int
    end: int
    name_start: int
    name_end: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`op` is `not`, `-` or `+`."""

    op: str
    operand: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of `+ - * / // % **`."""

    op: str
    left: Expression
    right: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A chain `left op right op right`; ops are `== != < <= > >= in`, `not in`, `is`, `is not`."""

    left: Expression
    rest: tuple[tuple[str, Expression], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Logic:
    """`op` is `and` or `or`; two or more operands."""

    op: str
    operands: tuple[Expression, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Conditional:
    """`then if test else otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ListDisplay:
    items: tuple[Expression, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MapDisplay:
    items: tuple[tuple[Expression, Expression], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EnvRef:
    """`${NAME}` or `${NAME:default}`; `start`, `end` include the braces.

    A part of a `Text`, and an operand of a condition.
    """

    name: str
    default: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Interpolation:
    """A string literal of a condition that holds holes: `'${{ params.s }}' == 'x'`."""

    parts: tuple[Part, ...]
    start: int
    end: int


Expression: TypeAlias = (
    "Literal | Path | Index | Attribute | FilterCall | Call | Unary | Binary | Comparison | Logic"
    " | Conditional | ListDisplay | MapDisplay | Interpolation | EnvRef"
)
Part: TypeAlias = "str | Expression"


@dataclass(frozen=True, slots=True)
class Hole:
    """`${{ tree }}`; `start`, `end` include the braces. `tree` is None after a syntax error."""

    tree: Expression | None
    start: int
    end: int


TextPart: TypeAlias = "str | Hole | EnvRef"


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar's text cut into plain pieces, holes, and references to the environment.

    Escapes (`$${X}`) are already undone in the plain pieces where the field has an env pass.
    """

    parts: tuple[TextPart, ...]

    @property
    def is_plain(self) -> bool:
        return all(isinstance(part, str) for part in self.parts)

    @property
    def whole(self) -> Hole | None:
        """The hole, when the text is exactly one hole (white space around it does not count)."""
        rest = [
            part
            for part in self.parts
            if not (isinstance(part, str) and not part.strip())
        ]
        match rest:
            case [Hole() as hole]:
                return hole
        return None

    @property
    def holes(self) -> tuple[Hole, ...]:
        return tuple(part for part in self.parts if isinstance(part, Hole))
