"""Workflows in which every job fails, each in its own way; a comment marks the failing line."""

CALLERS = """\
from wfruntime import custom_filter, tag


def divide(x):
    return 10 / x


@tag("demo")
def load(x: int) -> dict[str, float]:
    try:
        return {"x": divide(x)}
    except ZeroDivisionError as error:
        raise ValueError("no rows") from error


@tag("demo")
async def load_async(x: int) -> dict[str, float]:
    return {"x": divide(x)}


@custom_filter("halved")
def halved(value: int) -> float:
    return divide(value - 1)
"""
BLOCKS = """\
w:
  type: Workflow
  params:
    zero: {type: int, default: 0}
    text: {type: str, default: abc}
    map: {type: map, default: {a: abc}}
  jobs:
    plain:
      stages:
        - name: S
          id: s
          run: |
            import json
            from decimal import Decimal

            def amount(row):
                return row["amount"]  # mark: plain

            rows = json.loads('[{"amount": 1}, {}]')
            total = sum(
                amount(row)  # mark: plain calls
                for row in rows
            )
            last = Decimal(total)
    matrix:
      strategy:
        matrix:
          layer: [1, 2]
      stages:
        - name: S
          id: s
          run: |
            layer = ${{ matrix.layer }}
            assert layer == 1, (
                layer)  # mark: matrix
    lines:
      stages:
        - name: S
          id: s
          run: |
            a = {}; b = 2; c = a["c"]  # mark: lines
    compound:
      stages:
        - name: S
          id: s
          run: |
            value = '${{ params.text }}'
            table = {
              'first': value,
              'second': int(value),  # mark: compound
              'third': value,
            }
    handled:
      stages:
        - name: S
          id: s
          run: |
            import os
            class Reader:
                def read(self, key):
                    try:
                        return os.environ[key]
                    except KeyError as error:
                        raise LookupError(key) from error  # mark: handled
            value = Reader().read("NO_SUCH_VARIABLE_HERE")
    folded:
      stages:
        - name: S
          id: s
          run: "a = 1\\n\\
            b = a / ${{ params.zero }}\\n\\
            c = 2"
    caller_inside:
      stages:
        - name: S
          id: s
          vars: {x: "${{ params.zero }}"}
          run: |
            import callers

            found = callers.divide(x)  # mark: caller_inside
    callback:
      stages:
        - name: S
          id: s
          run: |
            import re
            def shown(found): return found["x"]  # mark: callback
            text = re.sub('a', shown, '${{ params.text }}')
    thread:
      stages:
        - name: S
          id: s
          run: |
            from concurrent.futures import ThreadPoolExecutor

            def one(number):
                if number == 2:
                    raise ValueError(number)  # mark: thread
                return number

            with ThreadPoolExecutor(2) as pool:
                results = list(pool.map(one, [1, 2, 3]))
    coroutine:
      stages:
        - name: S
          id: s
          run: |
            import asyncio

            async def fetch():
                await asyncio.sleep(0)
                raise ConnectionError("gone")  # mark: coroutine

            asyncio.run(fetch())
    exits:
      stages:
        - name: S
          id: s
          run: |
            import sys
            if ${{ params.zero }} == 0: sys.exit("no rows")  # mark: exits
    output:
      stages:
        - name: S
          id: s
          run: |
            found = ${{ params.map }}
            shown = found["b"]  # mark: output
    variables:
      stages:
        - name: S  # mark: variables
          id: s
          vars:
            x: ${{ params.map.b }}
          run: y = x
    each:
      stages:
        - name: S
          id: s
          foreach: [1, 0]
          stages:
            - name: In
              id: in
              run: |
                # the second item is none to divide by
                x = 1 / ${{ item }}  # mark: each
    until:
      stages:
        - name: S
          id: s
          until: ${{ item }} > 3
          item: 1
          max-loop: 5
          stages:
            - name: In
              id: in
              run: |
                item = ${{ item }} + 1
                if item > 2:
                    raise LookupError(item)  # mark: until
    case:
      stages:
        - name: S
          id: s
          case: ${{ params.text }}
          match:
            - case: abc
              stages:
                - name: In
                  id: in
                  run: |
                    rows = []
                    first = rows[0]  # mark: case
    parallel:
      stages:
        - name: S
          id: s
          parallel:
            left:
              - name: In
                id: in
                run: |
                  rows = []
                  first = rows[0]  # mark: parallel
"""
STAGES = """\
v:
  type: Workflow
  params:
    zero: {type: int, default: 0}
    text: {type: str, default: abc}
    map: {type: map, default: {a: abc}}
  jobs:
    condition:
      stages:
        - name: S  # mark: condition
          id: s
          if: ${{ params.map.a }} > 3
          echo: hello
    job_condition:
      if: ${{ params.map.a }} > 3  # mark: job_condition
      stages:
        - name: S
          echo: hello
    call:
      stages:
        - name: S  # mark: call
          id: s
          uses: callers/load@demo
          with: {x: "${{ params.zero }}"}
    call_async:
      stages:
        - name: S  # mark: call_async
          id: s
          uses: callers/load-async@demo
          with: {x: "${{ params.zero }}"}
    argument:
      stages:
        - name: S  # mark: argument
          id: s
          uses: callers/load@demo
          with: {x: "${{ params.map.a }}"}
    bash:
      stages:
        - name: S  # mark: bash
          id: s
          bash: |
            echo one >&2
            exit 3
    virtual:
      stages:
        - name: S  # mark: virtual
          id: s
          deps: []
          run: |
            def fail():
                raise ValueError("${{ params.text }}")
            fail()
    raised:
      stages:
        - name: S  # mark: raised
          id: s
          raise: no ${{ params.text }}
    filtered:
      stages:
        - name: S  # mark: filtered
          id: s
          echo: ${{ params.map.a | abs }}
    own_filter:
      stages:
        - name: S  # mark: own_filter
          id: s
          echo: ${{ 1 | halved }}
    none:
      stages:
        - name: Quiet
          id: quiet
          bash: "true"
        - name: S  # mark: none
          id: s
          echo: ${{ stages.quiet.outputs.stdout | title }}
    trigger:
      stages:
        - name: S  # mark: trigger
          id: s
          trigger: inner
          params: {x: 0}
inner:
  type: Workflow
  params:
    x: int
  jobs:
    only:
      stages:
        - name: S
          id: s
          run: |
            y = 1 / ${{ params.x }}  # mark: inner
"""
