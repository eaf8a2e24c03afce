from typing import TypedDict

from wfruntime import tag


class Copied(TypedDict):
    last: dict[str, int] | None


@tag("v1")
def copy(source: str) -> Copied:
    return {"last": {"rows": len(source)} if source else None}
