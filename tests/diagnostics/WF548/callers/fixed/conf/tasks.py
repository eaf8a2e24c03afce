from wfruntime import tag


@tag("v1")
def load_orders_daily(day: str) -> dict[str, int]:
    return {"rows": len(day)}


@tag("v1")
def load_orders_monthly(day: str) -> dict[str, int]:
    return {"rows": len(day)}


@tag("v1")
def load_items_daily(day: str) -> dict[str, int]:
    return {"rows": len(day)}
