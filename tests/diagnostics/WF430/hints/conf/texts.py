from wfruntime import custom_filter


@custom_filter("twice")
def twice(value: str) -> str:
    return value * 2
