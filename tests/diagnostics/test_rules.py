"""Every code has a page with an example and the example mended, and `wfc explain` prints them.

`pytest tests/diagnostics --update` puts the examples into the pages, and writes `docs/rules`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.diagnostics import pages
from tests.diagnostics.cases import checked, examples, files, fixable, found
from tests.diagnostics.code_uses import uses
from wfcompile.cli import app
from wfcompile.commands.refusal import Refusal
from wfcompile.rules import RETIRED, Rule, codes, find_rule

WITH_EXAMPLE = [code for code in codes() if code != pages.OUR_BUG]
ADVICE = "add what is missing, then run `pytest tests/diagnostics --update`"

Explain = Callable[..., str]


@pytest.fixture
def explain(capsys: pytest.CaptureFixture[str]) -> Explain:
    """What `wfc explain` prints; a refusal is raised."""

    def run(*words: str) -> str:
        app(["explain", *words], prog_name="wfc", standalone_mode=False)
        return capsys.readouterr().out

    return run


def rule(code: str) -> Rule:
    found = find_rule(code)
    assert found is not None
    return found


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    missing = [
        f"wfcompile/rules/{code}.md with '# {code}: title', what is wrong, what to do"
        for code in sorted({use.code for use in uses()} - set(codes()))
    ]
    assert missing == [], ADVICE
    assert codes() == sorted({use.code for use in uses()})


def test_every_code_has_one_example() -> None:
    problems = [
        f"tests/diagnostics/{code}/<case>/fixed with the project of one case mended,"
        f" which {len(examples(code))} cases have"
        for code in WITH_EXAMPLE
        if len(examples(code)) != 1
    ]
    assert problems == [], ADVICE


def test_a_retired_code_is_not_used_again(explain: Explain) -> None:
    assert RETIRED.keys().isdisjoint(codes())
    assert explain("wf269") == (
        'WF269 is retired: the filter "words" is there; where it cannot stand is told by '
        "WF275\n"
    )


def test_titles_tell_the_codes_apart() -> None:
    titles = [rule(code).title for code in codes()]
    assert sorted(set(titles)) == sorted(titles)


# --- the pages ---


@pytest.mark.parametrize("code", codes())
def test_a_page_says_what_is_wrong_and_what_to_do(code: str) -> None:
    text = (pages.RULES / f"{code}.md").read_text(encoding="utf-8")
    heading, wrong, to_do = pages.written(text)
    assert re.fullmatch(rf"# {code}: [^A-Z].*[^.]", heading)
    for paragraph in (wrong, to_do):
        assert re.match(r"[A-Z`]", paragraph) and paragraph.endswith((".", "`."))
        assert all(len(line) <= 100 for line in paragraph.split("\n"))


@pytest.mark.parametrize("code", codes())
def test_a_page_shows_its_example(code: str, update: bool) -> None:
    path = pages.RULES / f"{code}.md"
    page = pages.page(code)
    if update:
        path.write_text(page, encoding="utf-8")
        find_rule.cache_clear()
    assert path.read_text(encoding="utf-8") == page, f"run `{pages.COMMAND}`"


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_nothing_is_said_of_the_mended_example(
    code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (case,) = examples(code)
    exit_code, out, err = checked(case / "fixed", monkeypatch, capsys)
    assert (exit_code, found(out), err) == (0, [], ""), out


# --- docs/rules ---


def test_the_documentation_has_all_pages(update: bool) -> None:
    there = {path.name: path.read_text("utf-8") for path in pages.DOCS.glob("*.md")}
    mended = {case.parent.name for case in fixable()}
    documents = {
        f"{code}.md": pages.document(code, is_fixable=code in mended)
        for code in codes()
    }
    documents["README.md"] = pages.with_index(there["README.md"], codes(), mended)
    if update:
        for name in there.keys() - documents.keys():
            (pages.DOCS / name).unlink()
        for name, text in documents.items():
            (pages.DOCS / name).write_text(text, encoding="utf-8")
        there = documents
    stale = {
        name for name in there | documents if there.get(name) != documents.get(name)
    }
    assert stale == set(), f"run `{pages.COMMAND}`"


def test_fixes_give_the_mended_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mended = [case for case in fixable() if (case / "fixed").is_dir()]
    assert mended
    for case in mended:
        copy = tmp_path / case.parent.name
        shutil.copytree(case, copy, ignore=shutil.ignore_patterns("fixed"))
        checked(copy, monkeypatch, capsys, "--fix")
        assert contents(copy) == contents(case / "fixed"), case


def contents(project: Path) -> dict[str, str]:
    return {name: path.read_text("utf-8") for name, path in files(project).items()}


# --- wfc explain ---

EXPLAINED = """\
WF303: a need twice

"needs" names a job two times. It has no effect, but one of the two is probably meant to
be another job.

Example

"conf/report.yml":

    report:
      type: Workflow
      jobs:
        extract: {}
        load:
          needs: [extract, extract]

What "wfc check" says:

    conf/report.yml:6:24: warning WF303: job "load" names its need "extract" twice
        6 |       needs: [extract, extract]
          |                        ^^^^^^^
       = note: conf/report.yml:6: the first one is here
       = help: remove one of them

What to do

Remove or correct one of them.

Fixed

"conf/report.yml":

    report:
      type: Workflow
      jobs:
        extract: {}
        load:
          needs: [extract]
"""


def test_explain_prints_a_page(explain: Explain) -> None:
    assert explain("WF303") == EXPLAINED


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


@pytest.mark.parametrize("code", codes())
def test_every_page_is_printed_without_markdown(explain: Explain, code: str) -> None:
    text = explain(code)
    assert text.startswith(f"{code}: {rule(code).title}\n\n")
    outside = [line for line in text.splitlines() if not line.startswith("    ")]
    assert [line for line in outside if re.search(r"^#|`|\]\(", line)] == []
