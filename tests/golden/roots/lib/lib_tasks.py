from lib_words import loud
from wfruntime import tag


@tag("v1")
def says(text: str) -> dict[str, str]:
    return {"text": loud(text)}
