from wfruntime import tag

from ..words import quiet


@tag("v1")
def whispers(text: str) -> dict[str, str]:
    return {"text": quiet(text)}
