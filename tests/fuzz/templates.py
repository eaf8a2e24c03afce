"""Texts with templates for each kind of field, and values of a wanted kind."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.fuzz.author import Author, Ref, Scope

# not datetime, whose text has a blank: pasted into a bare word it is two words (D7)
SCALARS = ("str", "int", "float", "bool", "date", "decimal", "choice", "status")
TEXT_FILTERS = {
    "str": ("upper", "lower", "title", "str", "rstr", "upper | lower"),
    "int": ("abs", "str", "int", "rstr", "abs | str"),
    "float": ("abs", "int", "str"),
    "bool": ("str", "int"),
    "list": ("str", "list", "getindex(0)"),
    "map": ("str", "dict", "getitem('k')", "getitem('zz', 'none')", "keys | list"),
    "date": ("str", "rstr"),
    "datetime": ("fmt", "fmt('%Y%m%d')", "fmt(fmt='%H:%M')", "str"),
    "decimal": ("str", "int", "abs"),
    "choice": ("str",),
    "version": ("str", "upper"),
    "words": ("str", "upper", "lower | title", "rstr"),
    # of a class of its own in the interpreter, so only its text counts
    "status": ("str", "str | lower"),
    "text": ("upper", "title | str"),
    "maybe": ("coalesce('gone')", "coalesce(0)"),
}
CUSTOM_FILTERS = ("times", "times(3)", "times(2, '-')", "times(n=1, sep='_')")


def hole(author: Author, ref: Ref, *, filters: str = "") -> str:
    space = author.pick((" ", "", "  "))
    chain = f" | {filters}" if filters else ""
    return f"${{{{{space}{ref.path}{chain}{space}}}}}"


def scalar(author: Author, scope: Scope, *, quotes: bool = True) -> str:
    """A template whose text has no blanks or quotes that would matter to a shell or Python."""
    refs = scope.of(*SCALARS)
    if not refs:
        return author.word()
    ref = author.pick(refs)
    filters = ""
    if author.chance(30):
        names = [each for each in TEXT_FILTERS[ref.kind] if "rstr" not in each]
        filters = author.pick(names)
    return hole(author, ref, filters=filters)


def text(author: Author, scope: Scope) -> str:
    """Of a field that is only shown or stored, so any value may stand in it."""
    parts = [author.pick(("", "at ", "ünï: ", "[x]  "))]
    for _ in range(author.number(1, 2)):
        parts.append(_part(author, scope))
        parts.append(author.pick((" ", "-", ", ", "")))
    joined = "".join(parts).strip()
    return joined or "plain"


def _part(author: Author, scope: Scope) -> str:
    kind = author.pick(("word", "ref", "ref", "filter", "env"))
    refs = scope.of(*TEXT_FILTERS)
    if kind == "env":
        return author.pick(
            ("${FUZZ_WORD}", "${ FUZZ_NUMBER }", "${FUZZ_GONE:left}", "x$$.", "$HOME_X")
        )
    if kind == "word" or not refs:
        return author.word()
    ref = author.pick(refs)
    return hole(author, ref, filters=_filters(author, ref, kind == "filter"))


def _filters(author: Author, ref: Ref, wanted: bool) -> str:
    if not author.calls and ref.kind in SCALARS and author.chance(30):
        return author.pick(CUSTOM_FILTERS)
    if ref.kind == "maybe":
        return author.pick((*TEXT_FILTERS["maybe"], ""))
    return author.pick(TEXT_FILTERS[ref.kind]) if wanted else ""


def value(author: Author, scope: Scope, *kinds: str) -> str | None:
    """One whole template that gives a value of one of the kinds; None if there is none."""
    refs = scope.of(*kinds)
    return hole(author, author.pick(refs)) if refs else None


def tree(author: Author, scope: Scope, depth: int = 0) -> Any:
    """A value with templates in it: in lists, and below and in the keys of maps."""
    form = author.number(0, 3 if depth < 2 else 1)
    if form == 0:
        return author.pick(
            (None, True, 0, 2.5, "", "plain", "{x}", "12", date(2024, 2, 29))
        )
    if form == 1:
        return text(author, scope)
    parts = [tree(author, scope, depth + 1) for _ in range(author.number(0, 2))]
    if form == 2:
        return parts
    keys = ["k", author.pick(("other", "on", "7", "a b"))]
    return dict(zip(keys, parts, strict=False))


def condition(author: Author, scope: Scope) -> str:
    forms = ["True", "1 < 2", "1 == 2 or 3 > 2"]
    ints, texts = scope.of("int"), scope.of("str")
    if ints:
        ref = hole(author, author.pick(ints))
        forms += [
            f"{ref} > 2",
            f"{ref} in [1, 2, 3]",
            f"0 <= {ref} < 9",
            f"{ref} % 2 == 0",
        ]
    if texts:
        ref = hole(author, author.pick(texts))
        word = author.word()
        forms += [
            f"'{ref}' == '{word}'",
            f'"{ref}" != "{word}"',
            f"'{ref}'.startswith('a')",
            f"len('{ref}') > 4 and not False",
            f"'{ref}' in ['alpha', 'beta']",
        ]
    if versions := scope.of("version"):
        forms.append(f"'{hole(author, author.pick(versions))}' == 'v2'")
    for kind, form in (
        ("bool", "not {}"),
        ("list", "len({}) > 1"),
        ("map", "'k' in {}"),
    ):
        if refs := scope.of(kind):
            forms.append(form.format(hole(author, author.pick(refs))))
    return author.pick(forms)
