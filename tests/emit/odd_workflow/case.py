"""Odd names, odd texts, every option, every kind of body."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from tests.emit.parts import job, output, stage
from wfcompile import ir
from wfcompile.types import (
    BASH_OUTPUTS,
    BOOL,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    Field,
    ListType,
    LiteralType,
    MapType,
    RecordType,
    union,
)

_WINDOW = RecordType(
    "odd_callers", "Window", "dataclass", (Field("start", INT), Field("stop", INT))
)
_MATRIX = ir.ContextType(matrix="OddJob")
_COUNTED = RecordType("", "OddJobMaybe", "typeddict", (Field("total", INT),))
_SPELLED = RecordType("", "TextsSpell", "typeddict", (Field("shout", STR),))
_LIMIT, _NAME = ir.Param("limit"), ir.Param("name")
_ITEM = ir.ContextValue("item")

_SCRIPT_WITH_ALL_QUOTES = 'echo """ \'\'\'  # three of each\nprintf "%s" "\\\\"\n'
_MAYBE = (
    '"""A docstring of the block, at the head."""',
    "",
    "# a comment of the user",
    "text = f'''",
    "flush left: {hole_1}",
    "  kept''' + \"tail\"",
    "if hole_2:",
    "    total = hole_3 * 2",
    "rows = sorted([hole_4, 3])",
    "",
    "def measure(word: str) -> int:",
    "    return len(word)",
)
_FLUSH = (4, 5)

_BLOCK = stage(
    "maybe",
    "_1st_job__maybe",
    title='Binds "total" only sometimes',
    line=20,
    context=_MATRIX,
    returns=_COUNTED,
    condition=ir.Unary("not", ir.Comparison(_NAME, (("in", ir.Const(["a", "b"])),))),
    body=ir.BlockBody(
        variables=(("factor", ir.Const(2)), ("label", ir.Join((_NAME, ir.Const("!"))))),
        lines=tuple(
            ir.BlockLine(text, indent=number not in _FLUSH)
            for number, text in enumerate(_MAYBE)
        ),
        holes=(
            ir.BlockHole("hole_1", ir.MatrixValue("os-name"), "'''"),
            ir.BlockHole("hole_2", ir.Comparison(_LIMIT, ((">", ir.Const(3)),))),
            ir.BlockHole("hole_3", ir.Binary("+", _LIMIT, ir.Name("factor"))),
            ir.BlockHole("hole_4", ir.Binary("-", _LIMIT, ir.Const(1))),
        ),
        outputs=(
            ir.BlockOutput("factor", INT),
            ir.BlockOutput("label", STR),
            ir.BlockOutput("text", STR),
            ir.BlockOutput("total", INT, always=False),
            ir.BlockOutput("rows", ListType(INT)),
            ir.BlockOutput("measure", STR, is_function=True),
        ),
        outputs_class="OddJobMaybe",
    ),
)
_SPELL = stage(
    "spell",
    "texts__spell",
    title="The hole cannot stand in its text:\nit gets a name",
    line=30,
    returns=_SPELLED,
    body=ir.BlockBody(
        variables=(),
        lines=(
            ir.BlockLine("def shout(word: str) -> str:"),
            ir.BlockLine("    return f'{word}{hole_1}'.upper()"),
        ),
        holes=(
            ir.BlockHole("hole_1", ir.Index(ir.Param("rates"), ir.Const("it's")), "'"),
        ),
        outputs=(ir.BlockOutput("shout", STR, is_function=True),),
        outputs_class="TextsSpell",
    ),
)
_SILENT = stage(
    "silent",
    "texts__silent",
    title="Nothing comes out?",
    line=34,
    body=ir.BlockBody(
        variables=(),
        lines=(ir.BlockLine("print(hole_1)"),),
        holes=(ir.BlockHole("hole_1", ir.Conditional(_LIMIT, _NAME, ir.Const("no"))),),
        outputs=(),
        outputs_class="TextsSilent",
    ),
)


def _shell(
    key: str, script: str, line: int, cwd: ir.Expr | None = None, shell: str = "bash"
) -> ir.Stage:
    return stage(
        key,
        f"_1st_job__{key}",
        title=key,
        line=line,
        context=_MATRIX,
        returns=BASH_OUTPUTS,
        body=ir.BashBody(f"_1ST_JOB__{key.upper()}", script, (), shell, cwd),
    )


_FETCH = stage(
    "fetch",
    "texts__fetch",
    title="Fetches\\",
    line=40,
    returns=MapType(STR, UNKNOWN),
    retry=ir.RetryPolicy(3, 0.5, 2.0, 30.0, 0.1, ("OSError", "TimeoutError")),
    timeout_s=1.5,
    body=ir.CallBody(
        "odd_callers",
        "fetch",
        (
            (
                "window",
                ir.Construct(_WINDOW, (("start", _LIMIT), ("stop", ir.Const(-1)))),
            ),
        ),
        is_async=True,
        dump=True,
    ),
)
_NOTHING = stage(
    "Calls without arguments",
    "texts__calls_without_arguments",
    title="Calls without arguments",
    line=44,
    has_id=False,
    returns=MapType(STR, INT),
    body=ir.CallBody("odd_callers", "nothing", ()),
)
_LONG = stage(
    "long",
    "texts__long",
    title="",
    line=50,
    body=ir.EchoBody(
        ir.Join(
            (
                ir.Const("A report of "),
                ir.Filter("odd_callers", "quoted", _NAME),
                ir.Const(
                    " in {braces}, on\n\tseveral lines, the second with\x07 a bell\n"
                ),
                ir.Env("TAIL", ""),
            )
        ),
        sleep=ir.Const(0.5),
    ),
)
_SHORT = stage(
    "short",
    "texts__short",
    title="Only a name.",
    line=55,
    condition=ir.Const(False),
    body=ir.EchoBody(None),
)

_SAY = stage(
    "say",
    "nest__each__branches__say",
    title="Say",
    line=71,
    context=ir.ContextType(item=INT),
    body=ir.EchoBody(ir.Join((_ITEM, ir.ContextValue("branch")))),
)
_BRANCHES = stage(
    "branches",
    "nest__each__branches",
    title="Branches",
    line=65,
    context=ir.ContextType(item=INT),
    condition=ir.Comparison(_ITEM, (("<", ir.Const(9)),)),
    body=ir.ParallelBody(
        (("left", (_SAY,)), ("right hand", ())),
        ir.Call("min", (_LIMIT, ir.Const(8))),
    ),
)
_EACH = stage(
    "Each",
    "nest__each",
    title="Each",
    line=60,
    has_id=False,
    condition=ir.Comparison(_LIMIT, (("==", ir.Const(None)),)),
    timeout_s=9,
    body=ir.ForEachBody(
        ir.ListExpr((ir.Const(1), _LIMIT)), ListType(INT), INT, 1, True, (_BRANCHES,)
    ),
)
_UNTIL = stage(
    "until",
    "nest__until",
    title="Until",
    line=80,
    body=ir.UntilBody(
        ir.Comparison(_ITEM, ((">", ir.Const(3)), ("<", _LIMIT))), _LIMIT, INT, 10, ()
    ),
)
_CASE = stage(
    "case",
    "nest__case",
    title="Case",
    line=90,
    condition=ir.Comparison(
        ir.Lookup(("jobs", "texts", "status")), (("==", ir.Const("SUCCESS")),)
    ),
    body=ir.CaseBody(_LIMIT, INT, ((1, ()), (-2, ())), None, True),
)

MODULE = ir.Module(
    name='odd "workflow"',
    module="odd_workflow",
    source="conf/odd\nname.yml",
    description='Says "hello" with \\ and """quotes""".\n\n    kept indent\n',
    parameters=(
        ir.Parameter("limit", "limit", INT, True, 10, (("desc", "How many."),)),
        ir.Parameter("Name", "name", STR, True, "it's", (("name", "Name"),)),
        ir.Parameter(
            "when", "when", DATETIME, True, datetime(2024, 1, 1, tzinfo=timezone.utc)
        ),
        ir.Parameter("price", "price", DECIMAL, True, Decimal("1.50")),
        ir.Parameter("share", "share", union((FLOAT, NONE)), True, None),
        ir.Parameter("level", "level", LiteralType((1, 2)), False, None),
        ir.Parameter("rates", "rates", MapType(STR, UNKNOWN), True, {"it's": 1.0}),
        ir.Parameter("options", "options", MapType(STR, UNKNOWN), True, {}),
        ir.Parameter(
            "date",
            "date_",
            ListType(UNKNOWN),
            True,
            [],
            (("name", "date"), ("required", True)),
        ),
    ),
    schedules=(
        ir.Schedule("0 1 * * *", "UTC"),
        ir.Schedule("0 2 * * *", "UTC", (("limit", ir.Const(1)),)),
        ir.Schedule("0 3 * * *", "Asia/Bangkok", (("limit", ir.Const(2)),)),
    ),
    timeout_s=3600,
    jobs=(
        job(
            "1st job",
            "_1st_job",
            _BLOCK,
            _shell("quotes", _SCRIPT_WITH_ALL_QUOTES, 24),
            _shell("tail", "echo a \\", 26),
            _shell("bell", "echo \a", 27, shell="sh"),
            _shell("folder", 'echo "$PWD"', 28, ir.Join((ir.Const("/tmp/"), _NAME))),
            matrix=ir.Matrix(
                "OddJob",
                (
                    ir.MatrixField("os-name", STR),
                    ir.MatrixField("level", INT),
                    ir.MatrixField("extra", BOOL, required=False),
                ),
                (("os-name", ("linux", "it's")), ("level", (1, 2))),
                include=({"os-name": "linux", "level": 3, "extra": True},),
                exclude=({"os-name": "linux", "level": 1},),
            ),
            max_parallel=_LIMIT,
            retry=ir.RetryPolicy(1),
            timeout_s=60,
        ),
        job("texts", "texts", _SPELL, _SILENT, _FETCH, _NOTHING, _LONG, _SHORT),
        job(
            "nest",
            "nest",
            _EACH,
            _UNTIL,
            _CASE,
            needs=("1st job", "texts"),
            condition=ir.Comparison(
                output("texts__calls_without_arguments", "a"), ((">", ir.Const(0)),)
            ),
        ),
        job("none", "none"),
    ),
    search_path=("../conf", "../more conf"),
    env_lines=(),
)
