"""The pages of the codes, put together of what an author writes and of what the cases hold.

The source of a page is `wfcompile/rules/WF402.md`, which `wfc explain` prints: the author writes
its title, what is wrong and what to do. The rest comes from the example of the code.
`docs/rules` is made of these pages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.diagnostics.cases import HERE, examples, files
from tests.diagnostics.code_uses import ROOT
from wfcompile.rules import RETIRED, Rule, find_rule
from wfcompile.terminal import visible

RULES = ROOT / "wfcompile" / "rules"
DOCS = ROOT / "docs" / "rules"
OUR_BUG = "WF901"
"""It has no example: nobody can write one."""
COMMAND = "pytest tests/diagnostics --update"

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

_LONGEST = 150
"""Characters of a line: the examples of too long ones are told by what is said of them."""
_LANGUAGES = {".yml": "yaml", ".py": "python", ".toml": "toml"}
_SHOWN = re.compile(r"^(## Example$.*?(?=^## )|## Fixed$.*)", re.DOTALL | re.MULTILINE)
_FENCES = re.compile(r"^```\w*\n.*?\n```$", re.DOTALL | re.MULTILINE)
_TO_DO = "## What to do"
_BEGIN = f"<!-- the tables: written by `{COMMAND}` -->"
_END = "<!-- end of the tables -->"


def written(text: str) -> list[str]:
    """What an author has written: the heading, what is wrong, what to do."""
    kept = _FENCES.sub("", _SHOWN.sub("", text)).replace(_TO_DO, "")
    parts = [each.strip("\n") for each in re.split(r"\n{2,}", kept)]
    found = [each for each in parts if each]
    assert len(found) == 3, f"a title and two paragraphs are written, not {found}"
    return found


def page(code: str) -> str:
    """The whole page, with what the author has written at its place in it."""
    assert code == OUR_BUG or examples(code), f"no case of {code} has a folder fixed"
    heading, wrong, to_do = written((RULES / f"{code}.md").read_text(encoding="utf-8"))
    blocks = [heading, wrong, "## Example", *_example(code), _TO_DO, to_do]
    fixed = [block for case in examples(code) for block in _fixed(case)]
    if fixed:
        blocks += ["## Fixed", *fixed]
    return "\n\n".join(blocks) + "\n"


def _example(code: str) -> Iterator[str]:
    for case in examples(code):
        for name, path in files(case).items():
            yield from _file(name, path)
        yield "What `wfc check` says:"
    folder = HERE / code if code == OUR_BUG else examples(code)[0]
    told = (folder / "expected.txt").read_text(encoding="utf-8")
    yield _fence("text", told.split("\n\n")[0])


def _fixed(case: Path) -> Iterator[str]:
    """The files that are not those of the example."""
    before, after = files(case), files(case / "fixed")
    gone = [name for name in before if name not in after]
    if gone:
        yield f"Without {', '.join(f'`{name}`' for name in gone)}."
    for name, path in after.items():
        old = before.get(name)
        if old is None or not old.exists() or old.read_bytes() != path.read_bytes():
            yield from _file(name, path)


def _file(name: str, path: Path) -> Iterator[str]:
    if path.is_symlink():
        yield f"`{name}` is a link to `{os.readlink(path)}`, which is not there."
        return
    yield f"`{name}`:"
    # bytes that are no UTF-8, and control characters, cannot stand in a page
    lines = path.read_bytes().decode("utf-8", "replace").removesuffix("\n").split("\n")
    shown = [visible(line) for line in lines]
    short = [line[:_LONGEST] + "..." if line[_LONGEST:] else line for line in shown]
    yield _fence(_LANGUAGES.get(path.suffix, "text"), "\n".join(short))


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


# --- docs/rules ---


def document(code: str, *, is_fixable: bool) -> str:
    """The page as `docs/rules` has it: with where it is from, and what the index tells."""
    rule = find_rule(code)
    assert rule is not None
    fix = " · `wfc check --fix` mends it where it is sure" if is_fixable else ""
    return (
        f"<!-- from wfcompile/rules/{code}.md, by `{COMMAND}` -->\n\n"
        f"# {code}: {rule.title}\n\n"
        f"[All codes](README.md) · {_severity(rule)}{fix}\n\n"
        f"{rule.text}\n"
    )


def index(codes: list[str], fixable: set[str]) -> str:
    """The tables of `docs/rules/README.md`."""
    headings = dict(GROUPS)
    lines = []
    for code in codes:
        rule = find_rule(code)
        assert rule is not None
        if code in headings:
            lines += [
                "",
                f"## {headings[code]}",
                "",
                "| Code | What is wrong | Severity | `--fix` |",
            ]
            lines += ["|---|---|---|---|"]
        fix = "yes" if code in fixable else ""
        title = rule.title.replace("|", "\\|")
        lines.append(f"| [{code}]({code}.md) | {title} | {_severity(rule)} | {fix} |")
    lines += ["", "## Retired", ""]
    lines += [f"- {code}: {reason}" for code, reason in RETIRED.items()]
    return "\n".join([*lines, ""])


def _severity(rule: Rule) -> str:
    return f"{rule.severity}, if asked for" if rule.is_style else rule.severity


def with_index(text: str, codes: list[str], fixable: set[str]) -> str:
    """The text of `docs/rules/README.md` with its tables, between the two marks."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{index(codes, fixable)}\n{_END}{after}"
