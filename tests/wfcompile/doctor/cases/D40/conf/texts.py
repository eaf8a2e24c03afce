from wfruntime import custom_filter


@custom_filter("twice")
def twice(value: str, end: str = "") -> str:
    return value * 2 + end


@custom_filter("double")
def double(value):
    return value * 2
