"""A case a difference: what the doctor says about it in a project, and where.

`pytest tests/wfcompile/doctor --update` writes what it says now. A case holds places where the
difference applies, and places that look like it where it does not.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.wfcompile.doctor.projects import examined
from wfcompile.doctor.differences import TITLES, order
from wfcompile.report import render_text

CASES = Path(__file__).parent / "cases"


def test_every_difference_has_a_case() -> None:
    assert sorted((path.name for path in CASES.iterdir()), key=order) == list(TITLES)


@pytest.mark.parametrize("number", TITLES)
def test_what_the_doctor_says(
    number: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    update: bool,
) -> None:
    # a pattern of .confignore means this folder
    project = tmp_path / f"{number.lower()}-project"
    shutil.copytree(CASES / number, project)
    examination = examined(project, monkeypatch, {})
    found = [each for each in examination.findings if each.number == number]
    text = render_text(each.diagnostic() for each in found)
    expected = CASES / number / "expected.txt"
    if update:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
