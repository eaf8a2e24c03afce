"""The callers of run-py-local.yml: ask an HTTP API with a bearer token, land what it answers.

A landing has two layers below its path:

    raw/<filter>.json       the answer, byte for byte
    curated/<filter>.csv    writing_mode "flatten": a column for each nested value ("rate.bid")
    curated/<filter>.jsonl  writing_mode "jsonl": one record a line, as nested as it came

`<filter>` is the request's filter, so a second run for the same day replaces the first. The path
is a local folder or `s3://bucket/prefix`; only the latter needs boto3.
"""

import csv
import importlib
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from pydantic import BaseModel
from wfruntime import CallerSecret, Result, tag

TIMEOUT_S = 30.0


class AwsCredential(BaseModel):
    path: str
    access_client_id: str
    access_client_secret: CallerSecret


class RestAuth(BaseModel):
    type: Literal["bearer"]
    keys: CallerSecret


class ApiError(Exception):
    """The API could not be reached, refused the request, or answered something else."""


class LandingError(Exception):
    """The landing path cannot be used."""


@tag("requests", alias="get-api-with-oauth-to-s3")
def get_api_with_oauth_to_s3(
    method: str,
    url: str,
    body: dict[str, str],
    auth: RestAuth,
    writing_mode: Literal["flatten", "jsonl"],
    aws: AwsCredential,
    result: Result,
) -> dict[str, int]:
    """Get the data from the REST API and land it."""
    result.trace.info(f"{method.upper()} {url}")
    answer = fetch(method, url, body, auth)
    records = records_of(answer, url)
    if not records:
        result.trace.warning(f"no records for {body}")
        return {"records": 0}
    name = re.sub(r"[^\w.-]", "_", body.get("filter", "all"))
    if writing_mode == "flatten":
        curated = {f"curated/{name}.csv": csv_of(records)}
    else:
        curated = {f"curated/{name}.jsonl": json_lines_of(records)}
    land({f"raw/{name}.json": answer} | curated, aws)
    result.trace.info(f"landed {len(records)} records at {aws.path}")
    return {"records": len(records)}


def fetch(method: str, url: str, body: Mapping[str, str], auth: RestAuth) -> bytes:
    """The answer's body; the token is sent as `Authorization: Bearer`."""
    if not url.startswith(("http://", "https://")):
        raise ApiError(f"{url} is not an http or https address")
    request = Request(
        url,
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {auth.keys.get_secret_value()}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        },
        method=method.upper(),
    )
    try:
        with urlopen(request, timeout=TIMEOUT_S) as response:
            answer: bytes = response.read()
    except HTTPError as error:
        told = error.read(500).decode(errors="replace")
        raise ApiError(f"{url} answered {error.code} {error.reason}: {told}") from None
    except (URLError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise ApiError(f"{url} cannot be reached: {reason}") from None
    return answer


def records_of(answer: bytes, url: str) -> list[dict[str, Any]]:
    """The list of objects at "records" of the answer."""
    try:
        document = json.loads(answer)
    except ValueError:
        raise ApiError(f"{url} did not answer with JSON: {answer[:80]!r}") from None
    records = document.get("records") if isinstance(document, dict) else None
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        raise ApiError(f'{url} answered JSON without a list of objects at "records"')
    return records


def csv_of(records: Sequence[Mapping[str, Any]]) -> bytes:
    """A header and one row a record; the columns in the order in which they first appear."""
    rows = [dict(flatten(record)) for record in records]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def json_lines_of(records: Sequence[Mapping[str, Any]]) -> bytes:
    """One JSON object a line."""
    return "".join(
        json.dumps(record, ensure_ascii=False) + "\n" for record in records
    ).encode()


def flatten(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Columns and values; a list stays one value, as JSON.

    >>> list(flatten({"rate": {"bid": 1, "ask": 2}, "tags": ["spot"]}))
    [('rate.bid', 1), ('rate.ask', 2), ('tags', '["spot"]')]
    """
    for key, value in record.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield f"{prefix}{key}", json.dumps(value, ensure_ascii=False)
        else:
            yield f"{prefix}{key}", value


def land(content_by_name: Mapping[str, bytes], aws: AwsCredential) -> None:
    """Write the files below `aws.path`; a reader never sees half a file."""
    if aws.path.startswith("s3://"):
        _land_on_s3(content_by_name, aws)
        return
    for name, content in content_by_name.items():
        target = Path(aws.path, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _land_on_s3(content_by_name: Mapping[str, bytes], aws: AwsCredential) -> None:
    bucket, _, prefix = aws.path.removeprefix("s3://").partition("/")
    try:
        # by name: neither a host that lands in folders nor the type checker needs it
        boto3 = importlib.import_module("boto3")
    except ImportError:
        raise LandingError(
            f"{aws.path} needs boto3: install it, or land in a local folder"
        ) from None
    client = boto3.client(
        "s3",
        aws_access_key_id=aws.access_client_id,
        aws_secret_access_key=aws.access_client_secret.get_secret_value(),
        region_name=os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
    )
    for name, content in content_by_name.items():
        key = f"{prefix.rstrip('/')}/{name}".lstrip("/")
        client.put_object(Bucket=bucket, Key=key, Body=content)
