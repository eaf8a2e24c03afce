"""How fast this machine is at the moment: limits in seconds mean a machine of a known speed.

Processor time is not enough: a core that shares its caches and its clock with other work takes
twice the seconds for the same instructions.
"""

from __future__ import annotations

import json
import time

_USUAL_S = 0.080
"""What the work below took on the machine on which the limits were set, when it was idle."""
_TEXT = json.dumps([{"key": number, "text": "word " * 5} for number in range(4000)])


def slowness() -> float:
    """1.0 on that machine, 2.0 where the same work takes twice as long; never below 1.0."""
    start = time.process_time()
    for _ in range(5):
        _work()
    return max(1.0, (time.process_time() - start) / _USUAL_S)


def _work() -> None:
    """Like a parser: characters, small objects, dictionaries."""
    counts: dict[str, int] = {}
    words: list[tuple[str, int]] = []
    word = ""
    for number, character in enumerate(_TEXT):
        if character.isalnum():
            word += character
        elif word:
            words.append((word, number))
            counts[word] = counts.get(word, 0) + 1
            word = ""
