"""Jobs that a mistake would hide: the second one of a name, and those written as a list."""

from __future__ import annotations

from pathlib import Path

from tests.wfcompile.lower.lowering import lowered

TWICE = """
w:
  type: Workflow
  params: {day: date}
  jobs:
    load:
      stages:
        - {name: Count, id: count, run: rows = 1}
        - {name: Say, echo: "${{ params.dya }}"}
    load:
      needs: [load]
      stages:
        - {name: Say, echo: "${{ jobs.load.stages.count.outputs.rosw }}"}
    load:
      stages:
        - {name: Say, ehco: "${{ params.dayy }}"}
"""


def test_each_job_of_a_name_is_looked_at(tmp_path: Path) -> None:
    assert lowered(tmp_path, TWICE).messages == [
        'WF311 9:41: no param is called "dya" (did you mean "day"?)',
        'WF013 10:5: key "load" is written twice in one mapping (rename or remove one of'
        " them) [the first one is here]",
        'WF440 13:65: the outputs have no "rosw" (did you mean "rows"?)',
        'WF013 14:5: key "load" is written twice in one mapping (rename or remove one of'
        " them) [the first one is here]",
        'WF104 16:23: an empty stage has no key "ehco" (did you mean "echo"?)',
        'WF311 16:41: no param is called "dayy" (did you mean "day"?)',
    ]


LIST = """
w:
  type: Workflow
  jobs:
    - load:
        stages:
          - {name: Say, ehco: load}
    - clean:
      needs: [laod]
      stages: []
    - name: send
      needs: [clean]
      stages:
        - {name: Say, ehco: send}
    - a text
    - {}
    - only: {}
"""


def test_items_of_a_list_that_look_like_jobs_are_looked_at(tmp_path: Path) -> None:
    assert lowered(tmp_path, LIST).messages == [
        'WF106 5:5: "jobs" is a list, expected a mapping of job ids to jobs (write each'
        ' job below its id, without "- ")',
        'WF104 7:25: an empty stage has no key "ehco" (did you mean "echo"?)',
        'WF301 9:15: job "clean" needs "laod", which is no job of this workflow (did you'
        ' mean "load"?)',
        'WF104 14:23: an empty stage has no key "ehco" (did you mean "echo"?)',
    ]


def test_of_very_many_the_first_are_looked_at(tmp_path: Path) -> None:
    jobs = "    load: {stage: []}\n" * 60
    found = lowered(tmp_path, f"w:\n  type: Workflow\n  jobs:\n{jobs}").messages
    assert [each.partition(" ")[0] for each in found].count("WF104") == 21
