from wfruntime import custom_filter

from packaged.words import quiet as _quiet


@custom_filter("quiet")
def quiet(value: str) -> str:
    return _quiet(value)
