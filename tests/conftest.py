"""Options of the test run."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.conformance import summary

# the same examples on every machine and in every run, unless others are asked for:
# `pytest --hypothesis-profile=random`
settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile("same")


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
