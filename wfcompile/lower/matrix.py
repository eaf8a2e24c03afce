"""A strategy -> the matrix of the IR: which keys each combination has, of which type.

Source: language.md section 7.3. Adds WF360 (nothing left to include into), WF522 (an
exclusion of nothing).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product

from wfcompile import ir
from wfcompile.bind.scope import MatrixSymbol
from wfcompile.diagnostics import Diagnostics, did_you_mean, listing
from wfcompile.models import MatrixKey, MatrixRow, Strategy
from wfcompile.resolve.misfits import constant_in_words
from wfcompile.types import Type, type_of_value, union

Row = Mapping[str, str | int]


def lower_matrix(
    strategy: Strategy, class_name: str, diagnostics: Diagnostics
) -> ir.Matrix | None:
    """None when the job runs once: there is no matrix."""
    if not strategy.matrix:
        return None
    if strategy.include and not _product(strategy):
        diagnostics.error(
            "WF360",
            '"exclude" leaves no combination that "include" could add to',
            strategy.include[0].node.span,
            help="write the combinations as values of the matrix",
        )
    _report_idle_exclusions(strategy, diagnostics)
    return ir.Matrix(
        class_name,
        tuple(_fields(strategy, combinations(strategy))),
        tuple((key.name, tuple(key.values)) for key in strategy.matrix),
        tuple(dict(row.values) for row in strategy.include),
        tuple(dict(row.values) for row in strategy.exclude),
    )


def _report_idle_exclusions(strategy: Strategy, diagnostics: Diagnostics) -> None:
    values = {key.name: key.values for key in strategy.matrix}
    for row in strategy.exclude:
        for name, value in row.values.items():
            # another key is an error of its own
            if name in values and value not in values[name]:
                diagnostics.warning(
                    "WF522",
                    f'the row leaves nothing out: "{name}" is never {constant_in_words(value)}',
                    row.node.span,
                    help=did_you_mean(str(value), map(str, values[name]))
                    or listing(f'the values of "{name}" are', map(str, values[name])),
                )
                break


def matrix_symbols(
    matrix: ir.Matrix, strategy: Strategy, rows: Sequence[Row]
) -> dict[str, MatrixSymbol]:
    span = None if rows else emptying_row(strategy).node.span
    return {
        field.key: MatrixSymbol(
            field.type, field.required, _distinct(field.key, rows), span
        )
        for field in matrix.fields
    }


def emptying_row(strategy: Strategy) -> MatrixRow:
    """The row of `exclude` that takes the last combination of an empty matrix away."""
    left = _product(strategy.model_copy(update={"exclude": ()}))
    for row in strategy.exclude:
        left = [each for each in left if not row.values.items() <= each.items()]
        if not left:
            return row
    raise AssertionError("the matrix is not empty")


def _distinct(key: str, rows: Iterable[Row]) -> tuple[str | int, ...]:
    return tuple(dict.fromkeys(row[key] for row in rows if key in row))


_MOST_ROWS = 20_000
"""Looked at of a matrix: a few lists have billions of combinations, and no run has so many."""


def combinations(strategy: Strategy) -> list[Row]:
    """The rows that run, included ones last, without doubles."""
    rows = _product(strategy)
    for each in strategy.include:
        if each.values not in rows:
            rows.append(each.values)
    return rows


def _product(strategy: Strategy) -> list[Row]:
    """All combinations of the values but those that are excluded."""
    keys = [key.name for key in strategy.matrix]
    rows: list[Row] = [
        dict(zip(keys, values, strict=True))
        for values in islice(product(*map(_values, strategy.matrix)), _MOST_ROWS)
    ]
    return [
        row
        for row in rows
        if not any(each.values.items() <= row.items() for each in strategy.exclude)
    ]


def _values(key: MatrixKey) -> tuple[str | int, ...]:
    return key.values


def _fields(strategy: Strategy, rows: Sequence[Row]) -> Iterable[ir.MatrixField]:
    for key in strategy.matrix:
        values = [*key.values, *(row[key.name] for row in rows if key.name in row)]
        required = bool(rows) and all(key.name in row for row in rows)
        yield ir.MatrixField(key.name, _type(values), required)


def _type(values: Iterable[str | int]) -> Type:
    return union(type_of_value(value) for value in values)
