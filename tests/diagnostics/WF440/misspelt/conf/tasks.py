from typing import TypedDict

from wfruntime import tag


class Copied(TypedDict):
    rows: int


@tag("v1")
def copy(source: str) -> Copied:
    return {"rows": len(source)}
