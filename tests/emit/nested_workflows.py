"""Random workflows of stages inside stages, four deep and more, as YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from textwrap import indent

HEAD = """\
deep-{seed}:
  type: Workflow
  params:
    mode: {{type: choice, options: [full, delta]}}
    name: {{type: str, default: nobody}}
    limit: {{type: int, default: 3}}
    tables: {{type: array, default: [x, y]}}
  jobs:
    job-{seed}:
      strategy:
        matrix: {{region: [eu, us]}}
      stages:
"""
TAIL = """\
        - name: Next
          trigger: kid
          params: {n: "${{ params.limit }}"}
"""
KID = """\
kid:
  type: Workflow
  params: {n: int}
  jobs: {a: {stages: [{name: x, run: "v = ${{ params.n }}"}]}}
"""
LEAVES = (
    """\
- name: Block NUMBER
  id: bNUMBER
  run: |
    got = 'ITEM' + 'x'
    size = len(got)
""",
    """\
- name: Shell NUMBER
  id: sNUMBER
  bash: |
    printf '%s\\n' "ITEM" | wc -c
""",
    """\
- name: Refuse NUMBER
  if: ${{ params.limit }} > 900
  raise: too many of ITEM
""",
    """\
- name: Maybe NUMBER
  if: ${{ params.limit > 2 and matrix.region != 'eu' }}
  echo: ITEM
""",
)
LISTS = ("[a, b]", "[1, 2]", "${{ params.tables }}")


def nested_workflow(seed: int, depth: int) -> str:
    stages = _Stages(Random(seed)).stages(depth, is_inside=False)
    return f"{HEAD.format(seed=seed)}{indent(stages, ' ' * 8)}{TAIL}"


class _Stages:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers: Iterator[int] = count(1)

    def stages(self, depth: int, *, is_inside: bool) -> str:
        kinds = (self._each, self._until, self._case, self._both)
        made = []
        for _ in range(self._random.randint(1, 2)):
            number = next(self._numbers)
            if not depth:
                item = "${{ item }}" if is_inside else "${{ params.name }}"
                leaf = self._random.choice(LEAVES)
                made.append(leaf.replace("NUMBER", str(number)).replace("ITEM", item))
                continue
            kind: Callable[[int, int, bool], str] = self._random.choice(kinds)
            made.append(kind(number, depth - 1, is_inside))
        return "".join(made)

    def _each(self, number: int, depth: int, _: bool) -> str:
        items = self._random.choice(LISTS)
        head = (
            f"- name: Each {number}\n  id: e{number}\n  foreach: {items}\n  stages:\n"
        )
        return head + indent(self.stages(depth, is_inside=True), " " * 4)

    def _until(self, number: int, depth: int, _: bool) -> str:
        head = (
            f"- name: Until {number}\n  id: u{number}\n  until: ${{{{ loop }}}} >= 2\n"
        )
        head += "  item: start\n  max-loop: 3\n  stages:\n"
        return head + indent(self.stages(depth, is_inside=True), " " * 4)

    def _case(self, number: int, depth: int, is_inside: bool) -> str:
        full = indent(self.stages(depth, is_inside=is_inside), " " * 8)
        other = indent(self.stages(depth, is_inside=is_inside), " " * 8)
        head = (
            f"- name: Case {number}\n  id: c{number}\n  case: ${{{{ params.mode }}}}\n"
        )
        head += "  match:\n    - case: full\n      stages:\n"
        return f"{head}{full}    - else:\n{other}"

    def _both(self, number: int, depth: int, is_inside: bool) -> str:
        one = indent(self.stages(depth, is_inside=is_inside), " " * 6)
        two = indent(self.stages(depth, is_inside=is_inside), " " * 6)
        head = f"- name: Both {number}\n  id: p{number}\n  parallel:\n"
        return f"{head}    one:\n{one}    two:\n{two}"
