"""Mistakes that were written by hand, as people make them: each is told at its place, and alone.

`pytest tests/mistakes/test_shop.py --update` writes what is told: read it before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mistakes.shop_mistakes import TABLE, Mistake, Shop, mistakes, written
from wfcompile.rules import style_codes

KNOWN = list(mistakes())


def test_nothing_is_said_of_the_project(tmp_path: Path) -> None:
    assert Shop(tmp_path).told() == ()


@pytest.mark.parametrize("mistake", KNOWN, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told(tmp_path: Path, mistake: Mistake, update: bool) -> None:
    found = Shop(tmp_path).with_told(mistake)
    if not update:
        assert found == mistake


def test_the_table_is_written(tmp_path: Path, update: bool) -> None:
    shop = Shop(tmp_path)
    if update:
        table = written([shop.with_told(each) for each in KNOWN])
        TABLE.write_text(table, encoding="utf-8")
    else:
        assert TABLE.read_text(encoding="utf-8") == written(KNOWN)


def test_each_is_told_and_the_rules_of_style_are_among_them() -> None:
    codes = {told.rpartition(" ")[2] for each in KNOWN for told in each.told}
    assert [each.name for each in KNOWN if not each.told] == []
    assert codes >= style_codes() | {"WF548", "WF549"}
    assert len(KNOWN) >= 100
