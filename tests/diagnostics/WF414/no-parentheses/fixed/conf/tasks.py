from wfruntime import tag


@tag()
def copy(source: str) -> dict[str, int]:
    return {"rows": len(source)}
