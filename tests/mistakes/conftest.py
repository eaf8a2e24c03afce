from __future__ import annotations

import pytest

from tests.mistakes.summary import Summary


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Summary(), "mistakes-summary")
