"""The combinations of a job's matrix, and the ids that their records have."""

from __future__ import annotations

from .errors import JobError
from .wording import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Row = Mapping[str, object]

EMPTY = "EMPTY"


def combinations(
    matrix: Mapping[str, Sequence[object]],
    include: Sequence[Row] = (),
    exclude: Sequence[Row] = (),
) -> list[dict[str, object]]:
    """The product in key order, less what an exclude matches, then the includes.

    Nothing left: one empty combination. An include may lack keys; it runs without them.

    Raises:
        JobError: An exclude or include has a key that it cannot have.

    >>> combinations({"a": [1, 2], "b": ["x"]}, exclude=[{"a": 2}], include=[{"a": 3}])
    [{'a': 1, 'b': 'x'}, {'a': 3}]
    """
    for row in exclude:
        _check_keys("exclude", row, matrix)
    rows: list[dict[str, object]] = [{}]
    for key, values in matrix.items():
        rows = [{**row, key: value} for row in rows for value in values]
    rows = [row for row in rows if not any(_matches(row, each) for each in exclude)]
    if rows == [{}]:
        rows = []
    known: Collection[str] = rows[0] if rows else ()
    for each in include:
        _check_keys("include", each, known)
        if each not in rows:
            rows.append(dict(each))
    return rows or [{}]


def strategy_id(combination: Row) -> str:
    """The id of a combination's record.

    >>> strategy_id({"x": 1})
    '3941390096'
    """
    return hashed_id(str(dict(combination))) if combination else EMPTY


def hashed_id(text: str) -> str:
    """What stands for a text as the name of a record.

    >>> hashed_id("no id")
    '8108891682'
    """
    from hashlib import sha256

    return str(int(sha256(text.encode()).hexdigest(), 16))[-10:]


def _matches(row: Row, exclude: Row) -> bool:
    return all(row[key] == value for key, value in exclude.items())


def _check_keys(what: str, row: Row, known: Collection[str]) -> None:
    unknown = [key for key in row if key not in known]
    if unknown:
        raise JobError(f"{what} has {quoted(unknown)}, which no combination has")
