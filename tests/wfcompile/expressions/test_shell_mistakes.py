"""`rewrite_shell`: scripts that break off, and where mistakes are told."""

from __future__ import annotations

import pytest
from expression_texts import scalar_of, shown
from shell_rewrites import bad, codes

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import rewrite_shell
from wfcompile.nodes import Scalar
from wfcompile.source import SourceFile, Span
from wfcompile.types import STR, UNKNOWN

# --- scripts that break off ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a ${{ x }} 'b", "WF260 11-12: single quote is not closed (close it with ')"),
        ('a "${{ x }}', 'WF260 2-3: double quote is not closed (close it with ")'),
        ("a ${{ x }} $'b\\'", "WF260 11-13: single quote is not closed (close it with ')"),
        ("a ${{ x }} `b", 'WF260 11-12: "`" is not closed (close it with `)'),
        ("a $(b ${{ x }}", 'WF260 2-4: "$(" is not closed (close it with ))'),
        ("a $((${{ params.n }}", 'WF260 2-5: "$((" is not closed (close it with )))'),
        ("a ${b:-${{ x }}", 'WF260 2-4: "${" is not closed (close it with })'),
        ('a "${b" ${{ x }} "c"', 'WF260 3-5: "${" is not closed (close it with })'),
        ('a "${b:-"${{ x }}}', 'WF260 3-5: "${" is not closed (close it with })'),
        ("( a ${{ x }}", 'WF260 0-1: "(" is not closed (close it with ))'),
        ("a=(${{ x }}", 'WF260 2-3: "(" is not closed (close it with ))'),
        ("[[ ${{ x }}", 'WF260 0-2: "[[" is not closed (close it with ]])'),
        (
            "case ${{ x }} in a) b;;",
            'WF260 0-4: "case" is not closed (close it with esac)',
        ),
        (
            "a <<-EOF ${{ x }}\nb\n",
            'WF260 2-4: heredoc "EOF" has no line that ends it'
            " (write EOF alone on a line)",
        ),
        (
            "a $(b <<E)\n${{ x }}\nE",
            'WF260 6-8: heredoc "E" has no line that ends it (write E alone on a line)',
        ),
        (
            "a ${{ x }} " + "$(" * 41 + ")" * 41,
            "WF270 91-92: script nests more than 40 constructs in each other"
            " (give the inner ones a variable or a function)",
        ),
    ],
)  # fmt: skip
def test_scripts_that_break_off(text: str, found: str) -> None:
    assert bad(text) == [found]


def test_every_mistake_is_told() -> None:
    assert codes("${{ x }} ${{ y }}\neval ${{ y }}; a $${{ z }}\n'") == [
        "WF261 ${{ x }}",
        "WF262 ${{ y }}",
        "WF267 ${{ z }}",
        "WF260 '",
    ]


def test_a_hole_with_a_mistake_ends_it() -> None:
    assert bad("a ${{ x + }} ; ${{ y }}") == [
        "WF203 10-12: found the end, expected a value"
    ]


def test_a_type_with_a_mistake_is_not_told_again() -> None:
    text = "a >&${{ unknown }} >&${{ params.unknown }}"
    diagnostics = Diagnostics()
    scalar = scalar_of(text)
    diagnostics.error("WF310", "no such name", scalar.span_of(8, 15))
    parsed = parse_text(scalar, diagnostics, env=False)
    rewrite_shell(scalar, parsed, diagnostics, type_of=lambda hole: UNKNOWN)
    assert [found.partition(":")[0] for found in shown(diagnostics)] == [
        "WF310 8-15",
        "WF265 21-42",
    ]


def test_places_are_those_of_the_file() -> None:
    file = SourceFile("conf/x.yml", 'bash: "a\\n\\t${{ x }} b"\n')
    text = "a\n\t${{ x }} b"
    offsets = [7, 8, 10, *range(12, 23)]
    scalar = Scalar(text, text, Span(file, 6, 23), '"', offsets)
    diagnostics = Diagnostics()
    parsed = parse_text(scalar, diagnostics, env=False)
    rewrite_shell(scalar, parsed, diagnostics, type_of=lambda hole: STR)
    spans = [file.text[found.span.start : found.span.end] for found in diagnostics]
    assert spans == ["${{ x }}"]
