"""The caller of environment.yml."""

from typing import Any

from wfruntime import tag


@tag("v1")
def takes(
    text: str,
    number: int = 0,
    rows: list[str] | None = None,
    more: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {"text": text, "number": number, "rows": rows, "more": more}
