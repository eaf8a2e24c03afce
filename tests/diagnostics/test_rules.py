"""Every code has a page, the pages say what the compiler says, and `wfc explain` prints them.

`pytest tests/diagnostics --update` puts an example that is no longer true in order, and writes
`docs/diagnostics.md`, which holds all pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.diagnostics.code_uses import ROOT, uses
from wfcompile.cli import app
from wfcompile.commands.refusal import Refusal
from wfcompile.rules import Rule, codes, find_rule

HERE = Path(__file__).parent
DOCS = ROOT / "docs" / "diagnostics.md"
_EXAMPLE = re.compile(r"```text\n(.*?)\n```", re.DOTALL)

GROUPS = (
    ("WF001", "Files and YAML"),
    ("WF101", "The shape of a workflow"),
    ("WF201", "Templates and conditions"),
    ("WF240", "Python blocks"),
    ("WF260", "Shell text"),
    ("WF301", "Names, jobs and references"),
    ("WF330", "Schedules"),
    ("WF350", "Params and matrices"),
    ("WF401", "Callers and their arguments"),
    ("WF420", "Values and their types"),
    ("WF501", "Safety"),
    ("WF510", "Ignored warnings"),
    ("WF540", "What never happens"),
    ("WF560", "Style"),
    ("WF570", "Secrets"),
    ("WF580", "Shell text, by shellcheck"),
    ("WF901", "Bugs"),
)
"""The first code of a group -> its heading."""

INTRODUCTION = """\
# Diagnostics

What `wfc check` and `wfc build` say, by code. A code never changes its meaning and is never used
again for another one. `wfc explain WF402` prints the part of this page that is about one code.

Errors keep a workflow from being built, and the others are built all the same. Warnings keep
nothing from being built. [checking.md](checking.md) has the formats for programs, and how a warning is
ignored.
"""


def rule(code: str) -> Rule:
    found = find_rule(code)
    assert found is not None
    return found


def blocks_of(code: str) -> list[str]:
    """What the cases of a code expect, diagnostic by diagnostic."""
    folder = HERE / code
    texts = [path.read_text() for path in sorted(folder.rglob("expected.txt"))]
    blocks = [block.strip("\n") for text in texts for block in text.split("\n\n")]
    return [block for block in blocks if f" {code}: " in block]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert codes() == sorted({use.code for use in uses()})


@pytest.mark.parametrize("code", codes())
def test_a_page_says_what_an_example_and_what_to_do(code: str) -> None:
    path = ROOT / "wfcompile" / "rules" / f"{code}.md"
    heading, what, example, to_do = path.read_text().removesuffix("\n").split("\n\n")
    assert re.fullmatch(rf"# {code}: [^A-Z].*[^.]", heading)
    assert _EXAMPLE.fullmatch(example)
    for paragraph in (what, to_do):
        assert re.match(r"[A-Z`]", paragraph) and paragraph.endswith((".", "`."))
        assert all(len(line) <= 100 for line in paragraph.split("\n"))


@pytest.mark.parametrize("code", codes())
def test_an_example_is_what_the_compiler_says(code: str, update: bool) -> None:
    path = ROOT / "wfcompile" / "rules" / f"{code}.md"
    blocks = blocks_of(code)
    text = path.read_text()
    if update and _EXAMPLE.findall(text)[0] not in blocks:
        new = f"```text\n{blocks[0]}\n```"
        path.write_text(_EXAMPLE.sub(lambda _: new, text))
    (example,) = _EXAMPLE.findall(path.read_text())
    assert example in blocks


def test_titles_tell_the_codes_apart() -> None:
    titles = [rule(code).title for code in codes()]
    assert sorted(set(titles)) == sorted(titles)


def test_the_documentation_holds_all_pages(update: bool) -> None:
    text = documentation()
    if update:
        DOCS.write_text(text)
    assert DOCS.read_text() == text


def documentation() -> str:
    headings = dict(GROUPS)
    parts = [INTRODUCTION]
    for code in codes():
        if code in headings:
            parts.append(f"## {headings[code]}\n")
        parts.append(f"### {code}: {rule(code).title}\n\n{rule(code).text}\n")
    assert len(parts) == 1 + len(GROUPS) + len(codes())
    return "\n".join(parts)


# --- wfc explain ---

Explain = Callable[..., str]


@pytest.fixture
def explain(capsys: pytest.CaptureFixture[str]) -> Explain:
    """What `wfc explain` prints; a refusal is raised."""

    def run(*words: str) -> str:
        app(["explain", *words], prog_name="wfc", standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_explain_prints_a_page(explain: Explain) -> None:
    assert explain("WF303") == (
        "WF303: a need twice\n\n"
        "`needs` names a job two times. It has no effect, but one of the two is probably "
        "meant to\nbe another job.\n\n"
        '    conf/report.yml:6:24: warning WF303: job "load" names its need "extract" twice\n'
        "        6 |       needs: [extract, extract]\n"
        "          |                        ^^^^^^^\n"
        "       = note: conf/report.yml:6: the first one is here\n"
        "       = help: remove one of them\n\n"
        "Remove or correct one of them.\n"
    )


@pytest.mark.parametrize("written", ["wf303", "303", " WF303 "])
def test_a_code_may_be_written_in_other_ways(explain: Explain, written: str) -> None:
    assert explain(written) == explain("WF303")


def test_without_a_code_all_are_listed(explain: Explain) -> None:
    lines = explain().splitlines()
    assert [line.partition("  ")[0] for line in lines] == codes()
    assert "WF402  an unknown argument" in lines


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("WFF402", 'no diagnostic has the code "WFF402"; did you mean "WF402"?'),
        ("caller", 'no diagnostic has the code "caller"; run "wfc explain" for a list'),
        ("../WF402", 'no diagnostic has the code "../WF402"; did you mean "WF402"?'),
    ],
)
def test_an_unknown_code_has_a_suggestion(
    explain: Explain, written: str, message: str
) -> None:
    with pytest.raises(Refusal) as caught:
        explain(written)
    assert str(caught.value) == message


def test_every_page_can_be_printed(explain: Explain) -> None:
    for code in codes():
        assert explain(code).startswith(f"{code}: {rule(code).title}\n\n")
