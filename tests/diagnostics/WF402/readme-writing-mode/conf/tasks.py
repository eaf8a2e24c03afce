"""The caller of the interpreter's README, as it stands there."""

from pydantic import BaseModel
from wfruntime import CallerSecret, Result, tag


class AwsCredential(BaseModel):
    path: str
    access_client_id: str
    access_client_secret: CallerSecret


class RestAuth(BaseModel):
    type: str
    keys: CallerSecret


@tag("requests", alias="get-api-with-oauth-to-s3")
def get_api_with_oauth_to_s3(
    method: str,
    url: str,
    body: dict[str, str],
    auth: RestAuth,
    writing_node: str,
    aws: AwsCredential,
    result: Result,
) -> dict[str, int]:
    """Get the data from a REST API and land it."""
    result.trace.info(f"{method} {url} {body} -> {aws.path} ({writing_node})")
    return {"records": 1000}
