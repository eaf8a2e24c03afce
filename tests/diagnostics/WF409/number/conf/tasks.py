from wfruntime import tag


@tag("v1")
def copy(source: str) -> int:
    return len(source)
