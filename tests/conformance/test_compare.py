"""How results are compared: what counts is seen, and what does not count is not."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.compare import difference, own_words
from tests.conformance.plain import plain


def result(**stage: Any) -> dict[str, Any]:
    """Of a workflow with one stage."""
    return {"context": {"jobs": {"a": {"stages": {"s": stage}}}, "status": "SUCCESS"}}


FAILED = {
    "name": "StageError",
    "message": "Break item: 2 because nested stage: 's', failed.",
}


def test_an_error_that_says_the_own_words_in_others_is_the_expected_one() -> None:
    ours = {"name": "JobError", "message": 'stage "s" failed: no rows'}
    assert difference(result(errors=FAILED), result(errors=ours)) == ""


def test_errors_by_item_are_compared_one_by_one() -> None:
    ours = {"2": {"name": "StageError", "message": 'stage "s" failed'}}
    assert difference(result(errors={"2": FAILED}), result(errors=ours)) == ""


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        pytest.param(result(outputs={"x": 1}), result(outputs={"x": 2}), id="output"),
        pytest.param(result(outputs={"x": 1}), result(outputs={}), id="missing"),
        pytest.param(result(outputs={}), result(outputs={"x": 1}), id="more"),
        pytest.param(result(outputs={"x": 1}), result(outputs={"x": True}), id="type"),
        pytest.param(result(status="SKIP"), result(status="SUCCESS"), id="status"),
        pytest.param(result(errors=FAILED), result(), id="error"),
        pytest.param(result(), result(errors=FAILED), id="no error"),
        pytest.param(
            result(errors={"name": "StageError", "message": "no rows"}),
            result(errors={"name": "StageError", "message": "failed"}),
            id="own words",
        ),
        pytest.param(
            result(errors={"2": FAILED}), result(errors={"3": FAILED}), id="item"
        ),
        pytest.param(
            result(outputs={"errors": {"name": "A", "message": ""}}),
            result(outputs={"errors": {"name": "B", "message": ""}}),
            id="output called errors",
        ),
        pytest.param(
            result(outputs={"v": {"name": "A"}}),
            result(outputs={"v": {"name": "B"}}),
            id="output with a name",
        ),
    ],
)
def test_a_difference_is_seen(expected: dict[str, Any], actual: dict[str, Any]) -> None:
    assert difference(expected, actual) != ""


def test_the_difference_is_a_diff() -> None:
    assert difference(result(status="SKIP"), result(status="SUCCESS")) == (
        "--- expected\n"
        "+++ actual\n"
        "@@ -2,6 +2,6 @@\n"
        "   jobs:\n"
        "     a:\n"
        "       stages:\n"
        "         s:\n"
        "-          status: SKIP\n"
        "+          status: SUCCESS\n"
        "   status: SUCCESS"
    )


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("no rows", ("no rows",)),
        ("Job execution, 'load', was failed.", ("load",)),
        ("Cancel item: 3 before start nested process.", ()),
        ("Subprocess: it broke\n\t```bash\n\texit 3\n\t```", ("it broke",)),
        (
            "Trigger workflow was failed with:\nJob execution, 'load', was failed.",
            ("load",),
        ),
    ],
)
def test_own_words(message: str, words: tuple[str, ...]) -> None:
    assert own_words(message) == words


def test_plain_data() -> None:
    found = {
        "run_id": "x",
        "info": {"exec_start": 0},
        7: (1, {3, 2}),
        "views": {"k": 1}.keys(),
        "dates": [date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=timezone.utc)],
        "decimal": Decimal("1.50"),
        "text": "/tmp/x/20240304050607000000T0123456789.sh at 0x7f0011223344",
    }
    assert plain(found, "/tmp/x") == {
        "7": [1, [2, 3]],
        "views": {"$dict_keys": ["k"]},
        "dates": ["2024-01-02", "2024-01-02T00:00:00+00:00"],
        "decimal": "1.50",
        "text": "<TMP>/<RUN_ID>.sh at 0x<ADDR>",
    }


def test_an_output_called_info_is_kept() -> None:
    assert plain({"info": "text"}, "/tmp/x") == {"info": "text"}
