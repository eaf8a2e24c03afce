from typing import Annotated

from pydantic import Field
from wfruntime import tag

Seconds = Annotated[int, Field(ge=0)]


@tag("v1")
def load(waits: list[Seconds]) -> dict[str, int]:
    return {"waits": len(waits)}
