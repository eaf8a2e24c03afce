from typing import Any

from wfruntime import tag


@tag("v1")
def load(day: str) -> dict[str, Any]:
    return {"day": day}
