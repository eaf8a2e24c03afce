"""Stages without stages in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fuzz.author import Author, Ref, Scope
from tests.fuzz.templates import condition, hole, scalar, text, tree, value

Document = dict[str, Any]
Made = tuple[Document, list[Ref]]
"""A stage's own keys, and what it puts out, as references below its `outputs`."""

VALUES = (
    *("str", "int", "float", "bool", "list", "map"),
    *("date", "datetime", "decimal", "words", "version"),
)


def empty(author: Author, scope: Scope) -> Made:
    stage: Document = {}
    if author.chance(70):
        stage["echo"] = text(author, scope)
    if author.chance(10):
        stage["sleep"] = author.pick((0, 0.01))
    return stage, []


# --- bash ---


def bash(author: Author, scope: Scope) -> Made:
    stage: Document = {}
    names: list[str] = []
    if author.chance(40):
        names = author.some(("NOTE", "second", "N_3"), 2)
        stage["env"] = {name: scalar(author, scope) for name in names}
    lines = [_line(author, scope, names) for _ in range(author.number(1, 3))]
    stage["bash"] = "\n".join(lines) + ("\n" if len(lines) > 1 else "")
    if author.chance(10):
        stage["retry"] = 1
    refs = [Ref("return_code", "int"), Ref("stderr", "maybe")]
    if lines[0].startswith("echo "):
        refs.append(Ref("stdout", "text"))
    return stage, refs


def _line(author: Author, scope: Scope, names: list[str]) -> str:
    hole_ = scalar(author, scope)
    forms = [
        f"echo {hole_}",
        f'echo "is {hole_}."',
        f"echo 'single {hole_}'",
        f'X="{hole_}-x"; echo "$X $X"',
        f"printf '%s|' a {hole_} \"b {hole_}\"; echo",
        f'echo "up $(echo "{hole_}" | tr a-z A-Z)"',
        f"cat <<EOF\nhere {hole_}\nEOF",
        f'if [ "{hole_}" = "alpha" ]; then echo yes; else echo no; fi',
        f'case "{hole_}" in alpha|beta) echo greek;; *) echo other;; esac',
        f'for i in 1 2 "{hole_}"; do echo "$i"; done',
        f'echo "to stderr {hole_}" >&2',
        "echo $FUZZ_WORD # a comment",
        "true",
    ]
    if ints := scope.of("int"):
        # what it is may not be known before the run
        ref = hole(author, author.pick(ints), filters="int")
        forms += [f'echo "$(( {ref} + 1 ))"', f"N=$(({ref} * 2)); echo $N"]
    forms += [f'echo "${name}" "$FUZZ_WORD"' for name in names]
    return author.pick(forms)


def failing_bash(author: Author, scope: Scope) -> Document:
    ending = author.pick(("exit 3", "echo boom >&2; exit 4", "false"))
    return {"bash": f'echo "{scalar(author, scope)}"\n{ending}'}


# --- py ---


def py(author: Author, scope: Scope) -> Made:
    stage: Document = {}
    names: dict[str, str] = {}
    if author.chance(60):
        stage["vars"], names = _vars(author, scope)
    lines: list[str] = []
    refs: list[Ref] = []
    for _ in range(author.number(1, 3)):
        line, made = _statement(author, scope, names)
        lines.append(line)
        refs = [ref for ref in refs if ref.path not in [each.path for each in made]]
        refs += made
    stage["run"] = "\n".join(lines) + ("\n" if len(lines) > 1 else "")
    if author.chance(10):
        stage["retry"] = 2
    return stage, refs


def _vars(author: Author, scope: Scope) -> tuple[Document, dict[str, str]]:
    given: Document = {}
    kinds: dict[str, str] = {}
    for name in author.some(("va", "vb", "vc"), 3):
        refs = scope.of(*VALUES, "maybe")
        if refs and author.chance(60):
            ref = author.pick(refs)
            given[name], kinds[name] = hole(author, ref), ref.kind
        elif author.chance(30):
            given[name], kinds[name] = tree(author, scope), "any"
        elif author.chance(50):
            given[name], kinds[name] = text(author, scope), "text"
        else:
            given[name] = author.pick((3, 2.5, True, None, [1, "x"], {"k": 1}))
            kinds[name] = "any"
    return given, kinds


def _statement(
    author: Author, scope: Scope, names: dict[str, str]
) -> tuple[str, list[Ref]]:
    forms: list[tuple[str, list[Ref]]] = [
        (f"t = 'pre {scalar(author, scope)}'", [Ref("t", "text")]),
        (f'w = "{scalar(author, scope)}"', [Ref("w", "str")]),
        (f"f = f'{{1 + 1}} {scalar(author, scope)}'", [Ref("f", "text")]),
        ("l = [1, 2, 3]", [Ref("l", "list")]),
        ("m = {'k': 1, 'n': {'deep': [1]} }", [Ref("m", "map"), Ref("m.k", "int")]),
        ("import math\nr = math.floor(2.7)", [Ref("r", "int")]),
        (
            "total = 0\nfor i in range(3):\n    total += i",
            [Ref("total", "int"), Ref("i", "int")],
        ),
        ("def twice(n):\n    return n * 2\n\nd = twice(2)", [Ref("d", "int")]),
        ("squares = {n: n * n for n in (1, 2)}", []),
        (
            "try:\n    q = 1 // 0\nexcept ZeroDivisionError as e:\n    q = -1",
            [Ref("q", "int")],
        ),
        ("if 2 > 1:\n    yes = True\nelse:\n    no = False", [Ref("yes", "bool")]),
        ("gone = 1\ndel gone\nstay = 1.5", [Ref("stay", "float")]),
        ("a, (b, *c) = 1, (2, 3, 4)", [Ref("a", "int"), Ref("c", "list")]),
        ("class Box:\n    pass\n\nz = None", []),
        ("from datetime import date\nday = date(2024, 2, 29)", [Ref("day", "date")]),
        ("if (big := 10) > 3:\n    pass", [Ref("big", "int")]),
        ("x: int = 4\n'only a text'", [Ref("x", "int")]),
        ("s = {3}\nraw = r'\\d' + b'b'.decode()", [Ref("raw", "text")]),
    ]
    for kind, form, out in (
        ("int", "x = {} + 1", "int"),
        ("float", "y = {} * 2", "float"),
        ("bool", "u = not {}", "bool"),
        ("list", "p = len({})", "int"),
        ("map", "k = sorted({})", "list"),
    ):
        if refs := scope.of(kind):
            code = form.format(hole(author, author.pick(refs)))
            forms.append((code, [Ref(code[0], out)]))
    for name, kind in names.items():
        forms.append((f"kind = type({name}).__name__", [Ref("kind", "str")]))
        forms.append((f"o_{name} = {name}", [Ref(f"o_{name}", kind)]))
    return author.pick(forms)


def failing_py(author: Author, scope: Scope) -> Document:
    return {
        "run": author.pick(
            (
                f"raise ValueError('bad {scalar(author, scope)}')",
                "x = 1 // 0",
                "before = 1\n{}['missing']",
            )
        )
    }


# --- call ---


def call(author: Author, scope: Scope) -> Made:
    if not author.calls:
        return py(author, scope)
    number = value(author, scope, "int") if author.chance(60) else None
    n: Any = author.number(0, 9) if number is None else number
    any_ = value(author, scope, *VALUES)
    word = value(author, scope, "str") or author.word()
    forms: list[tuple[str, Document, list[Ref]]] = [
        ("add@v1", {"a": n}, [Ref("sum", "int"), Ref("ta", "str")]),
        ("add@v2", {"a": n, "b": 2}, [Ref("sum", "int")]),
        ("add@v1", {"a": "12"}, [Ref("sum", "int")]),
        ("under-score-name@t", {"x": word}, [Ref("x", "str")]),
        ("no-tag@latest", {}, []),
        ("no-tag@latest", {"x": any_}, []),
        ("model-out@t", {"n": n}, [Ref("total", "int")]),
        ("nested-model-out@t", {}, [Ref("plain", "int"), Ref("many", "list")]),
        ("cfg@t", {"cfg": {"path": word}}, [Ref("path", "str"), Ref("extra", "bool")]),
        ("cfg@t", {"cfg": {"path": word, "size": n}, "extra": {"path": "p"}}, []),
        ("private-arg@t", {"exec": word, "n": n}, [Ref("n", "int")]),
        ("kw@t", {"a": n, "more": word, "other": [1]}, [Ref("kw", "map")]),
        ("special@t", {"a": n}, [Ref("cls", "str")]),
        ("echo-any@t", {"v": any_}, [Ref("kind", "str")]),
        ("echo-any@t", {"v": {"in": [word, n]}}, [Ref("v.in", "list")]),
        ("echo-any@t", {"v": tree(author, scope)}, [Ref("kind", "str")]),
        ("echo-any@t", {"v": text(author, scope)}, [Ref("kind", "str")]),
    ]
    if versions := scope.of("version"):
        ref = hole(author, author.pick(versions))
        forms.append((f"add@{ref}", {"a": n}, [Ref("sum", "int")]))
    if not author.has_flaky and not scope.is_repeated:
        forms.append(("flaky@t", {"fail": 0}, [Ref("calls", "int")]))
    name, given, refs = author.pick(forms)
    stage: Document = {"uses": f"tasks/{name}"}
    if given:
        stage["with"] = given
    if name.startswith("flaky"):
        author.has_flaky = True
    if name.startswith("flaky") and author.chance(60):
        stage["with"] = {"fail": author.number(1, 2)}
        stage["retry"] = author.number(1, 3)
    return stage, refs


def failing_call(author: Author, scope: Scope) -> Document:
    if not author.calls:
        return failing_raise(author, scope)
    return {"uses": "tasks/raises@t", "with": {"msg": author.word()}}


def failing_raise(author: Author, scope: Scope) -> Document:
    return {"raise": text(author, scope)}


LEAVES: tuple[Callable[[Author, Scope], Made], ...] = (empty, bash, bash, py, py, call)
FAILING: tuple[Callable[[Author, Scope], Document], ...] = (
    failing_raise,
    failing_py,
    failing_bash,
    failing_call,
)

__all__ = ["FAILING", "LEAVES", "condition"]
