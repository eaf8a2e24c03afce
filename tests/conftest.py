"""Options of the test run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.conformance import summary

# the cases are checked where they stand: nothing is left there, nothing is known from before
os.environ["WFC_NO_CACHE"] = "1"

# no deadlines: a machine that does other things as well is slow now and then. And
# the same examples on every machine and in every run, unless others are asked for:
# `pytest --hypothesis-profile=random`
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("random", derandomize=False, deadline=None)
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


@pytest.fixture
def default_signals() -> Iterator[None]:
    """What pytest was started to ignore (`nohup`, `&`) is not ignored by what it starts."""
    handlers = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    previous = {each: signal.signal(each, handlers[each]) for each in handlers}
    yield
    for number, handler in previous.items():
        signal.signal(number, handler)
