"""SARIF 2.1.0, which code scanning services read: rules from the pages, results, their places.

Paths are relative to `%SRCROOT%`, the folder where wfc was called. Columns count characters, and
the end is exclusive, as SARIF has it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import metadata
from typing import Any, TypeAlias
from urllib.parse import quote

from wfcompile.diagnostics import Diagnostic
from wfcompile.report import remarks, shown_path
from wfcompile.rules import find_rule
from wfcompile.rules.plain import plain, plain_page
from wfcompile.source import Span

_Object: TypeAlias = dict[str, Any]  # of JSON

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PAGES = "Documentation, "
"""What the package's metadata have before the address of `docs/`, when it is on the web."""


def render_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """A log with one run; its rules are those of the codes that were found."""
    found = list(diagnostics)
    codes = sorted({each.code for each in found})
    index_by_code = {code: index for index, code in enumerate(codes)}
    run = {
        "tool": {"driver": {"name": "wfc", "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index_by_code) for each in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(code: str) -> _Object:
    rule = find_rule(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": plain(_one_line(rule.text.partition("\n\n")[0]))},
        **_help_uri(code),
        "help": {"text": plain_page(rule), "markdown": rule.text},
        "defaultConfiguration": {"level": rule.severity},
    }


def _help_uri(code: str) -> Mapping[str, str]:
    """The page on the web: the schema wants an absolute address, so without one there is none."""
    for each in metadata("wfcompile").get_all("Project-URL") or ():
        if each.startswith(_PAGES):
            docs = each.removeprefix(_PAGES).rstrip("/")
            return {"helpUri": f"{docs}/rules/{code}.md"}
    return {}


def _one_line(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _result(found: Diagnostic, index_by_code: Mapping[str, int]) -> _Object:
    message = "\n".join([found.message, *remarks(found, placed=False)])
    result = {
        "ruleId": found.code,
        "ruleIndex": index_by_code[found.code],
        "level": found.severity,
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(found.span)}],
    }
    related = _related(found)
    return {**result, "relatedLocations": related} if related else result


def _related(found: Diagnostic) -> Sequence[_Object]:
    placed = [(each.message, each.span) for each in found.notes if each.span]
    return [
        {
            "id": number,
            "message": {"text": message},
            "physicalLocation": _place(span),
        }
        for number, (message, span) in enumerate(placed, 1)
    ]


def _place(span: Span) -> _Object:
    first, last = span.first, span.last
    return {
        "artifactLocation": {
            "uri": quote(os.fsencode(shown_path(span))),
            "uriBaseId": "%SRCROOT%",
        },
        "region": {
            "startLine": first.line,
            "startColumn": first.column,
            "endLine": last.line,
            "endColumn": last.column,
        },
    }
