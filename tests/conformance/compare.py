"""Whether a result is the expected one, by the rules of the golden cases.

Statuses, jobs, stages, strategies, outputs, and the places of `errors` must be the same. Of an
error only the own words of the workflow or of its tasks count: not the interpreter's sentences
around them, nor its classes. `SENTENCES` are those; a message that is none of them is all own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import unified_diff
from typing import Any

import yaml

SENTENCES = tuple(
    re.compile(sentence, re.DOTALL)
    for sentence in (
        r"Strategy execution was break because its nested-stage, '(.*)', failed\.",
        r"Strategy execution was canceled from the event before start stage execution\.",
        r"Break branch: '.*' because nested stage: '(.*)', failed\.",
        r"Break item: .* because nested stage: '(.*)', failed\.",
        r"Break case: '.*' because nested stage: (.*), failed\.",
        r"Break loop: .* because nested stage: '(.*)', failed\.",
        r"Cancel item: .* before start nested process\.",
        r"Loop was exceed the maximum (\d+) loops?\.",
        r"This stage does not set else for support not match any case\.",
        r"Job execution, '(.*)', was failed\.",
        r"Execution was canceled from the event was set before workflow execution\.",
        r"'.*' was timeout because it use exec time more than .* seconds\.",
        r"Validate job trigger rule was failed with '.*'\.",
        r"Required Param on this workflow setting does not set: '(.*?)'(?:, '(.*)')?\.",
        r"Trigger workflow was failed with:\n(.*)",
        r"This datetime, .*, does not support for this event schedule\.",
        # its shell, and the text of the script in a frame
        r"Subprocess: (?:<RUN_ID>\.sh: \d+: )?(.*)\n\t```bash\n.*",
        r"Parameters does not get dot with caller: '.*'\.",
        # of a condition: the class of its error
        r"[A-Z]\w+Error: (.*)",
        # values that do not fit
        r"Value can not convert to int, (.*), with base 10",
        r"Invalid the ISO format string for \w+: '(.*)'",
        r"(.*) does not match any value in choice options\.",
        r"Value of map param support only string-(?:dict|list) or \w+ type, not .*",
        r"Value that want to convert to \w+ does not support for type: .*",
        r"Received value type does not math with str, float, or \w+\.",
        r"could not convert string to float: '(.*)'",
        r"invalid literal for int\(\) with base 10: '(.*)'",
        r"The max-parallel value should not more than 10, the current value was set: (\d+)\.",
        r"String that want to convert to decimal type does not valid\.",
        r"Does not support string foreach: '(.*)' that can not convert to list\.",
        r"Foreach item should not duplicate\. .*",
        r"unhashable type: '\w+'",
        # filters and callers
        r"Index: (\d+) is out of range of value \(The maximum range is \d+\)\.",
        r"The post-filter: '(.*)' does not fit with .*",
        r"The value that pass to `(\w+)` filter should be `\w+` not .*",
        r"This custom function should pass input value with datetime type\.",
        r"Validate argument from the caller function raise invalid type\.",
        r"Return type: '(.*)@.*' can not serialize, you must set return be .*",
    )
)

_TEMPLATE = re.compile(r"\$\{\{.*?\}\}")
"""In the name of a stage: the interpreter shows it as it is written."""

PID = "<PID>"
"""In a text of our own expectation: some number of a process."""


def difference(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> str:
    """A diff of the two as YAML; "" when the result is the expected one."""
    expected = without_classes(expected)
    before, after = _lines(expected), _lines(_as_expected(expected, actual))
    diff = unified_diff(before, after, "expected", "actual", n=4, lineterm="")
    return "\n".join(diff)


def own_words(message: str) -> tuple[str, ...]:
    """What a message of the interpreter has of the workflow's and its tasks' words."""
    for sentence in SENTENCES:
        if found := sentence.fullmatch(message):
            # what stands in one may be another one
            return tuple(
                inner for words in found.groups() if words for inner in own_words(words)
            )
    return (message,)


def without_classes(expected: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a refusal to load only that; of a schedule not the classes of its entries."""
    if expected.get("load") == "error":
        return {"load": "error"}
    if "schedule" not in expected:
        return expected
    entries = [
        {key: entry[key] for key in entry if key != "kind"}
        for entry in expected["schedule"]
    ]
    return {**expected, "schedule": entries}


def _as_expected(expected: Any, actual: Any, key: str = "") -> Any:
    """The actual value, with each error that says the expected words put as expected.

    Args:
        key: Where the two stand. Among outputs, `errors` is a name like any other.
    """
    if isinstance(expected, dict) and isinstance(actual, dict):
        if key == "context":
            actual = _as_flattened(expected, actual)
        return {
            name: (
                _error_as_expected(expected.get(name), item)
                if name in ("errors", "raised") and key != "outputs"
                else _as_expected(expected.get(name), item, name)
            )
            for name, item in actual.items()
        }
    if isinstance(expected, list) and isinstance(actual, list):
        pairs = zip(expected + [None] * len(actual), actual, strict=False)
        return [_as_expected(*pair) for pair in pairs]
    if isinstance(expected, str) and PID in expected and isinstance(actual, str):
        shape = re.escape(expected).replace(re.escape(PID), r"\d+")
        return expected if re.fullmatch(shape, actual) else actual
    return actual


def _as_flattened(
    expected: Mapping[str, Any], actual: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The context of a release has the keys of its error once more."""
    error = {name: actual[name] for name in ("name", "message") if name in actual}
    if set(error) == {"name", "message"} and "message" in expected:
        error = _error_as_expected({name: expected.get(name) for name in error}, error)
    return {**actual, **error}


def _error_as_expected(expected: Any, actual: Any) -> Any:
    """Of one error, or of a map of them by strategy, item or branch."""
    if not isinstance(expected, dict) or not isinstance(actual, dict):
        return actual
    if not isinstance(expected.get("name"), str):
        return {
            name: _error_as_expected(expected.get(name), item)
            for name, item in actual.items()
        }
    return expected if _says(actual, expected) else actual


def _says(actual: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Where our own expectation leaves the message open there is only a name."""
    if set(actual) != {"name", "message"}:
        return False
    words = own_words(expected["message"]) if "message" in expected else ()
    return all(
        piece in actual["message"] for each in words for piece in _TEMPLATE.split(each)
    )


def _lines(value: Any) -> list[str]:
    return str(yaml.safe_dump(value, allow_unicode=True, width=1000)).splitlines()
