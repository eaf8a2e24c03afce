"""What is said when `uses` names no caller, or one that cannot be called.

Notes lead to the file that was read; the help is a close match or the list of what there is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wfcompile.diagnostics import Diagnostic, Diagnostics, Note, did_you_mean, listing
from wfcompile.names import MODULE_NAMES
from wfcompile.nodes import Scalar
from wfcompile.resolve.caller_modules import CallerModule, Entry
from wfcompile.resolve.modules import FOREIGN, SourceError, SourceModule
from wfcompile.source import Span, shown_path

_OFFERED = (
    *("tag", "custom_filter", "Result", "CallerSecret", "ParamError"),
    *("StageError", "StageSkipError", "StageCancelError", "JobError", "JobCancelError"),
    *("WorkflowError", "WorkflowCancelError", "WorkflowTimeoutError"),
)
"""What of the interpreter's names the runtime offers too."""


@dataclass(frozen=True, slots=True)
class Uses:
    """The parts of `uses`, each with its place."""

    path: str
    name: str
    tag: str
    path_span: Span
    name_span: Span
    tag_span: Span


def report_form(
    text: str, span: Span, diagnostics: Diagnostics, *, meant: str | None = None
) -> None:
    """Adds WF410. `text` may hold templates: `/` and `@` stand outside of them.

    Args:
        meant: the caller that it seems to be.
    """
    diagnostics.error(
        "WF410",
        f'the caller is "{text}", expected "module/function@tag"',
        span,
        help=f'write "{meant}"' if meant else 'write it such as "tasks/copy-rows@v1"',
    )


_MOST_PLACES = 3
"""So many further uses of a caller are named by their lines."""


def also_at(
    uses: Sequence[Span], first: Span, found: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """What was found about a caller at its first use, with notes to its other uses.

    What was found in the module of the caller has its place there.
    """
    notes = [Note("it is used here too", span) for span in uses[:_MOST_PLACES]]
    more = len(uses) - len(notes)
    if more:
        places = "one more place" if more == 1 else f"{more} more places"
        notes.append(Note(f"it is used in {places}"))
    for each in found:
        is_here = each.span.file is first.file
        yield replace(each, notes=(*each.notes, *notes)) if is_here else each


# --- the module ---


def report_missing(
    uses: Uses, names: Sequence[str], folders: Sequence[Path], diagnostics: Diagnostics
) -> None:
    """Adds WF401. `names` are the modules that there are, `folders` where was looked."""
    file = f"{uses.path.rpartition('.')[2]}.py"
    places = " or ".join(f"{shown_path(folder)}/" for folder in folders)
    diagnostics.error(
        "WF401",
        f'no caller module is called "{uses.path}"',
        uses.path_span,
        help=_help_for_folders(uses)
        or did_you_mean(uses.path, names)
        or listing("the caller modules are", names)
        or (f"write {file} in {places}" if places else 'check the setting "callers"'),
    )


def report_unreadable(error: SourceError, uses: Uses, diagnostics: Diagnostics) -> None:
    """Adds WF411, in the module: however many stages use it, the mistake is one."""
    diagnostics.error(
        "WF411",
        f'caller module "{uses.path}" cannot be read: {error}',
        error.span,
        notes=[Note("it is used here", uses.path_span)],
        help="mend the file",
    )


def report_module(module: CallerModule, diagnostics: Diagnostics) -> None:
    """Adds WF408 and WF502, at the places in the module."""
    report_foreign(module.source, diagnostics)
    for first, second in module.doubles:
        diagnostics.error(
            "WF408",
            f'two functions are marked as caller "{second.key}"',
            second.marked.place,
            notes=[Note("the other one is here", first.marked.place)],
            help="give one of them another tag",
        )


def report_foreign(source: SourceModule, diagnostics: Diagnostics) -> None:
    """Adds WF502."""
    for each in source.foreign:
        offered = each.name in _OFFERED or each.name in ("", "*")
        diagnostics.warning(
            "WF502",
            f'"{each.name or FOREIGN}" is imported from the package of the interpreter, '
            "which a production host need not have",
            each.span,
            help=(
                "import wfruntime in its place"
                if offered
                else f'import from wfruntime what it has in place of "{each.name}"'
            ),
        )


# --- the caller ---


def report_unknown(
    uses: Uses, modules: Sequence[CallerModule], diagnostics: Diagnostics
) -> None:
    """Adds WF401: the module is there, the function or its tag is not."""
    entries = [entry for module in modules for entry in module.entries.values()]
    tagged = [entry for entry in entries if entry.name == uses.name]
    unclear = [
        Note("the mark here cannot be read without running it", marked.place)
        for module in modules
        for marked in module.unclear
    ]
    if tagged:
        tags = [entry.tag for entry in tagged]
        diagnostics.error(
            "WF401",
            f'caller "{uses.name}" has no tag "{uses.tag}"',
            uses.tag_span,
            notes=[
                Note(f"tags are {', '.join(tags)}", tagged[0].marked.place),
                *unclear,
            ],
            help=did_you_mean(uses.tag, tags) or _help_for_tag(uses, tagged),
        )
        return
    keys = [entry.key for entry in entries]
    there_is = listing("callers are", keys) or "it has no callers"
    diagnostics.error(
        "WF401",
        f'caller module "{uses.path}" has no caller "{uses.name}"',
        uses.name_span,
        notes=[Note(there_is, modules[0].source.line(1)), *unclear],
        help=did_you_mean(uses.name, {entry.name for entry in entries})
        or _help_to_mark(uses, modules),
    )


def report_unmatched(
    uses: Scalar, callers: Sequence[str], diagnostics: Diagnostics
) -> None:
    """Adds WF413: `uses` has templates, and becomes none of the callers."""
    diagnostics.error(
        "WF413",
        f'no caller matches "{uses.text.strip()}"',
        uses.span,
        help=listing("the callers there are", callers)
        or "mark a function there with @tag",
    )


def _help_for_folders(uses: Uses) -> str | None:
    """Who writes folders with slashes means a package."""
    *folders, name = f"{uses.path}/{uses.name}".split("/")
    return f'write "{".".join(folders)}/{name}@{uses.tag}"' if folders[1:] else None


def _help_to_mark(uses: Uses, modules: Sequence[CallerModule]) -> str:
    function = uses.name.replace("-", "_")
    if "/" in function:
        return _help_for_folders(uses) or 'write "module/function@tag"'
    if any(module.has_function(function) for module in modules):
        return f'put @tag("{uses.tag}") above the function "{function}"'
    return f'write a function "{function}" there, with @tag("{uses.tag}") above it'


def _help_for_tag(uses: Uses, tagged: Sequence[Entry]) -> str:
    if any(entry.marked.arguments is None for entry in tagged):
        return f'write @tag("{uses.tag}") above the function'
    return f'write "{tagged[0].key}"'


def is_callable(entry: Entry, uses: Uses, diagnostics: Diagnostics) -> bool:
    """Whether the emitted module can import and call it.

    Adds WF412 (the name of the module is taken) and WF414 (`@tag` without parentheses, which
    calls the mark with the function and puts nothing callable in its place).
    """
    top = entry.marked.definition.module.name.partition(".")[0]
    if top in MODULE_NAMES or top in sys.stdlib_module_names:
        owner = "emitted modules use" if top in MODULE_NAMES else "Python has"
        diagnostics.error(
            "WF412",
            f'caller module "{top}" is called like something that {owner} already',
            entry.marked.definition.module.line(1),
            notes=[Note("it is used here", uses.path_span)],
            help="rename the file",
        )
        return False
    if entry.marked.arguments is None:
        diagnostics.error(
            "WF414",
            f'caller "{entry.key}" is marked with "@tag" without parentheses',
            entry.marked.place,
            notes=[Note("it is used here", uses.name_span)],
            help="write @tag()",
        )
        return False
    return True
