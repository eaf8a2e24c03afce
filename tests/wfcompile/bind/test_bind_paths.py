"""Dotted paths: what they mean in a scope, and what is said where they mean nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wfcompile.bind.binding import NOWHERE, SCOPE, bound, stage
from wfcompile.bind.scope import JobSymbol, Scope
from wfcompile.types import UNKNOWN

STATUS = 'Literal["SUCCESS", "FAILED", "SKIP", "CANCEL", "WAIT"]'


@pytest.mark.parametrize(
    ("path", "source", "type_"),
    [
        ("params.text", "ctx.params.text", "str"),
        ("params.run-date.year", "ctx.params.run_date.year", "int"),
        ("params.mode", "ctx.params.mode", 'Literal["full", "delta"]'),
        ("params.maybe", "ctx.params.maybe", "int | None"),
        ("params.nothing?", "None", "None"),
        ("params", 'ctx.lookup("params")', "dict[str, Any]"),
        ("params.options.a.b", 'ctx.params.options["a"]["b"]', "Any"),
        ("params.options.a?.b", 'ctx.lookup("params", "options", "a", "b", optional=True)', "Any"),
        ("params.options.7", 'ctx.lookup("params", "options", "7")', "Any"),
        ("matrix.os", 'ctx.matrix["os"]', "str"),
        ("matrix.part", 'ctx.matrix["part"]', "int"),
        ("matrix.part?", 'ctx.matrix.get("part")', "int | None"),
        ("matrix.os?", 'ctx.matrix["os"]', "str"),
        ("matrix", 'ctx.lookup("matrix")', "dict[str, Any]"),
        ("item", "ctx.item", "str"),
        ("loop", "ctx.loop", "int"),
        ("branch", "ctx.branch", "str"),
        ("stages.pick.outputs.base", 'ctx.outputs(job__pick)["base"]', "str"),
        ("stages.pick.outputs.total?", 'ctx.lookup("stages", "pick", "outputs", "total", optional=True)', "int | None"),
        ("stages.pick.outputs", "ctx.outputs(job__pick)", "Picked"),
        ("stages.call.outputs.any", 'ctx.outputs(job__call)["any"]', "int"),
        ("stages.pick.status", 'ctx.lookup("stages", "pick", "status")', STATUS),
        ("stages.pick", 'ctx.lookup("stages", "pick")', "dict[str, Any]"),
        ("stages.none?.outputs", "None", "None"),
        ("stages", 'ctx.lookup("stages")', "dict[str, Any]"),
        ("stages.each.outputs.items", 'ctx.lookup("stages", "each", "outputs", "items")', "list[str]"),
        ("stages.each.outputs.foreach.eu.status", 'ctx.lookup("stages", "each", "outputs", "foreach", "eu", "status")', "Any"),
        ("jobs.before.stages.pick.outputs.base", 'ctx.outputs(job__pick)["base"]', "str"),
        ("jobs.before.status", 'ctx.lookup("jobs", "before", "status")', STATUS),
        ("jobs.before.errors?", 'ctx.lookup("jobs", "before", "errors", optional=True)', "dict[str, Any] | None"),
        ("jobs.before.stages", 'ctx.lookup("jobs", "before", "stages")', "dict[str, Any]"),
        ("jobs.before", 'ctx.lookup("jobs", "before")', "dict[str, Any]"),
        ("jobs.many.strategies", 'ctx.lookup("jobs", "many", "strategies")', "dict[str, Any]"),
        ("jobs", 'ctx.lookup("jobs")', "dict[str, Any]"),
    ],
)  # fmt: skip
def test_what_a_path_means(path: str, source: str, type_: str) -> None:
    found = bound(f"${{{{ {path} }}}}")
    assert (found.source, found.type, found.messages) == (source, type_, [])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("parms.text", 'WF310 4-9: "parms" is not known here (did you mean "params"?)'),
        ("case", 'WF310 4-8: "case" is not known here (read it in the stages of a case)'),
        ("retry", 'WF310 4-9: "retry" is not known here (give the stage or its job a "retry": neither has one)'),
        ("release.run_id", 'WF310 4-11: "release" is not known here (pass it as a param: read it below "params" of the schedule)'),
        ("xyz", 'WF310 4-7: "xyz" is not known here (names that are known here: params, jobs, stages, matrix, item, branch, loop)'),
        ("params.txet", 'WF311 11-15: no param is called "txet" (did you mean "text"?)'),
        ("params.xyz", 'WF311 11-14: no param is called "xyz" (the params are text, count, share, price, day, moment, mode, level, ... (12 in all))'),
        ("matrix.oss", 'WF312 11-14: the matrix has no key "oss" (did you mean "os"?)'),
        ("stages.pck.outputs", 'WF313 11-14: no stage before this one has the id "pck" (did you mean "pick"?)'),
        ("stages.xyz.outputs", 'WF313 11-14: no stage before this one has the id "xyz" (ids that can be read here: pick, shell, call, each)'),
        ("jobs.before.stages.xyz.outputs", 'WF313 23-26: job "before" has no stage with the id "xyz" (its stage ids are pick)'),
        ("stages.after.outputs", 'WF314 11-16: stage "after" has not run yet at this place (move the stage that reads it behind it)'),
        ("jobs.otehr.status", 'WF315 9-14: no job is called "otehr" (did you mean "other"?)'),
        ("jobs.xyz", 'WF315 9-12: no job is called "xyz" (the jobs are before, many, job, other)'),
        ("jobs.other.status", 'WF316 9-14: job "other" need not have run before this job (add "other" to the needs of "job")'),
        ("jobs.job.status", 'WF316 9-12: job "job" is this job itself (read its own stages as stages.<id>)'),
        ("jobs.before.strategies", 'WF317 16-26: job "before" has no matrix, so it has no strategies (read jobs.before.stages)'),
        ("jobs.before.stges", 'WF317 16-21: a job has no "stges" (did you mean "stages"?)'),
        ("jobs.before.xyz", 'WF317 16-19: a job has no "xyz" (it has stages, strategies, status, errors, info)'),
        ("jobs.many.stages.pick.outputs", 'WF317 14-20: job "many" has a matrix: its stages are below strategies.<id> (read jobs.many.strategies)'),
        ("stages.pick.base", 'WF318 16-20: the record of stage "pick" has no "base" (write "outputs.base")'),
        ("stages.pick.otputs", 'WF318 16-22: the record of stage "pick" has no "otputs" (did you mean "outputs"?)'),
        ("stages.pick.xyz", 'WF318 16-19: the record of stage "pick" has no "xyz" (it has outputs, status, errors, info)'),
        ("matrix.gone", 'WF361 -7--3: with this row "exclude" leaves no combination of the matrix (leave fewer of them out)'),
        ("stages.pick.errors.message", 'WF318 16-22: the record of stage "pick" has no "errors" here: after a failure no later stage of its list runs (read it in a job that needs this one, with trigger-rule: all_done)'),
        ("stages.pick.outputs.bse", 'WF440 24-27: the outputs have no "bse" (did you mean "base"?)'),
        ("stages.shell.outputs.xyz", 'WF440 25-28: the outputs have no "xyz" (they have return_code, stdout, stderr)'),
        ("stages.shell.outputs.stdout.x", 'WF441 32-33: "stdout" may be None, so it cannot be asked for "x" (write "stdout?.x")'),
        ("params.maybe.x", 'WF441 17-18: "maybe" may be None, so it cannot be asked for "x" (write "maybe?.x")'),
        ("params.maybe?.x", 'WF442 18-19: "maybe" is int, which has no "x"'),
        ("params.rows.first", 'WF442 16-21: "rows" is list[Any], which has no "first" (read an element with getindex(0) or [0])'),
        ("params.text.upper", 'WF442 16-21: "text" is str, which has no "upper" (call it: "upper()")'),
    ],
)  # fmt: skip
def test_what_a_path_cannot_mean(path: str, message: str) -> None:
    found = bound(f"${{{{ {path} }}}}")
    assert (found.source, found.type, found.messages) == ("None", "Any", [message])


def test_places_are_those_of_the_yaml() -> None:
    """Quotes of the YAML and the text before count."""
    found = bound("'it''s ${{ params.txet }}'")
    assert found.messages == [
        'WF311 18-22: no param is called "txet" (did you mean "text"?)'
    ]


RELEASE = Scope(in_release=True)


@pytest.mark.parametrize(
    ("path", "source", "type_"),
    [
        ("release.logical_date", "release.logical_date", "datetime"),
        ("release.execute_date.year", "release.execute_date.year", "int"),
        ("release.run_id", "release.run_id", "str"),
        ("release.runs_metadata.a.b", 'release.runs_metadata["a"]["b"]', "Any"),
        ("release.runs_metadata.a.b?", 'release.runs_metadata["a"].get("b")', "Any"),
        ("release.execute_date.year?", "release.execute_date.year", "int"),
    ],
)
def test_what_a_release_gives(path: str, source: str, type_: str) -> None:
    found = bound(f"${{{{ {path} }}}}", RELEASE)
    assert (found.source, found.type, found.messages) == (source, type_, [])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("release.date", 'WF310 12-16: release has no "date" (it has logical_date, execute_date, run_id, runs_metadata)'),
        ("release", "WF310 4-11: release is no value (it has logical_date, execute_date, run_id, runs_metadata)"),
        ("params.text", 'WF310 4-10: "params" is not known here (names that are known here: release)'),
        ("release.runs_metadata.a?.b", 'WF319 26-28: "?" can only stand at the end of a release path (put it behind the last name)'),
    ],
)  # fmt: skip
def test_what_a_release_does_not_give(path: str, message: str) -> None:
    assert bound(f"${{{{ {path} }}}}", RELEASE).messages == [message]


def test_a_job_that_was_not_understood_silences_what_follows() -> None:
    job = JobSymbol("before", NOWHERE, False, {}, is_complete=False)
    scope = replace(SCOPE, jobs={"before": job})
    found = bound("${{ jobs.before.stages.xyz.outputs.rows }}", scope)
    assert (found.type, found.messages) == ("Any", [])


def test_outputs_that_are_not_known_are_read_as_they_come() -> None:
    scope = replace(SCOPE, stages={"call": stage("call", UNKNOWN)})
    found = bound("${{ stages.call.outputs.a.b }}", scope)
    assert found.source == 'ctx.outputs(job__call)["a"]["b"]'


def test_hints_name_nothing_where_there_is_nothing() -> None:
    scope = Scope(job_id="job")
    assert bound("${{ params.a }} ${{ stages.a.outputs }}", scope).messages == [
        'WF311 11-12: no param is called "a" (declare it below params)',
        'WF313 27-28: no stage before this one has the id "a" '
        "(give the stage that is meant an id)",
    ]
