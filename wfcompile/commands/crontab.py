"""`wfc cron install`, `remove` and `diff`: the project's block in the user's crontab."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path

from wfcompile.commands.cron import Wanted, wanted_block
from wfcompile.commands.project import open_project, refusing_settings, shown
from wfcompile.commands.refusal import Refusal
from wfcompile.crontab.program import NoTable, alone, read_table, write_table
from wfcompile.crontab.table import DamagedTable, blocks, with_block, zone_above
from wfcompile.terminal import say, visible


def install(
    conf: Path | None, out: Path | None, *, zone: str | None, is_tried: bool
) -> int:
    """The exit code: 0, or 1 when a workflow has errors or no module: the crontab stays then.

    Raises:
        Refusal: no crontab can be read or written, or its marks are damaged.
    """
    with _refusing(), alone():
        wanted = wanted_block(conf, out, zone=zone, is_whole=True)
        if wanted.has_errors or wanted.unbuilt:
            say("the crontab stays as it is\n", sys.stderr)
            return 1
        before = read_table()
        if not zone:
            _refuse_zone(before, wanted)
        return _replace(before, wanted.root, wanted.block, is_tried=is_tried)


def remove(conf: Path | None, *, is_tried: bool) -> int:
    """As `install`, without the block; the workflows are not looked at."""
    with _refusing(), refusing_settings(), alone():
        root = str(open_project(conf, None).root)
        return _replace(read_table(), root, "", is_tried=is_tried)


def show_difference(
    conf: Path | None, out: Path | None, *, zone: str | None, file: Path | None
) -> int:
    """The exit code: 0 when the block is installed as it is now, 1 when not, or with errors."""
    with _refusing():
        wanted = wanted_block(conf, out, zone=zone, is_whole=True)
        before = read_table() if file is None else _read_file(file)
        after = with_block(before, wanted.root, wanted.block)
        _print_difference(before, after)
    return 1 if wanted.has_errors or before != after else 0


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except NoTable as error:
        raise Refusal(str(error), error.help) from error
    except DamagedTable as error:
        raise Refusal(
            f"{error}, so nothing was changed",
            "mend the lines that begin with # BEGIN wfc and # END wfc: crontab -e",
        ) from error


def _replace(before: str, root: str, block: str, *, is_tried: bool) -> int:
    after = with_block(before, root, block)
    is_there = any(each.root == root for each in blocks(before))
    if is_tried:
        _print_difference(before, after)
        return 0
    if after != before:
        write_table(after, expected=before)
    say(
        f"{_outcome(root, block, is_there=is_there, is_new=after != before)}\n",
        sys.stdout,
    )
    return 0


def _outcome(root: str, block: str, *, is_there: bool, is_new: bool) -> str:
    name = visible(root)
    if not block:
        there_is = f"the block of {name} is removed"
        return f"crontab: {there_is if is_there else f'there is no block of {name}'}"
    lines = sum(not line.startswith("#") and bool(line) for line in block.splitlines())
    what = "replaced" if is_there else "added"
    return (
        f"crontab: the block of {name} {'is ' + what if is_new else 'was up to date'}, "
        f"{lines} {'line' if lines == 1 else 'lines'}"
    )


def _refuse_zone(text: str, wanted: Wanted) -> None:
    found = zone_above(text, wanted.root)
    if wanted.block and found is not None and found[1] != wanted.zone:
        line, zone = found
        raise Refusal(
            f'line {line} of the crontab sets CRON_TZ to "{visible(zone)}": some crons would '
            f"read our lines, which are for {wanted.zone}, in that zone",
            f"give the zone that your cron follows: --tz {visible(zone)} or --tz {wanted.zone}",
        )


def _read_file(path: Path) -> str:
    try:
        return os.fsdecode(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refusal(f'"{shown(path)}": {reason}') from error


def _print_difference(before: str, after: str) -> None:
    lines = unified_diff(
        before.splitlines(), after.splitlines(), "crontab", "crontab", lineterm=""
    )
    say("".join(f"{visible(line)}\n" for line in lines), sys.stdout)
