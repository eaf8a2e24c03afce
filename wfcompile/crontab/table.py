"""Our block in the text of a crontab: found, put in, taken out; all else stays byte for byte.

A crontab may hold blocks of several projects, each between `# BEGIN wfc FOLDER` and `# END wfc
FOLDER`. One whose marks do not fit together is changed by nobody but its owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wfcompile.terminal import visible

BEGIN, END = "# BEGIN wfc ", "# END wfc "
_MARK = re.compile(r"^# (BEGIN|END) wfc (.*)$", re.MULTILINE)
_ZONE = re.compile(r"""^[ \t]*CRON_TZ[ \t]*=[ \t]*["']?([^"'\s]*)""", re.MULTILINE)


class DamagedTable(Exception):
    """Marks of a block that do not fit together; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line} of the crontab {message}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a crontab, `text[start:end]` with both marks and the last line break."""

    root: str
    start: int
    end: int


def blocks(text: str) -> Iterator[Block]:
    """The blocks of all projects, in their order.

    Raises:
        DamagedTable: a mark without the other, or two blocks of one project.
    """
    found: dict[str, int] = {}
    begun: re.Match[str] | None = None
    for mark in _MARK.finditer(text):
        kind, root = mark.groups()
        line = text.count("\n", 0, mark.start()) + 1
        if kind == "BEGIN":
            if begun is not None:
                raise DamagedTable(line, f'begins a block inside that of "{begun[2]}"')
            if root in found:
                raise DamagedTable(
                    line,
                    f'begins a second block of "{visible(root)}", after line {found[root]}',
                )
            begun, found[root] = mark, line
        elif begun is None or begun[2] != root:
            raise DamagedTable(
                line, f'ends a block of "{visible(root)}" that does not begin before it'
            )
        else:
            yield Block(root, begun.start(), min(mark.end() + 1, len(text)))
            begun = None
    if begun is not None:
        line = text.count("\n", 0, begun.start()) + 1
        raise DamagedTable(
            line, f'begins a block of "{visible(begun[2])}" that does not end'
        )


def with_block(text: str, root: str, block: str) -> str:
    """The text with the project's block in the place of the one that it has, else behind all.

    Args:
        block: with both marks and a line break at its end; "" takes the old one out.

    >>> with_block("MAILTO=me\\n", "/srv", "# BEGIN wfc /srv\\n# END wfc /srv\\n")
    'MAILTO=me\\n# BEGIN wfc /srv\\n# END wfc /srv\\n'

    Raises:
        DamagedTable: as of `blocks`.
    """
    for old in list(blocks(text)):
        if old.root == root:
            return text[: old.start] + block + text[old.end :]
    # a last line without its break stays the last one: it is not ours to end it
    at = text.rfind("\n") + 1
    return text[:at] + block + text[at:]


def zone_above(text: str, root: str) -> tuple[int, str] | None:
    """The line and the zone of a `CRON_TZ` that some crons would hold against the block."""
    own = [each.start for each in blocks(text) if each.root == root]
    above = text[: own[0]] if own else text
    found = None
    for found in _ZONE.finditer(above):  # noqa: B007 (the last one counts)
        pass
    if found is None or not found[1]:
        return None
    return text.count("\n", 0, found.start()) + 1, found[1]
