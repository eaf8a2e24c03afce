"""Text that its author may take for a template, and that is none: adds WF214.

`{{ params.x }}` lacks its dollar, `${ params.x }` a pair of braces, `$params.x` both. Other tools have templates of
the same look (Jinja, Go, Mustache, JavaScript, f-strings), so only what names a value that is
there is told, and nothing in a text that shows signs of such a tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from wfcompile.bind.scope import Scope
from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import Scalar

Kind = Literal["value", "shell", "python"]

_TWO = re.compile(r"(?<![${])\{\{\s*(?P<path>[\w.-]+)\s*(?:\|[^{}]*)?\}\}(?!\})")
_ONE = re.compile(r"\$\{\s*(?P<path>[\w.-]+)\s*(?:\|[^{}]*)?\}(?!\})")
_NONE = re.compile(
    r"(?<![$\\\w])\$(?P<path>(?:params|matrix|stages|jobs)\.[\w-]+(?:\.[\w-]+)*)"
)
_BRACES = re.compile(r"(?<!\$)\{\{")
_OTHER_TOOL = re.compile(
    r"\{%|jinja|mustache|handlebars|templat|render|airflow|ansible|\bdbt\b|\bhelm\b",
    re.IGNORECASE,
)
_F_STRING = re.compile(r"\b(?:[fF][rR]?|[rR][fF])[\"']|\.format\(")
_QUOTED_HEREDOC = re.compile(r"<<-?\s*[\"'\\]")


def report_other_braces(
    scalar: Scalar, scope: Scope, diagnostics: Diagnostics, kind: Kind = "value"
) -> None:
    """Adds WF214 for each that names a value of the scope."""
    text = scalar.text
    if ("{" not in text and "$" not in text) or _OTHER_TOOL.search(text):
        return
    found = list(_found(text, scope, kind))
    # one that is not ours belongs to a tool, and so may all
    others = len(_BRACES.findall(text)) - sum(each.re is _TWO for each in found)
    for each in found if not others else ():
        diagnostics.warning(
            "WF214",
            f'"{each.group()}" is no template, so it is not replaced by a value',
            scalar.span_of(*each.span()),
            help=f"write ${{{{ {each.group().lstrip('${').rstrip('}').strip()} }}}}",
        )


def _found(text: str, scope: Scope, kind: Kind) -> Iterator[re.Match[str]]:
    # in a value the reference to the environment is an error of its own
    for pattern in (_TWO, _NONE) if kind == "value" else (_TWO, _ONE):
        for match in pattern.finditer(text):
            is_known = _is_known(match["path"], scope)
            if is_known and _is_meant(text, match, kind):
                yield match


def _is_known(path: str, scope: Scope) -> bool:
    root, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    match root:
        case "params":
            return name in scope.params
        case "matrix":
            return name in (scope.matrix or {})
        case "stages":
            return name in scope.stages
        case "jobs":
            return name in scope.upstream
    return False


def _is_meant(text: str, match: re.Match[str], kind: Kind) -> bool:
    """Whether no shell and no Python makes something else of it."""
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    if "#" in line:
        return False
    if kind == "shell" and match.re is _ONE:
        # what a shell does not look into may be for a tool
        return line.count("'") % 2 == 0 and not _QUOTED_HEREDOC.search(text)
    if kind == "python":
        is_literal = line.count("'") % 2 == 1 or line.count('"') % 2 == 1
        return is_literal and not _F_STRING.search(text)
    return True
