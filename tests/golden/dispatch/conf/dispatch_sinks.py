"""Callers of the same names as in other modules."""

from wfruntime import tag


@tag("v2")
def land_eu(day: str) -> dict[str, str]:
    return {"day": day, "sink": "eu"}
