"""Lists of stages, and the stages that have stages in them."""

from __future__ import annotations

from typing import Any

from tests.fuzz.author import Author, Ref, Scope
from tests.fuzz.leaves import FAILING, LEAVES, Document, Made
from tests.fuzz.templates import condition, hole, text, value

DEEPEST = 3


def stage_list(
    author: Author,
    scope: Scope,
    *,
    depth: int = 0,
    fails: bool = False,
    most: int = 3,
    no_parallel: bool = False,
) -> tuple[list[Document], list[Ref]]:
    """Args:
    fails: the last one does, if it is reached.

    Returns: the stages, and what can be referred to behind them.
    """
    stages: list[Document] = []
    refs: list[Ref] = []
    for index in range(author.number(1, most)):
        if author.stages_left <= 0 and index:
            break
        stage, made = _stage(
            author, scope.plus(refs), depth, sure=not index, no_parallel=no_parallel
        )
        stages.append(stage)
        refs += made
    if fails:
        stages.append(_failing(author, scope.plus(refs), depth))
    return stages, refs


def _stage(
    author: Author, scope: Scope, depth: int, *, sure: bool, no_parallel: bool
) -> tuple[Document, list[Ref]]:
    """Args:
    sure: it runs, so that not all stages of the list are skipped.
    """
    author.stages_left -= 1
    stage = _named(author, scope)
    own, outputs = _body(author, scope, depth, no_parallel)
    if not sure and author.chance(20):
        stage["if"] = condition(author, scope)
        outputs = [
            Ref(f"{ref.path}?", "maybe") for ref in outputs[:1] if "." not in ref.path
        ]
    stage.update(own)
    if "id" not in stage:
        return stage, []
    base = f"stages.{stage['id']}"
    made = [Ref(f"{base}.outputs.{ref.path}", ref.kind) for ref in outputs]
    if "if" not in stage and depth == 0:
        made.append(Ref(f"{base}.status", "status"))
    return stage, made


def _named(author: Author, scope: Scope) -> Document:
    name = author.name("st")
    matrix = [ref for ref in scope.refs if ref.path.startswith("matrix.")]
    if matrix and author.chance(15):
        # nothing refers to it: it has another name in each strategy
        return {"name": f"The {hole(author, author.pick(matrix))} of {name}"}
    if author.chance(15):
        return {"name": f"A {name}"}
    stage: Document = {"name": f"The stage {name}", "id": name}
    if author.chance(10):
        stage["desc"] = "What it does."
    return stage


def _body(author: Author, scope: Scope, depth: int, no_parallel: bool) -> Made:
    if depth >= DEEPEST or author.stages_left <= 1 or author.chance(65):
        return author.pick(LEAVES)(author, scope)
    kinds = [foreach, until, case, *([] if no_parallel else [parallel])]
    if depth == 0 or author.chance(30):
        kinds.append(trigger)
    return author.pick(kinds)(author, scope, depth + 1)


def _failing(author: Author, scope: Scope, depth: int) -> Document:
    stage = {**_named(author, scope)}
    if depth < 2 and author.chance(30):
        kinds = (_failing_case, _failing_parallel, _failing_until, _failing_foreach)
        made = author.pick(kinds)
        stage.update(made(author, scope, depth + 1))
    else:
        stage.update(author.pick(FAILING)(author, scope))
        if author.chance(20):
            stage["retry"] = author.number(1, 2)
    return stage


# --- the kinds ---


def foreach(author: Author, scope: Scope, depth: int) -> Made:
    numbers = author.chance(50)
    pool: tuple[Any, ...] = (1, 2, 5) if numbers else ("alpha", "beta", "x-y")
    items: Any = author.some(pool, 3)
    if author.chance(10):
        items = str(items).replace("'", '"')
    kind = "int" if numbers else "str"
    lists = scope.of("list")
    if lists and author.chance(25):
        # what its items are is not known, and a map among them is refused
        items, kind = hole(author, author.pick(lists)), "any"
    elif author.calls and author.chance(15):
        items, kind = ["v1", "v2"], "version"
    hidden = scope.without("item", "loop")
    inner = hidden.repeated([Ref("item", kind), Ref("loop", "int")])
    stages, _ = stage_list(author, inner, depth=depth, most=2)
    stage: Document = {"foreach": items, "stages": stages}
    if author.chance(30):
        stage["concurrent"] = author.number(1, 3)
    if isinstance(items, list) and author.chance(20):
        # of a template there may be maps, which the interpreter refuses here too (D35)
        stage["use_index_as_key"] = True
    return stage, [Ref("items", "list")]


def until(author: Author, scope: Scope, depth: int) -> Made:
    hidden = scope.without("item", "loop")
    inner = hidden.repeated([Ref("item", "int"), Ref("loop", "int")])
    stages, _ = stage_list(author, inner, depth=depth, most=2, no_parallel=True)
    stage: Document = {}
    form = author.number(0, 2)
    if form == 0:
        stage["until"] = f"{hole(author, Ref('loop', 'int'))} > {author.number(1, 3)}"
    else:
        name = author.name("next")
        stages.append({"name": name, "id": name, "run": "item = ${{ item }} + 1"})
        stage["until"] = f"{hole(author, Ref('item', 'int'))} >= {author.number(1, 4)}"
        stage["item"] = author.number(0, 2)
    stage["stages"] = stages
    if author.chance(20):
        stage["max-loop"] = author.number(5, 12)
    return stage, []


def case(author: Author, scope: Scope, depth: int) -> Made:
    refs = scope.of("str", "int", "bool", "float", "date", "words", "maybe", "version")
    if refs and author.chance(80):
        subject = hole(author, author.pick(refs))
    else:
        subject = author.word()
    inner = scope.plus([])
    values: list[Any] = author.some(("alpha", "beta", 1, 2, "7", 7, "v1", "True"), 3)
    arms: list[Document] = []
    for each in values:
        arms.append(
            {"case": each, "stages": stage_list(author, inner, depth=depth, most=2)[0]}
        )
    stage: Document = {"case": subject, "match": arms}
    if not arms or author.chance(70):
        body = stage_list(author, inner, depth=depth, most=2)[0]
        arms.append(author.pick(({"else": body}, {"case": "_", "stages": body})))
    else:
        stage["skip-not-match"] = True
    return stage, []


def parallel(author: Author, scope: Scope, depth: int) -> Made:
    branches: Document = {}
    for name in author.some(("left", "right", "b1"), 3) or ["only"]:
        inner = scope.plus([Ref("branch", "str")])
        branches[name] = stage_list(author, inner, depth=depth, most=2)[0]
    stage: Document = {"parallel": branches}
    if author.chance(40):
        stage["max-workers"] = author.number(1, 3)
    return stage, [Ref("workers", "int")]


def trigger(author: Author, scope: Scope, depth: int) -> Made:
    name = author.name("child")
    params: Document = {"n": "int", "s": "str"}
    body, refs = stage_list(
        author,
        Scope((Ref("params.n", "int"), Ref("params.s", "words")), is_repeated=True),
        depth=depth + 1,
        most=2,
    )
    author.children[name] = {
        "type": "Workflow",
        "params": params,
        "jobs": {"inner": {"stages": body}},
    }
    given = {
        "n": value(author, scope, "int") or author.number(0, 9),
        "s": text(author, scope),
    }
    out = [Ref("params.n", "int")]
    out += [Ref(f"jobs.inner.{ref.path}", ref.kind) for ref in refs]
    return {"trigger": name, "params": given}, out


# --- those that fail ---


def _failing_case(author: Author, scope: Scope, depth: int) -> Document:
    if author.chance(30):
        return {"case": "alpha", "match": [{"case": "beta", "stages": _leaf(author)}]}
    stages, _ = stage_list(author, scope, depth=depth, most=2, fails=True)
    return {"case": "alpha", "match": [{"case": "alpha", "stages": stages}]}


def _failing_parallel(author: Author, scope: Scope, depth: int) -> Document:
    good, _ = stage_list(author, scope, depth=depth, most=1)
    bad, _ = stage_list(author, scope, depth=depth, most=1, fails=True)
    return {"parallel": {"good": good, "bad": bad}}


def _failing_until(author: Author, scope: Scope, depth: int) -> Document:
    if author.chance(50):
        return {
            "until": "1 == 2",
            "max-loop": author.number(1, 3),
            "stages": _leaf(author),
        }
    stages, _ = stage_list(
        author, scope, depth=DEEPEST, most=1, fails=True, no_parallel=True
    )
    return {"until": "1 == 1", "stages": stages}


def _failing_foreach(author: Author, scope: Scope, depth: int) -> Document:
    hidden = scope.without("item", "loop")
    inner = hidden.repeated([Ref("item", "int"), Ref("loop", "int")])
    stages, _ = stage_list(author, inner, depth=depth, most=1, fails=True)
    items = author.some((1, 2, 3), 3) or [1]
    return {"foreach": items, "stages": stages}


def _leaf(author: Author) -> list[Document]:
    return [{"name": author.name("leaf"), "echo": "here"}]
