from wfruntime import tag


@tag("v1")
def copy(source: str, target: str, rows: int = 100) -> dict[str, int]:
    """Copy rows from one table to another."""
    return {"rows": rows}
