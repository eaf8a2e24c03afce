"""Diagnostics for programs: one module a format; text and JSON are those of `report.py`.

No format holds a time, a host or an absolute path: the same findings are the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from wfcompile.diagnostics import Diagnostic
from wfcompile.report import render_json
from wfcompile.reports.concise import render_concise
from wfcompile.reports.github import render_github
from wfcompile.reports.sarif import render_sarif

__all__ = ["RENDERERS", "Renderer"]

Renderer = Callable[[Iterable[Diagnostic]], str]

RENDERERS: Mapping[str, Renderer] = {
    "json": render_json,
    "concise": render_concise,
    "github": render_github,
    "sarif": render_sarif,
}
"""Format -> what writes all of standard output in it."""
