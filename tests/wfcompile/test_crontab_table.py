"""Our block in the text of a crontab: all else stays byte for byte, damage is refused."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfcompile.crontab.table import DamagedTable, blocks, with_block, zone_above

ROOT = "/srv/etl"
BLOCK = f"# BEGIN wfc {ROOT}\n30 2 * * * true\n# END wfc {ROOT}\n"
NEWER = BLOCK.replace("30 2", "45 3")
OTHER = BLOCK.replace(ROOT, "/srv/etl2")

LINES = st.one_of(
    st.binary(max_size=30).map(lambda line: os.fsdecode(line.replace(b"\n", b""))),
    st.sampled_from(
        [
            *(
                "",
                "MAILTO=me",
                "*/5 * * * * printf '50\\%\\\\n'",
                "\r",
                "\t# a comment",
            ),
            *("#BEGIN wfc /srv/etl", " # BEGIN wfc /srv/etl", "# BEGIN wfcx"),
            *("@reboot true", "CRON_TZ=Europe/Berlin", "\udcff\udc80"),
        ]
    ),
)
TABLES = st.builds(
    lambda lines, end, other: "\n".join(lines) + end + (OTHER if other and end else ""),
    st.lists(LINES, max_size=12),
    st.sampled_from(["", "\n", "\n\n"]),
    st.booleans(),
)


@given(TABLES)
def test_a_crontab_survives_install_and_remove_byte_for_byte(table: str) -> None:
    installed = with_block(table, ROOT, BLOCK)
    assert BLOCK in installed
    assert with_block(installed, ROOT, BLOCK) == installed
    newer = with_block(installed, ROOT, NEWER)
    assert newer == installed.replace(BLOCK, NEWER)
    removed = with_block(newer, ROOT, "")
    assert os.fsencode(removed) == os.fsencode(table)


def test_a_block_stays_where_it_is() -> None:
    table = f"MAILTO=me\n{BLOCK}{OTHER}0 1 * * * true\n"
    assert with_block(table, ROOT, NEWER) == table.replace(BLOCK, NEWER)


def test_a_new_block_does_not_end_the_last_line() -> None:
    assert with_block("a\nb", ROOT, BLOCK) == f"a\n{BLOCK}b"


def test_the_last_mark_needs_no_line_break() -> None:
    assert with_block(f"a\n{BLOCK[:-1]}", ROOT, "") == "a\n"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "a\n# BEGIN wfc /srv/etl\nb\n",
            'line 2 of the crontab begins a block of "/srv/etl" that does not end',
        ),
        (
            "# END wfc /srv/etl\n",
            'line 1 of the crontab ends a block of "/srv/etl" that does not begin before it',
        ),
        (
            BLOCK + BLOCK,
            'line 4 of the crontab begins a second block of "/srv/etl", after line 1',
        ),
        (
            f"# BEGIN wfc /srv/a\n{BLOCK}# END wfc /srv/a\n",
            'line 2 of the crontab begins a block inside that of "/srv/a"',
        ),
        (
            "# BEGIN wfc /srv/etl\n# END wfc /srv/etl2\n",
            'line 2 of the crontab ends a block of "/srv/etl2" that does not begin before it',
        ),
    ],
)
def test_damaged_marks_are_refused(table: str, message: str) -> None:
    with pytest.raises(DamagedTable) as caught:
        with_block(table, ROOT, BLOCK)
    assert str(caught.value) == message


def test_blocks_of_several_projects() -> None:
    assert [each.root for each in blocks(BLOCK + "x\n" + OTHER)] == [ROOT, "/srv/etl2"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("CRON_TZ=Europe/Berlin\n", (1, "Europe/Berlin")),
        ("a\n CRON_TZ = 'Asia/Tokyo'\n" + BLOCK, (2, "Asia/Tokyo")),
        ("CRON_TZ=Asia/Tokyo\nCRON_TZ=\n", None),
        (BLOCK + "CRON_TZ=Asia/Tokyo\n", None),
        ("# CRON_TZ=Asia/Tokyo\n", None),
    ],
)
def test_a_zone_above_the_block(table: str, expected: tuple[int, str] | None) -> None:
    assert zone_above(table, ROOT) == expected
