"""The callers of the compiled workflows."""

from wfruntime import tag


@tag("bench")
def one() -> dict[str, int]:
    return {"n": 1}
