from typing import TypedDict

from wfruntime import Result, tag


class Rows(TypedDict):
    status: str
    rows: int


@tag("v1")
def read() -> Rows:
    return {"status": "new", "rows": 1}


@tag("v1")
async def wait(result: Result) -> Rows:
    result.trace.info("waits")
    return {"status": "new", "rows": 1}
