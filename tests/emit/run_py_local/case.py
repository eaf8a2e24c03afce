"""The IR of run-py-local, by hand: callers with models, a matrix, a block, a foreach."""

from __future__ import annotations

from tests.emit.parts import job, mapping, output, stage
from wfcompile import ir
from wfcompile.types import (
    BASH_OUTPUTS,
    DATETIME,
    INT,
    STR,
    Field,
    ListType,
    MapType,
    RecordType,
)

_AUTH = RecordType(
    "tasks", "RestAuth", "model", (Field("type", STR), Field("keys", STR))
)
_AWS = RecordType("tasks", "AwsCredential", "model", (Field("path", STR),))
_PICK = RecordType(
    "", "ReportPick", "typeddict", (Field("base", STR), Field("pairs", ListType(STR)))
)
_SOURCE = ir.Param("source_extract")


_RETRIEVE = stage(
    "retrieve-api",
    "getting_api_data__retrieve_api",
    title="Retrieve API Data",
    line=14,
    returns=MapType(STR, INT),
    body=ir.CallBody(
        "tasks",
        "get_api_with_oauth_to_s3",
        (
            ("method", ir.Const("post")),
            ("url", ir.Const("https://finances/open-data/currency-pairs/")),
            (
                "body",
                mapping(
                    resource=_SOURCE,
                    filter=ir.Filter(
                        None,
                        "fmt",
                        ir.Param("run_date"),
                        keywords=(("fmt", ir.Const("%Y%m%d")),),
                    ),
                ),
            ),
            (
                "auth",
                ir.ModelExpr(
                    _AUTH,
                    mapping(
                        type=ir.Const("bearer"), keys=ir.Env("API_ACCESS_REFRESH_TOKEN")
                    ),
                ),
            ),
            ("writing_mode", ir.Const("flatten")),
            (
                "aws",
                ir.ModelExpr(
                    _AWS,
                    mapping(
                        path=ir.Join((ir.Const("my-data/open-data/"), _SOURCE)),
                        access_client_id=ir.Env("AWS_ACCESS_CLIENT_ID"),
                        access_client_secret=ir.Env("AWS_ACCESS_CLIENT_SECRET"),
                    ),
                ),
            ),
            ("result", ir.ContextValue("result")),
        ),
    ),
)

_COUNT = stage(
    "count-files",
    "check_landing__count_files",
    title="Count landed files",
    line=40,
    condition=ir.Comparison(
        output("getting_api_data__retrieve_api", "records"),
        ((">", ir.Const(0)),),
    ),
    context=ir.ContextType(matrix="CheckLanding"),
    returns=BASH_OUTPUTS,
    body=ir.BashBody(
        "CHECK_LANDING__COUNT_FILES",
        'mkdir -p "${LANDING}/${matrix_layer}"\n'
        'find "${LANDING}/${matrix_layer}" -name \'*.\'"${matrix_format}" | wc -l\n',
        (
            ("LANDING", ir.Join((ir.Const("landing/"), _SOURCE))),
            ("matrix_layer", ir.MatrixValue("layer")),
            ("matrix_format", ir.MatrixValue("format")),
        ),
    ),
)

_PICK_STAGE = stage(
    "pick",
    "report__pick",
    title="Pick pairs",
    line=52,
    returns=_PICK,
    body=ir.BlockBody(
        variables=(),
        lines=(
            ir.BlockLine("base = f'{hole_1}'.split(\"-\")[0]"),
            ir.BlockLine('pairs = [f"{base}-{quote}" for quote in ("EUR", "JPY")]'),
        ),
        holes=(ir.BlockHole("hole_1", _SOURCE, "'"),),
        outputs=(ir.BlockOutput("base", STR), ir.BlockOutput("pairs", ListType(STR))),
        outputs_class="ReportPick",
    ),
)

_SAY = stage(
    "say",
    "report__each_pair__say",
    title="Say it",
    line=62,
    context=ir.ContextType(item=STR),
    body=ir.EchoBody(
        ir.Join(
            (ir.Const("pair "), ir.ContextValue("item"), ir.Const(" of "), _SOURCE),
        )
    ),
)

_EACH = stage(
    "each-pair",
    "report__each_pair",
    title="Report each pair",
    line=57,
    body=ir.ForEachBody(
        items=output("report__pick", "pairs"),
        items_type=ListType(STR),
        item_type=STR,
        concurrent=2,
        use_index_as_key=False,
        stages=(_SAY,),
    ),
)


MODULE = ir.Module(
    name="run-py-local",
    module="run_py_local",
    source="conf/run-py-local.yml",
    description=None,
    parameters=(
        ir.Parameter("source-extract", "source_extract", STR, False, None),
        ir.Parameter("run-date", "run_date", DATETIME, False, None),
    ),
    schedules=(ir.Schedule("*/5 * * * *", "Asia/Bangkok"),),
    timeout_s=None,
    jobs=(
        job("getting-api-data", "getting_api_data", _RETRIEVE),
        job(
            "check-landing",
            "check_landing",
            _COUNT,
            needs=("getting-api-data",),
            matrix=ir.Matrix(
                "CheckLanding",
                (ir.MatrixField("layer", STR), ir.MatrixField("format", STR)),
                (("layer", ("raw", "curated")), ("format", ("csv", "parquet"))),
            ),
            max_parallel=ir.Const(2),
            fail_fast=True,
        ),
        job(
            "report",
            "report",
            _PICK_STAGE,
            _EACH,
            needs=("check-landing",),
            trigger_rule="all_done",
        ),
    ),
    search_path=("../conf",),
    env_lines=(
        ("API_ACCESS_REFRESH_TOKEN", 26),
        ("AWS_ACCESS_CLIENT_ID", 30),
        ("AWS_ACCESS_CLIENT_SECRET", 31),
    ),
)
