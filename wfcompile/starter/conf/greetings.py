"""The callers of hello.yml: typed functions that `uses: greetings/FUNCTION@TAG` names."""

from typing import TypedDict

from wfruntime import tag

WORDS = {"de": "hallo", "en": "hello", "th": "สวัสดี"}


class Greeting(TypedDict):
    text: str
    letters: int


@tag("v1")
def compose(language: str, name: str, times: int = 1) -> Greeting:
    """The greeting as one text, and how long it is."""
    if language not in WORDS:
        raise ValueError(f"no greeting is known in {language}")
    text = ", ".join([f"{WORDS[language]} {name}"] * times)
    return {"text": text, "letters": len(text)}
