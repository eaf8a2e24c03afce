"""`resolve_needs`: order, upstream sets, and the three diagnostics of a bad graph."""

from __future__ import annotations

from wfcompile.diagnostics import Diagnostics
from wfcompile.resolve.circles import Links
from wfcompile.resolve.graph import resolve_needs
from wfcompile.source import SourceFile, Span


def jobs_of(text: str) -> tuple[Links, ...]:
    """`a: b c` a line: job a needs b and c; the spans point into this text."""
    file = SourceFile("conf/x.yml", text)
    jobs, start = [], 0
    for line in text.splitlines(keepends=True):
        name, _, needs = line.partition(":")
        at = start + len(name) + 1
        spans = []
        for need in needs.split():
            at = text.index(need, at)
            spans.append((need, Span(file, at, at + len(need))))
            at += len(need)
        jobs.append(Links(name, Span(file, start, start + len(name)), tuple(spans)))
        start += len(line)
    return tuple(jobs)


def found(text: str) -> list[tuple[str, str, int, int]]:
    diagnostics = Diagnostics()
    resolve_needs(jobs_of(text), diagnostics)
    return [
        (d.code, d.message, d.span.first.line, d.span.first.column) for d in diagnostics
    ]


def test_order_puts_needs_first_and_keeps_yaml_order() -> None:
    graph = resolve_needs(jobs_of("d: c\nc: a b\na:\nb:\ne:\n"), Diagnostics())
    assert graph.order == ("a", "b", "c", "d", "e")
    assert graph.upstream["d"] == {"a", "b", "c"}
    assert graph.upstream["e"] == frozenset()


def test_unknown_need_names_the_close_match() -> None:
    diagnostics = Diagnostics()
    resolve_needs(jobs_of("load:\nreport: laod\n"), diagnostics)
    (only,) = diagnostics
    assert only.code == "WF301"
    assert only.message == 'job "report" needs "laod", which is no job of this workflow'
    assert only.help == 'did you mean "load"?'


def test_self_need_and_circle() -> None:
    assert found("a: a\n") == [("WF302", 'job "a" needs itself', 1, 4)]
    assert found("a: b\nb: c\nc: a\n") == [
        ("WF302", "jobs need each other in a circle: a -> b -> c -> a", 3, 4)
    ]


def test_two_circles_are_two_findings_and_the_rest_is_ordered() -> None:
    diagnostics = Diagnostics()
    text = "a: b\nb: a\nc: d\nd: c\ne: a c\n"
    graph = resolve_needs(jobs_of(text), diagnostics)
    assert [d.code for d in diagnostics] == ["WF302", "WF302"]
    assert set(graph.order) == {"a", "b", "c", "d", "e"}


def test_a_long_chain_needs_no_recursion() -> None:
    lines = ["j0:"] + [f"j{i}: j{i - 1}" for i in range(1, 5000)]
    graph = resolve_needs(jobs_of("\n".join(reversed(lines)) + "\n"), Diagnostics())
    assert graph.order[0] == "j0"
    assert graph.order[-1] == "j4999"


def test_need_twice_is_a_warning() -> None:
    assert found("a:\nb: a a\n") == [
        ("WF303", 'job "b" names its need "a" twice', 2, 6)
    ]


def test_what_a_wrong_need_leads_to_is_upstream_all_the_same() -> None:
    graph = resolve_needs(jobs_of("a:\nload: a\nreport: laod\n"), Diagnostics())
    assert graph.upstream["report"] == {"laod", "load", "a"}
    graph = resolve_needs(jobs_of("a: c\nb: a\nc: b\nd: c\n"), Diagnostics())
    assert dict(graph.upstream) == {
        "a": {"b", "c"},
        "b": {"a", "c"},
        "c": {"a", "b"},
        "d": {"a", "b", "c"},
    }


def test_of_many_jobs_the_help_lists_the_first() -> None:
    diagnostics = Diagnostics()
    lines = [f"j{i}:" for i in range(20)]
    resolve_needs(jobs_of("\n".join([*lines, "z: nothing", ""])), diagnostics)
    (only,) = diagnostics
    assert only.help == (
        "the other jobs are j0, j1, j2, j3, j4, j5, j6, j7, ... (20 in all)"
    )
