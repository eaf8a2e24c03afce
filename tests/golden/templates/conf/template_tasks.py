"""The caller of templates.yml: it shows what it gets."""

from typing import Any

from wfruntime import tag


@tag("v1")
def shows(**values: Any) -> dict[str, str]:
    own = {
        key: value for key, value in values.items() if key not in ("result", "extras")
    }
    return {key: f"{type(value).__name__}: {value}" for key, value in own.items()}
