"""Until with an item that is known in each round, and with one that may be anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import job, lowered


def told(folder: Path, until: str, run: str, rest: str = "") -> list[str]:
    """The messages of an until with the item 1 and ten rounds, with one block."""
    block = "".join(f"\n        {line}" for line in run.split("\n"))
    text = (
        f"- name: Rounds\n  item: 1\n  until: {until}\n  stages:\n"
        f"    - name: Next\n      id: next\n{rest}      run: |{block}\n"
    )
    return lowered(folder, job(text)).messages


NEVER = (
    "WF545 8:18: the condition holds after none of the 10 rounds, so the stage always"
    " fails (ask for a value that comes: {} there)"
)


@pytest.mark.parametrize(
    ("until", "run", "values"),
    [
        (
            "${{ item }} == 10",
            "item = ${{ item }} + 2",
            "item is 3, 5, 7, 9, ... and 21",
        ),
        ("${{ item }} > 40", "item = ${{ item }} * 1", "item is 1"),
        ("${{ item }} < 0", "item = ${{ loop }}", "item is 1, 2, 3, 4, ... and 10"),
        ("'${{ item }} == \"ready\"'", "item = 'done'", "item is done"),
        (
            "${{ item }} == 0",
            "step = 1\nitem = -(${{ item }} % 2) - 1",
            "item is -2 and -1",
        ),
        ("${{ loop }} > 11 and ${{ item }} == 2", "item = 2", "item is 2"),
        (
            "${{ loop }} > 20 and ${{ item }} == 2",
            "item = len(str(${{ item }}))",
            "loop is 2 to 11",
        ),
    ],
)
def test_an_item_that_is_never_met(
    tmp_path: Path, until: str, run: str, values: str
) -> None:
    assert told(tmp_path, until, run) == [NEVER.format(values)]


@pytest.mark.parametrize(
    ("until", "run"),
    [
        ("${{ item }} == 9", "item = ${{ item }} + 2"),
        ("${{ item }} == 21", "item = ${{ item }} + 2"),
        ("${{ item }} > 20", "item = ${{ item }} + 2"),
        ("${{ item }} == 5", "import random\nitem = random.randrange(9)"),
        ("${{ item }} == 5", "item = 1\nitem = 5"),
        ("${{ item }} == 5", "item = 1\nif ${{ loop }} > 3:\n    item = 5"),
        ("${{ item }} == 5", "for item in range(${{ loop }}):\n    pass"),
        (
            "${{ item }} == 5",
            "item = 1\ntry:\n    pass\nexcept OSError as item:\n    pass",
        ),
        (
            "${{ item }} == 5",
            "item = 1\nmatch ${{ loop }}:\n    case item:\n        pass",
        ),
        ("${{ item }} == 5", "item = 1\nglobals()['item'] = 5"),
        ("${{ item }} == 5", "a = 4\nitem = a + 1"),
        ("${{ item }} == 5", "item = ${{ item }} // 0"),
        ("${{ item }} == 5", "item = ${{ item }} * 99999999999"),
    ],
)
def test_an_item_that_may_be_met(tmp_path: Path, until: str, run: str) -> None:
    found = told(tmp_path, until, run)
    assert [each for each in found if each.startswith("WF545")] == []


def test_a_block_that_may_not_run_may_give_another_item(tmp_path: Path) -> None:
    rest = '      if: "${{ loop }} > 20"\n'
    found = told(tmp_path, "${{ item }} == 10", "item = 3", rest)
    assert [each for each in found if each.startswith("WF545")] == []
