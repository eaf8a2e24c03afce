"""The lines at the end of a test run that say how many planted mistakes are told."""

from __future__ import annotations

from collections import Counter

import pytest

FOUND = "found at the line"
WRONG_LINE = "at another line"
MISSED = "not found"
OUTCOMES = (FOUND, WRONG_LINE, MISSED)


def line(counts: Counter[str], kinds: int) -> str:
    """
    >>> line(Counter({"found at the line": 3, "not found": 1}), 2)
    '4 of 2 kinds, 3 found at the line / 0 at another line / 1 not found'
    """
    told = " / ".join(f"{counts[each]} {each}" for each in OUTCOMES)
    return f"{counts.total()} of {kinds} kinds, {told}"


class Summary:
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        for outcome in ("passed", "failed"):
            for report in terminalreporter.getreports(outcome):
                for name, value in getattr(report, "user_properties", ()):
                    if "mistakes" in name:
                        terminalreporter.write_line(f"{name}: {value}")
