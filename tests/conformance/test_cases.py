"""The cases themselves: all are here, and what they say of the rules holds together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.conformance.case_files import DIVERGE, FURTHER, GOLDEN, Case
from tests.conformance.compare import SENTENCES, difference
from tests.conformance.server import ROOT

EVERY = GOLDEN + DIVERGE + FURTHER
PAGE = ROOT / "docs" / "differences.md"
TITLE = "\n## The cases of each difference\n"


def test_all_recorded_cases_are_here() -> None:
    assert (len(GOLDEN), len(DIVERGE)) == (301, 67)


def test_no_two_cases_have_one_name() -> None:
    names = [case.name for case in EVERY]
    assert sorted(set(names)) == sorted(names)


def test_each_difference_is_a_row_of_the_page() -> None:
    rows = set(re.findall(r"^\| (D\d+) \|", page_and_cases()[0], re.MULTILINE))
    assert {
        row: names for row, names in cases_by_row().items() if row not in rows
    } == {}


def test_the_page_lists_the_cases_of_each_difference(update: bool) -> None:
    """`pytest --update` writes them."""
    page, listed = page_and_cases()
    expected = "".join(
        f"\n- {row}: {', '.join(f'`{name}`' for name in names)}"
        for row, names in cases_by_row().items()
    )
    if update:
        PAGE.write_text(f"{page}{TITLE}{expected}\n", encoding="utf-8")
    else:
        assert listed == f"{expected}\n"


def page_and_cases() -> tuple[str, str]:
    """The page without the list of cases at its end, and that list."""
    page, _, listed = PAGE.read_text(encoding="utf-8").partition(TITLE)
    return page, listed


def cases_by_row() -> dict[str, list[str]]:
    """D number -> names, by number."""
    found: dict[str, list[str]] = {}
    for case in EVERY:
        for row in case.decision.rows if case.decision else ():
            found.setdefault(row, []).append(case.name)
    return {row: found[row] for row in sorted(found, key=lambda row: int(row[1:]))}


def test_only_what_the_interpreter_failed_on_is_refused_without_a_row() -> None:
    ran = [case.name for case in EVERY if case.rule == "earlier" and not failed(case)]
    assert ran == []


def failed(case: Case) -> bool:
    expect = case.expect
    steps = expect.get("steps", [expect])
    return (
        expect.get("load") == "error"
        or expect.get("status") == "FAILED"
        or any("raised" in step for step in steps)
    )


def test_what_must_not_be_copied_is_decided() -> None:
    assert [case.name for case in DIVERGE if case.rule != "difference"] == []


def test_each_decided_result_is_another_one_than_the_interpreter_gave() -> None:
    alike = [
        case.name
        for case in EVERY
        if case.decision is not None
        and not case.decision.is_refusal
        and not difference(case.expect, case.decision.content)
    ]
    assert alike == []


def test_each_sentence_of_the_interpreter_is_in_a_case() -> None:
    said = [message for case in EVERY for message in messages(case.expect)]
    unused = [each for each in SENTENCES if not any(map(each.fullmatch, said))]
    assert unused == []


def messages(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("message"), str):
            yield value["message"]
        for item in value.values():
            yield from messages(item)
    elif isinstance(value, list):
        for item in value:
            yield from messages(item)
