from wfruntime import tag


@tag("v1")
def copy(source: str) -> dict[str, int]:
    return {"rows": len(source)}


@tag("v2", alias="copy")
def copy_fast(source: str) -> dict[str, int]:
    return {"rows": len(source)}
