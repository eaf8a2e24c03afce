from wfruntime import tag


@tag("v1")
def copy_raw(source: str) -> dict[str, int]:
    return {"rows": len(source)}


@tag("v1")
def copy_clean(source: str, limit: int = 10) -> dict[str, int]:
    return {"rows": limit}
