"""The tables of the doctor against the pages that they are about."""

from __future__ import annotations

import re
from pathlib import Path

from wfcompile.doctor.codes import NUMBER_OF
from wfcompile.doctor.differences import TITLES, order
from wfcompile.rules import codes

DOCS = Path(__file__).resolve().parents[3] / "docs" / "differences.md"


def test_every_difference_has_a_title() -> None:
    rows = re.findall(r"^\| (D\d+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows, key=order) == list(TITLES)


def test_the_codes_are_there() -> None:
    assert sorted(set(NUMBER_OF) - set(codes())) == []


def test_the_numbers_are_there() -> None:
    assert sorted(set(NUMBER_OF.values()) - set(TITLES)) == []
