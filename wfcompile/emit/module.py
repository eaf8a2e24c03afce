"""The printed module: IR -> flat view -> template -> black -> the lines of its blocks.

Takes what lowering decided and spells it; the same IR gives the same bytes. Diagnostics are not
made here: an IR that cannot be printed is a bug (`EmitError`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wfcompile import ir, types
from wfcompile.emit.block_lines import with_block_lines
from wfcompile.emit.expressions import Printer
from wfcompile.emit.format import format_module, format_modules
from wfcompile.emit.graph import graph_view, schedule_functions
from wfcompile.emit.hooks import hook_units
from wfcompile.emit.imports import RUNTIME, Imports, import_lines
from wfcompile.emit.known_types import KnownTypes
from wfcompile.emit.literals import (
    comment,
    docstring,
    docstring_text,
    text_literal,
)
from wfcompile.emit.render import render
from wfcompile.emit.stages import INDENT, StagePrinter, all_stages
from wfcompile.emit.typed_dicts import Entry, typed_dict_views
from wfcompile.emit.view import (
    ExpressionView,
    FunctionView,
    JobView,
    ModuleView,
    UnitView,
)
from wfcompile.header import header

_MYPY: dict[ir.Untyped, tuple[str, ...]] = {
    "functions": ("allow-untyped-defs", "allow-incomplete-defs", "allow-untyped-calls"),
    "calls": ("allow-untyped-calls",),
    "imports": ('disable-error-code="import-not-found,import-untyped"',),
}


def emit_module(module: ir.Module) -> str:
    """The text of one emitted module.

    Raises:
        EmitError: the IR has no Python form; a bug in wfcompile.
    """
    return with_block_lines(format_module(render(module_view(module))), module)


def emit_modules(
    modules: Iterable[ir.Module],
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, str]:
    """Module name -> text, in the given order; `progress(done, total, workflow name)`."""
    todo = list(modules)
    formatted = format_modules([render(module_view(module)) for module in todo])
    texts: dict[str, str] = {}
    for done, module in enumerate(todo):
        if progress is not None:
            progress(done, len(todo), module.name)
        texts[module.module] = with_block_lines(next(formatted), module)
    return texts


def module_view(module: ir.Module) -> ModuleView:
    imports = Imports()
    printer = Printer(imports)
    params_class = "Params" if module.parameters else "rt.NoParams"
    stages = StagePrinter(printer, params_class, _known_types(module))
    params = tuple(_field(parameter, printer) for parameter in module.parameters)
    if params:
        imports.name("dataclasses", "dataclass")
    schedules = tuple(_schedules(module, printer))
    folders = tuple(_folder(module.working_directory, "", ir.ContextType(), stages))
    jobs = tuple(_job(job, stages) for job in module.jobs)
    graph = graph_view(module, printer)
    search_path = tuple(_search_path(module, imports))
    # those of the users are found only behind the statements of the search path
    others = imports.others()
    libraries = [RUNTIME] if search_path else [RUNTIME, *others]
    return ModuleView(
        header=header(comment(module.source)),
        options=tuple(_options(module.untyped)),
        docstring=_docstring(module),
        imports=tuple(imports.standard()),
        search_path=search_path,
        libraries=tuple(import_lines(libraries)),
        callers=tuple(import_lines(others)) if search_path else (),
        params=(params,) if params else (),
        functions=(*schedules, *folders, *hook_units(module.hooks, printer)),
        jobs=tuple(job for job in jobs if job.units),
        graph=graph,
    )


def _options(untyped: frozenset[ir.Untyped]) -> Iterator[str]:
    """What mypy is asked to let pass, in one comment."""
    options = [each for kind in _MYPY if kind in untyped for each in _MYPY[kind]]
    if options:
        yield f"# mypy: {', '.join(dict.fromkeys(options))}"


def _known_types(module: ir.Module) -> KnownTypes:
    matrices = {
        job.matrix.class_name: {each.key: each.type for each in job.matrix.fields}
        for job in module.jobs
        if job.matrix is not None
    }
    stages = [each for job in module.jobs for each in all_stages(job.stages)]
    return KnownTypes(
        {each.attribute: each.type for each in module.parameters},
        matrices,
        {each.function: each.returns for each in stages},
    )


def _docstring(module: ir.Module) -> str:
    """What stands between the quotes: the title, and the description in lines of its own."""
    title = docstring_text(f"Workflow {comment(module.name)}.")
    description = (module.description or "").strip("\n").rstrip()
    return f"{title}\n\n{docstring_text(description)}\n" if description else title


def _search_path(module: ir.Module, imports: Imports) -> Iterator[str]:
    """The statements that let the users' modules be found."""
    for index, folder in enumerate(module.search_path):
        imports.module("os")
        imports.module("sys")
        shown = f"os.path.join(os.path.dirname(__file__), {text_literal(folder)})"
        yield f"sys.path.insert({index}, {shown})"


def _field(parameter: ir.Parameter, printer: Printer) -> str:
    """One line of `Params`: a plain default where it can be, else `field(...)`."""
    imports = printer.imports
    shown = f"{parameter.attribute}: {imports.annotation(parameter.type)}"
    options = list(_field_options(parameter, printer))
    if not options:
        return shown
    if len(options) == 1 and options[0].startswith("default="):
        return f"{shown} = {options[0].removeprefix('default=')}"
    field = imports.name("dataclasses", "field")
    return f"{shown} = {field}({', '.join(options)})"


def _field_options(parameter: ir.Parameter, printer: Printer) -> Iterator[str]:
    if parameter.has_default:
        default = parameter.default
        if isinstance(default, list | dict):
            made = f"lambda: {printer.source(ir.Const(default))}"
            yield f"default_factory={made if default else type(default).__name__}"
        else:
            yield f"default={printer.source(ir.Const(default))}"
    if parameter.metadata:
        yield f"metadata={printer.source(ir.Const(dict(parameter.metadata)))}"


def _schedules(module: ir.Module, printer: Printer) -> Iterator[ExpressionView]:
    functions = schedule_functions(module.schedules)
    for index, name in functions.items():
        schedule = module.schedules[index]
        title = f"on[{index}].params."
        keys = ((ir.Const(key), value) for key, value in schedule.params)
        yield ExpressionView(
            FunctionView(
                name,
                "release: rt.Release",
                "dict[str, object]",
                docstring(title, INDENT),
            ),
            printer.source(ir.DictExpr(tuple(keys))),
        )


def _job(job: ir.Job, stages: StagePrinter) -> JobView:
    units: list[UnitView] = []
    matrix = None
    if job.matrix is not None:
        matrix = job.matrix.class_name
        entries = [
            Entry(each.key, each.type, each.required) for each in job.matrix.fields
        ]
        units += typed_dict_views(matrix, entries, stages.printer.imports)
    units += _job_functions(job, stages)
    for stage in job.stages:
        units += stages.units(stage)
    return JobView(comment(f"jobs.{job.id}"), tuple(units))


def _folder(
    folder: ir.WorkingDirectory | None,
    path: str,
    context: ir.ContextType,
    stages: StagePrinter,
) -> Iterator[ExpressionView]:
    if folder is not None:
        title = f"{path}working-directory."
        yield stages.expression(
            folder.function, title, folder.value, folder.type, context
        )


def _job_functions(job: ir.Job, stages: StagePrinter) -> Iterator[ExpressionView]:
    plain = ir.ContextType()
    inside = ir.ContextType(job.matrix.class_name if job.matrix else None)
    if job.condition is not None:
        yield stages.expression(
            f"{job.name}__if", f"jobs.{job.id}.if.", job.condition, types.BOOL, plain
        )
    if not isinstance(job.max_parallel, ir.Const):
        yield stages.expression(
            f"{job.name}__max_parallel",
            f"jobs.{job.id}.strategy.max-parallel.",
            job.max_parallel,
            types.INT,
            plain,
        )
    yield from _folder(job.working_directory, f"jobs.{job.id}.", inside, stages)
