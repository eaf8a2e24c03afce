"""What is said of the values of a script that is given as text."""

from __future__ import annotations

from shell_rewrites import rewrite

VALUE = "${{ x }}"


def codes(script: str) -> list[str]:
    """The codes of what is said of each VALUE; no other place is named."""
    text = script.replace("VALUE", VALUE)
    found = [line.partition(":")[0].split() for line in rewrite(text)[1]]
    places = [span.split("-") for _, span in found]
    assert {text[int(start) : int(end)] for start, end in places} <= {VALUE}
    return [code for code, _ in found]
