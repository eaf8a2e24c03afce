"""D32: the order of keys that come in through a list of mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wfcompile.doctor.finding import Finding, differs
from wfcompile.doctor.places import WorkflowPlace, entries_of, items_of
from wfcompile.doctor.rules.known import Known
from wfcompile.nodes import Entry, MappingNode, Node, Scalar


def merged_orders(workflow: WorkflowPlace, known: Known) -> Iterator[Finding]:
    """D32: where the order counts: jobs, params, matrix keys, branches."""
    owners: dict[Scalar, MappingNode] = {}
    for entry in _ordered(workflow):
        if any(each.merged for each in entries_of(entry.value)):
            owners = owners or dict(_owners(workflow.tree))
            if len(_sources(entry, owners)) > 1:
                yield _finding(entry)


def _finding(entry: Entry) -> Finding:
    return differs(
        "D32",
        f'the keys of "{entry.key.text}" that come from a list of mappings stand '
        "in the order of the list; the interpreter begins with the last mapping",
        entry.key.span,
        help="write the keys out where their order matters",
    )


def _ordered(workflow: WorkflowPlace) -> Iterator[Entry]:
    nodes: list[tuple[MappingNode, tuple[str, ...]]] = [
        (workflow.node, ("jobs", "params"))
    ]
    for job in workflow.jobs:
        strategy = job.node.get("strategy")
        if isinstance(strategy, MappingNode):
            nodes.append((strategy, ("matrix",)))
        nodes += [(stage.node, ("parallel",)) for stage in job.all_stages]
    for node, keys in nodes:
        yield from (each for each in node if each.key.text in keys)


def _owners(node: Node) -> Iterator[tuple[Scalar, MappingNode]]:
    """Each key with the mapping that it is written in."""
    for item in items_of(node):
        yield from _owners(item)
    for entry in entries_of(node):
        assert isinstance(node, MappingNode)
        if not entry.merged:
            yield entry.key, node
            yield from _owners(entry.value)


def _sources(entry: Entry, owners: Mapping[Scalar, MappingNode]) -> list[MappingNode]:
    """The mappings that are merged side by side; one that another merges itself is none."""
    keys = [each.key for each in entries_of(entry.value) if each.merged]
    found = list(dict.fromkeys(owners[key] for key in keys if key in owners))
    inner = {owners.get(each.key) for source in found for each in source if each.merged}
    return [source for source in found if source not in inner]
