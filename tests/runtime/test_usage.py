"""The text of `--help`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import pytest
from wfruntime import secrets
from wfruntime.graph import Cron, Workflow
from wfruntime.usage import help_text

OPTIONS = """\
options:
  -p, --param NAME=VALUE  set a param; once for each param
  --params FILE           set params by a JSON object; "-" reads standard input
  --release ISO           run for this moment of the schedule; UTC without an
                          offset
  --scheduled             for cron: run for the scheduled minute that has come,
                          or do nothing
  --mode MODE             normal, force, rerun, dryrun; default: normal
  --max-parallel N        run at most N jobs at a time; default: 2
  --timeout SECONDS       stop the run after this time; it has failed then
  --context FILE          write the result as JSON; "-" is standard output
  -q, --quiet             print errors only
  -h, --help              print this help
"""
EXIT = """\
exit: 0 success or skipped, 1 failed, 2 usage;
      cancelled by a signal: 129 SIGHUP, 130 SIGINT, 143 SIGTERM
"""


@dataclass(frozen=True, kw_only=True)
class Params:
    source_extract: str = field(
        metadata={"desc": "What to extract, such as USD-THB.", "required": True}
    )
    run_date: datetime
    limit: int = field(
        default=10,
        metadata={"desc": "Rows asked for at a time; the service refuses over 1000."},
    )
    rate: Decimal = field(default=Decimal("0.5"), metadata={"precision": 2})
    mode: Literal["full", "delta"]
    tries: Literal[1, 2, 3] = field(default=2, metadata={"required": True})
    regions: list[Any] = field(default_factory=lambda: ["eu", "us"])
    options: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    a_name_that_is_very_long_indeed: str | None
    Key_: str | None = field(default="pa55-of-usage", metadata={"name": "Key"})


@pytest.fixture(autouse=True)
def program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["build/run it.py", "--help"])


def test_a_workflow_with_all_there_is() -> None:
    secrets.register("pa55-of-usage")
    workflow = Workflow(
        "run-it",
        format=1,
        source="conf/run-it.yml",
        params=Params,
        on=[Cron("*/5 * * * *", timezone="Asia/Bangkok"), Cron("0 8 * * 1-5")],
        jobs=[],
        env={"API_TOKEN": 23, "KEY": 4},
    )
    workflow.desc = (
        "Loads the orders of every region, then waits for the ledger of the bank"
        " before it reports.\n\n- to S3"
    )
    assert help_text(workflow) == f"""\
usage: python 'build/run it.py' [options]

run-it (conf/run-it.yml)

Loads the orders of every region, then waits for the ledger of the bank before
it reports.

- to S3

params:
  source-extract=STR      What to extract, such as USD-THB; required
  run-date=DATETIME       default: the run's start
  limit=INT               Rows asked for at a time; the service refuses over
                          1000; default: 10
  rate=DECIMAL            default: 0.5
  mode=CHOICE             one of full, delta; default: full
  tries=CHOICE            one of 1, 2, 3; required
  regions=ARRAY           default: ["eu", "us"]
  options=MAP             default: {{}}
  note=STR                default: ''
  a-name-that-is-very-long-indeed=STR
                          default: none
  Key=STR                 default: {secrets.MASK}

schedule:
  */5 * * * * (Asia/Bangkok)
  0 8 * * 1-5 (UTC)

environment:
  API_TOKEN  must be set; conf/run-it.yml:23
  KEY        must be set; conf/run-it.yml:4

{OPTIONS}
examples:
  python 'build/run it.py' --param source-extract=text --param tries=3
  python 'build/run it.py' --params params.json --context result.json

{EXIT}"""


def test_a_workflow_with_nothing() -> None:
    workflow = Workflow("x", format=1, source="conf/x.yml", jobs=[])
    assert help_text(workflow) == f"""\
usage: python 'build/run it.py' [options]

x (conf/x.yml)

{OPTIONS}
examples:
  python 'build/run it.py'

{EXIT}"""
