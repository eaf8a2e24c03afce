"""Credentials of files -> stars, in what is said of anything."""

from __future__ import annotations

from collections.abc import Iterable

from wfcompile.diagnostics import Diagnostics
from wfcompile.source import SourceFile

_HIDDEN = "********"
_SHORTEST_HIDDEN = 6
"""A shorter value may be a part of any word of a message."""


def hide_credentials(files: Iterable[SourceFile], diagnostics: Diagnostics) -> None:
    """In the messages of all diagnostics, whatever they are about."""
    values = {text for file in files for text in file.hidden_texts()}
    longest_first = sorted(values, key=len, reverse=True)
    for value in longest_first:
        if len(value) >= _SHORTEST_HIDDEN:
            diagnostics.replace(value, _HIDDEN)
