"""One line a set of cases at the end of a test run: how many conform, and by which rule.

Registered with pytest by the conftest files, also where pytest-xdist has other processes run the
tests: each test tells its rule as a property of its report.
"""

from __future__ import annotations

from collections import Counter

import pytest

PROPERTY = "conformance"
PLUGIN = "conformance-summary"
RULES = ("same", "earlier", "difference")


def register(config: pytest.Config) -> None:
    """Once, whichever conftest file is loaded first."""
    if not config.pluginmanager.has_plugin(PLUGIN):
        config.pluginmanager.register(Summary(), PLUGIN)


class Summary:
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        found: dict[str, Counter[str]] = {}
        for outcome in ("passed", "failed"):
            for report in terminalreporter.getreports(outcome):
                for title, rule in _told(report):
                    counts = found.setdefault(title, Counter())
                    counts[rule if outcome == "passed" else "failing"] += 1
        for title, counts in sorted(found.items()):
            terminalreporter.write_line(f"{title}: {_line(counts)}")


def _told(report: pytest.TestReport) -> list[tuple[str, str]]:
    """Set of cases and rule, of a test of a case."""
    told = getattr(report, "user_properties", ())
    return [value.split("/") for name, value in told if name == PROPERTY]


def _line(counts: Counter[str]) -> str:
    return " / ".join(f"{counts[each]} {each}" for each in (*RULES, "failing"))
