"""`python -m benchmarks [--runs N]`: measures, prints a table, ends with 1 where a target is missed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from benchmarks.cold_start import MAX_RATIO, measure_cold_start
from benchmarks.processes import Figures

BASE = "cold_hand.py"
OURS = "compiled one.py"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--runs", type=int, default=40, help="of each program")
    arguments = parser.parse_args()
    print(f"cold start, medians of {arguments.runs} runs each, taken in turns")
    figures = measure_cold_start(arguments.runs)
    print(table(figures))
    ratio = figures[OURS].wall_s / figures[BASE].wall_s
    reached = ratio <= MAX_RATIO
    print(f"target: at most {MAX_RATIO} x {BASE}: {'reached' if reached else 'missed'}")
    return 0 if reached else 1


def table(figures: Mapping[str, Figures]) -> str:
    base = figures[BASE].wall_s
    rows = [
        f"{name:<16} {each.wall_s * 1000:7.1f} ms  {each.wall_s / base:5.2f} x  "
        f"{each.cpu_s * 1000:7.1f} ms cpu  {each.peak_mb:5.1f} MB"
        for name, each in figures.items()
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())
