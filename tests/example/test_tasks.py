"""The caller of run-py-local.yml against the real API: what lands where, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

wfruntime = pytest.importorskip("wfruntime")
RAW = "raw/20240101.json"


class Trace:
    """Keeps what a caller says."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def info(self, message: str) -> None:
        self.messages.append(f"info: {message}")

    def warning(self, message: str) -> None:
        self.messages.append(f"warning: {message}")


class Result:
    def __init__(self) -> None:
        self.trace = Trace()


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch, repository: Path) -> ModuleType:
    monkeypatch.syspath_prepend(str(repository / "conf"))
    return pytest.importorskip("tasks")


@pytest.fixture
def ask(tasks: ModuleType, api_url: str, tmp_path: Path) -> Any:
    """Calls the caller with what the workflow gives it, apart from the changes."""

    def call(**changes: Any) -> tuple[dict[str, int], list[str]]:
        result = Result()
        arguments: dict[str, Any] = {
            "method": "post",
            "url": f"{api_url}/currency-pairs/",
            "body": {"resource": "USD-THB", "filter": "20240101"},
            "auth": {"type": "bearer", "keys": "demo-token"},
            "writing_mode": "flatten",
            "aws": {
                "path": str(tmp_path / "landing"),
                "access_client_id": "id",
                "access_client_secret": "secret",
            },
        } | changes
        arguments["auth"] = tasks.RestAuth.model_validate(arguments["auth"])
        arguments["aws"] = tasks.AwsCredential.model_validate(arguments["aws"])
        outputs = tasks.get_api_with_oauth_to_s3(**arguments, result=result)
        return outputs, result.trace.messages

    return call


def landed(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
    )


def test_flatten_lands_the_answer_and_flat_columns(ask: Any, tmp_path: Path) -> None:
    outputs, messages = ask()
    assert outputs == {"records": 10}
    assert messages[-1] == f"info: landed 10 records at {tmp_path}/landing"
    assert landed(tmp_path / "landing") == ["curated/20240101.csv", RAW]
    table = (tmp_path / "landing/curated/20240101.csv").read_text().splitlines()
    assert table[:2] == [
        "pair,time,rate.bid,rate.ask,venue.city,venue.country,tags",
        'USD-THB,2024-01-01T08:00:00Z,35.3134,35.3487,London,GB,"[""spot""]"',
    ]
    assert len(table) == 11


def test_jsonl_lands_the_records_as_nested_as_they_came(
    ask: Any, tmp_path: Path
) -> None:
    assert ask(writing_mode="jsonl")[0] == {"records": 10}
    assert landed(tmp_path / "landing") == ["curated/20240101.jsonl", RAW]
    lines = (tmp_path / "landing/curated/20240101.jsonl").read_text().splitlines()
    raw = json.loads((tmp_path / "landing" / RAW).read_text())
    assert [json.loads(line) for line in lines] == raw["records"]


def test_a_second_run_replaces_the_first(ask: Any, tmp_path: Path) -> None:
    ask()
    ask()
    assert landed(tmp_path / "landing") == ["curated/20240101.csv", RAW]


def test_no_records_land_nothing(ask: Any, tmp_path: Path) -> None:
    body = {"resource": "USD-THB", "filter": "20240106"}
    outputs, messages = ask(body=body)
    assert outputs == {"records": 0}
    assert messages[-1] == f"warning: no records for {body}"
    assert not (tmp_path / "landing").exists()


def test_a_refused_token_is_told_without_the_token(ask: Any) -> None:
    with pytest.raises(Exception, match="answered 401 Unauthorized") as caught:
        ask(auth={"type": "bearer", "keys": "stolen-token"})
    assert type(caught.value).__name__ == "ApiError"
    assert "stolen-token" not in str(caught.value)


def test_an_address_that_nobody_serves(ask: Any) -> None:
    with pytest.raises(Exception, match=r"http://127\.0\.0\.1:9/ cannot be reached"):
        ask(url="http://127.0.0.1:9/")


def test_another_scheme_is_refused(ask: Any) -> None:
    with pytest.raises(Exception, match="is not an http or https address"):
        ask(url="file:///etc/hostname")


def test_s3_without_boto3_says_what_to_install(
    ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # None in sys.modules is how Python spells "cannot be imported"
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    aws = {"path": "s3://b/p", "access_client_id": "i", "access_client_secret": "s"}
    with pytest.raises(Exception, match="s3://b/p needs boto3: install it"):
        ask(aws=aws)
