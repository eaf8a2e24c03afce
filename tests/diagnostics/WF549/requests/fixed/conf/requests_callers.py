import requests
from wfruntime import tag


@tag("v1")
def fetch(url: str) -> dict[str, int]:
    return {"status": requests.get(url, timeout=10).status_code}
