"""`wfc build`: compile the project and write its modules, or compare them with what is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from wfcompile import pipeline
from wfcompile.commands.progress import Progress
from wfcompile.commands.project import (
    open_to_build,
    refusing_settings,
    report,
    shown,
    shown_folder,
    warn_of_nothing,
    workflows,
)
from wfcompile.commands.refusal import Refusal
from wfcompile.diagnostics import Diagnostics
from wfcompile.header import source_of
from wfcompile.report import count
from wfcompile.settings import Settings
from wfcompile.terminal import CYAN, GREEN, RED, coloured, has_colours, say, visible
from wfcompile.write import Stale, WriteError, check_build, write_build

_HEADER_BYTES = 4096


@refusing_settings()
def build(conf: Path | None, out: Path | None, *, check: bool) -> int:
    """The exit code: 0, or 1 when something has errors or, with `check`, is stale.

    Raises:
        Refusal: when the build folder cannot be written or read, or holds another project's
            module of the same name.
    """
    settings = open_to_build(conf, out)
    diagnostics = Diagnostics()
    with Progress(sys.stderr) as progress:
        compilation = pipeline.compile_project(settings, diagnostics, progress=progress)
    report(diagnostics, sys.stderr)
    texts = {f"{each.module}.py": each.text for each in compilation.workflows}
    keep = {f"{module}.py" for module in compilation.broken}
    keep.update(_of_other_files(settings, diagnostics))
    _refuse_modules_of_others(settings, texts)
    try:
        compare = _compare if check else _write
        is_done, summary = compare(settings.build, texts, keep)
    except WriteError as error:
        raise Refusal(f"{error} ({shown(error.path)})", error.help) from error
    looked_at = workflows(compilation.checked, diagnostics)
    found = f"; {count(diagnostics)}" if diagnostics else ""
    say(f"{looked_at}: {summary}{found}\n", sys.stdout)
    warn_of_nothing(compilation.checked, settings, diagnostics)
    return 0 if is_done and not diagnostics.has_errors else 1


def _write(build: Path, texts: Mapping[str, str], keep: set[str]) -> tuple[bool, str]:
    done = write_build(build, texts, keep=keep)
    return True, (
        f"{len(done.written)} written, {len(done.unchanged)} unchanged, "
        f"{len(done.removed)} removed -> {shown_folder(build)}"
    )


def _compare(build: Path, texts: Mapping[str, str], keep: set[str]) -> tuple[bool, str]:
    """Prints the diff."""
    found = check_build(build, texts, keep=keep)
    for each in found:
        say(_shown_diff(each), sys.stdout)
    kinds = [each.kind for each in found]
    parts = [f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds))]
    if not parts:
        return True, f"{shown_folder(build)} is up to date"
    return False, f'{", ".join(parts)} in {shown_folder(build)}, run "wfc build"'


def _shown_diff(stale: Stale) -> str:
    """As it is for a program, coloured and without what a terminal would obey for a person."""
    if not has_colours(sys.stdout):
        return stale.diff
    colour_by_sign = {"+": GREEN, "-": RED, "@": CYAN}
    lines = (
        coloured(visible(line), *filter(None, [colour_by_sign.get(line[:1])]))
        for line in stale.diff.removesuffix("\n").split("\n")
    )
    return "\n".join(lines) + "\n"


# --- what stays although it was not compiled now ---


def _of_other_files(settings: Settings, diagnostics: Diagnostics) -> Iterator[str]:
    """Modules of YAML files that have errors, or that are there but not below CONF.

    A file that cannot be read does not say which workflows it holds. A folder outside of the
    project may be that of several ones, and a header names its file as its own project does:
    there every module stays.
    """
    with_errors = {
        os.path.abspath(each.span.file.path)
        for each in diagnostics
        if each.severity == "error"
    }
    is_shared = settings.root not in settings.build.parents
    for module in sorted(settings.build.glob("*.py")):
        source = _source_of(module)
        if source is None:
            continue
        path = Path(os.path.abspath(settings.root / source))
        is_compiled = path == settings.conf or settings.conf in path.parents
        is_of_others = is_shared or (not is_compiled and path.exists())
        if str(path) in with_errors or is_of_others:
            yield module.name


def _refuse_modules_of_others(settings: Settings, names: Iterable[str]) -> None:
    """Two conf folders of one project may share a build folder, but no name in it.

    In a folder outside of the project the headers do not tell the projects apart.
    """
    folder = settings.conf_folder or settings.conf
    if settings.root not in settings.build.parents:
        return
    for name in sorted(names):
        source = _source_of(settings.build / name)
        path = Path(os.path.abspath(settings.root / (source or "")))
        if path.is_file() and path != settings.conf and folder not in path.parents:
            raise Refusal(
                f'"{name}" in {shown_folder(settings.build)} is the module of a workflow '
                f"in {source}",
                "rename one of the two workflows, or name another folder with -o",
            )


def _source_of(module: Path) -> str | None:
    try:
        with open(module, "rb") as file:
            return source_of(file.read(_HEADER_BYTES).decode(errors="replace"))
    except OSError:
        return None
