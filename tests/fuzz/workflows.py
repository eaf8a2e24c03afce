"""Random workflows that the interpreter loads; most of them succeed."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.author import ENVIRONMENT, Author, Ref, Scope
from tests.fuzz.explained import runs
from tests.fuzz.nested import stage_list
from tests.fuzz.templates import condition
from tests.fuzz.trial import Sample

Document = dict[str, Any]
Statuses = frozenset[str]

PARAMS: tuple[tuple[Any, Any, str], ...] = (
    ("int", 3, "int"),
    ("int", " 12 ", "int"),
    ("int", -4, "int"),
    ("str", "alpha", "str"),
    ("str", "beta", "str"),
    ("str", 7, "str"),
    ("float", 2.5, "float"),
    ("float", "1.23456789", "float"),
    ({"type": "float", "precision": 2}, 3, "float"),
    ({"type": "decimal", "precision": 2}, "10.005", "decimal"),
    ("decimal", 4, "decimal"),
    ("date", "2024-03-05", "date"),
    ("date", "20240305", "date"),
    ("datetime", "2024-01-02 03:04:05", "datetime"),
    ("datetime", "2024-01-02T00:00:00Z", "datetime"),
    ({"type": "choice", "options": ["alpha", "zeta"]}, "zeta", "choice"),
    ({"type": "choice", "options": [1, 2]}, 2, "choice"),
    ({"type": "choice", "options": ["beta", "x"]}, None, "choice"),
    ("map", {"k": 1, "other": [1, "a"]}, "map"),
    ("map", "{'k': 'v'}", "map"),
    ("array", [1, 2, 3], "list"),
    ("array", '["a", "b"]', "list"),
    ({"type": "int", "default": 5}, None, "int"),
    ({"type": "str", "default": "beta", "required": True}, "alpha", "str"),
    ({"type": "array", "default": ["x", "y"], "desc": "Two."}, None, "list"),
    ({"type": "map", "default": {"k": 2}}, None, "map"),
    ({"type": "date", "default": "2024-02-29"}, None, "date"),
    ("int", True, "bool"),
    ("str", 'it\'s a "b"  c', "words"),
    ("str", "[1, 2]", "words"),
    ("str", "{'k': \\n %s}", "words"),
    ("str", "nil", "words"),
    ("str", "12", "words"),
    ("str", "ünï\nzwei", "words"),
    ("map", {"k": {"deep": [1, None, "x"]}, "other": 2.5}, "map"),
    ("array", [{"k": 1}, "a", 2], "list"),
    ("array", [], "list"),
    ("array", [1.5, "b", True], "list"),
    ({"type": "choice", "options": ["v1", "v2"]}, "v2", "version"),
    ("str", None, "maybe"),
)
NAMES = ("n", "run-date", "source_x", "v2", "Big")
RULES = (
    "all_success",
    "all_done",
    "none_failed",
    "none_skipped",
    "one_success",
    "one_failed",
    "all_failed",
)


@st.composite
def samples(draw: Any) -> Sample:
    author = Author(draw, stages_left=draw(st.integers(3, 14)))
    author.calls = author.chance(70)
    declared, given, refs = _params(author)
    jobs = _jobs(author, Scope(tuple(refs)))
    body: Document = {"type": "Workflow", "params": declared, "jobs": jobs}
    if author.chance(10):
        body["desc"] = "A workflow.\nOf two lines.\n"
    asked = {
        "callers": "calls" if author.calls else "filters",
        "params": given,
        "env": dict(ENVIRONMENT),
    }
    if author.chance(25):
        asked["options"] = {"max_job_parallel": author.pick((1, 3, 8))}
    return Sample({"wf": body, **author.children}, asked)


def _params(author: Author) -> tuple[Document, Document, list[Ref]]:
    declared: Document = {}
    given: Document = {}
    refs: list[Ref] = []
    for name in author.some(NAMES, 4):
        declared[name], passed, kind = author.pick(PARAMS)
        if author.chance(8) and declared[name] in ("int", "str"):
            continue  # left out, and nothing refers to it
        given[name] = passed
        refs.append(Ref(f"params.{name}", kind))
        if passed == {"k": 1, "other": [1, "a"]}:
            refs.append(Ref(f"params.{name}.k", "int"))
    return declared, given, refs


def _jobs(author: Author, scope: Scope) -> Document:
    jobs: Document = {}
    outcomes: dict[str, Statuses] = {}
    seen: dict[str, list[Ref]] = {}
    """What each job and the jobs that it needs put out."""
    for _ in range(author.number(1, 4)):
        name = author.name("job")
        job, outcome, below = _wired(author, outcomes)
        visible = [ref for need in job.get("needs", ()) for ref in seen[need]]
        scope_ = scope.plus(list(dict.fromkeys(visible)))
        own, status, refs = _job(author, scope_)
        job.update(own)
        jobs[name] = job
        outcomes[name] = frozenset(
            each for start in outcome for each in (status if start == "S" else "K")
        )
        exported = [Ref(f"jobs.{name}.{ref.path}", ref.kind) for ref in refs]
        if outcomes[name] != {"S"}:
            exported = []
        seen[name] = [*visible, *exported, Ref(f"jobs.{name}.status", "status")]
    return jobs


def _wired(
    author: Author, outcomes: dict[str, Statuses]
) -> tuple[Document, Statuses, None]:
    """A job's `needs` and rule, and whether it starts (S) or is skipped (K)."""
    needs = author.some(list(outcomes), 2)
    if not needs:
        return {}, frozenset("S"), None
    met = [rule for rule in RULES if _is_met(rule, [outcomes[each] for each in needs])]
    rule = author.pick(RULES) if not met or author.chance(6) else author.pick(met)
    job: Document = {"needs": needs}
    if rule != "all_success" or author.chance(20):
        job["trigger-rule"] = rule
    starts = {
        "S" if runs(rule, combination) else "K"
        for combination in product(*(outcomes[each] for each in needs))
    }
    return job, frozenset(starts), None


def _is_met(rule: str, needs: list[Statuses]) -> bool:
    """Whatever comes of the needs: then the interpreter does not give up."""
    for combination in product(*needs):
        if set(combination) == {"K"}:
            if rule == "all_done":
                return False
        elif rule in ("one_success", "one_failed"):
            if combination.count("S" if rule == "one_success" else "F") != 1:
                return False
        elif not runs(rule, combination):
            return False
    return True


def _job(author: Author, scope: Scope) -> tuple[Document, str, list[Ref]]:
    """Its other keys, the statuses that may come of it, and what it puts out."""
    job: Document = {}
    status = "S"
    if author.chance(12):
        job["if"] = condition(author, scope)
        status += "K"
    fails = author.chance(15)
    inner = scope
    has_matrix = author.chance(25)
    if has_matrix:
        job["strategy"], refs = _strategy(author, scope, fails)
        inner = scope.repeated(refs)
    job["stages"], out = stage_list(author, inner, fails=fails, most=4)
    if author.chance(5):
        job["desc"] = "Why."
    if fails:
        status = status.replace("S", "F")
    return job, status, [] if has_matrix else out


def _strategy(author: Author, scope: Scope, fails: bool) -> tuple[Document, list[Ref]]:
    axes: dict[str, list[Any]] = {}
    kinds: dict[str, str] = {}
    for name in author.some(("x", "layer", "y2"), 2) or ["x"]:
        kinds[name] = author.pick(("int", "str"))
        pool: tuple[Any, ...] = (1, 2, 3) if kinds[name] == "int" else ("alpha", "beta")
        axes[name] = author.some(pool, 2) or [pool[0]]
    strategy: Document = {"matrix": axes}
    first = next(iter(axes))
    is_partial = False
    if author.chance(25) and len(axes[first]) > 1:
        strategy["exclude"] = [{first: axes[first][0]}]
    if author.chance(30):
        extra = {name: 9 if kinds[name] == "int" else "extra" for name in axes}
        if len(axes) > 1 and author.chance(30):
            is_partial = True
            extra = {first: extra[first]}
        strategy["include"] = [extra]
    if author.chance(50):
        count = author.number(1, 3)
        strategy["max-parallel"] = count
        if author.chance(20):
            strategy["max-parallel"] = f"{count}"
    if author.chance(30):
        strategy["fail-fast"] = True
    names = [first] if is_partial else list(axes)
    return strategy, [Ref(f"matrix.{name}", kinds[name]) for name in names]
