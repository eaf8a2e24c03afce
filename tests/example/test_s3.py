"""run-py-local against S3: moto's server, boto3 in the caller, the aws command in the count."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

boto3 = pytest.importorskip("boto3")


@pytest.fixture
def bucket(s3_url: str) -> Any:
    """An empty bucket called "lake"."""
    resource = boto3.resource(
        "s3",
        endpoint_url=s3_url,
        region_name="us-east-1",
        aws_access_key_id="an-access-id",
        aws_secret_access_key="an-access-secret",
    )
    bucket = resource.create_bucket(Bucket="lake")
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def test_lands_in_the_bucket_and_counts_there(
    repository: Path,
    environment: dict[str, str],
    s3_url: str,
    bucket: Any,
    tmp_path: Path,
) -> None:
    module = repository / "build" / "run_py_local.py"
    environment |= {"AWS_ENDPOINT_URL": s3_url, "LANDING_ROOT": "s3://lake/landing"}
    context_file = tmp_path / "context.json"
    done = subprocess.run(
        [
            sys.executable,
            str(module),
            "--param=source-extract=EUR-USD",
            "--param=run-date=2024-01-02",
            f"--context={context_file}",
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    content_by_key = {
        each.key: each.get()["Body"].read() for each in bucket.objects.all()
    }
    prefix = "landing/open-data/EUR-USD"
    assert sorted(content_by_key) == [
        f"{prefix}/curated/20240102.csv",
        f"{prefix}/raw/20240102.json",
    ]
    rows = content_by_key[f"{prefix}/curated/20240102.csv"].decode().splitlines()
    assert len(rows) == 11
    raw = json.loads(content_by_key[f"{prefix}/raw/20240102.json"])
    assert len(raw["records"]) == 10

    context = json.loads(context_file.read_text())
    strategies = context["jobs"]["check-landing"]["strategies"].values()
    counted = {
        tuple(each["matrix"].values()): each["stages"]["count-files"]["outputs"][
            "stdout"
        ]
        for each in strategies
    }
    assert {key: int(count) for key, count in counted.items()} == {
        ("raw", "csv"): 0,
        ("raw", "json"): 1,
        ("curated", "csv"): 1,
        ("curated", "json"): 0,
    }
