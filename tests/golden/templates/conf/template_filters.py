"""Custom filters, as a user writes them."""

from datetime import date

from wfruntime import custom_filter


@custom_filter("slug")
def slug(value: str, sep: str = "-") -> str:
    return sep.join(value.lower().split())


@custom_filter("quarter")
def quarter_of(value: date) -> int:
    return (value.month + 2) // 3


@custom_filter("anything")
def anything(value: object, *, deep: bool = False) -> dict[str, object]:
    return {"value": value, "deep": deep}
