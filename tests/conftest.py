"""Options of the test run."""

from __future__ import annotations

import pytest

from tests.conformance import summary


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="write the expected files of the golden and diagnostic cases anew",
    )


def pytest_configure(config: pytest.Config) -> None:
    summary.register(config)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
