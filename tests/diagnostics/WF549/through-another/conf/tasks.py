from boto3 import files
from wfruntime import tag


@tag("v1")
def fetch(url: str) -> dict[str, int]:
    return {"files": len(files(url))}
