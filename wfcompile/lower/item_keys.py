"""Items of a foreach that cannot be the keys of its record; adds WF424."""

from __future__ import annotations

from wfcompile.diagnostics import Diagnostics
from wfcompile.resolve.misfits import in_words
from wfcompile.source import Span
from wfcompile.types import ListType, MapType, RecordType, Type


def report_no_keys(item: Type, span: Span, diagnostics: Diagnostics) -> None:
    if isinstance(item, ListType | MapType | RecordType):
        diagnostics.warning(
            "WF424",
            f"each item of foreach is {in_words(item)}, which cannot be a key of its record",
            span,
            help="add use_index_as_key: true",
        )
