"""The differences of docs/differences.md in one line each, as the summary tells them."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "D1": "a job whose trigger rule is not met is skipped and fails nothing",
    "D2": "one_success and one_failed mean at least one, not exactly one",
    "D3": "all_done runs too when all needs were skipped",
    "D4": "params that are not passed get their default or None",
    "D5": "unset variables are an error, empty ones are empty, not the text null",
    "D6": "text that comes from values is not rendered again",
    "D7": "values are never pasted into shell or Python text",
    "D8": "scripts run in bash -eo pipefail, and ${NAME} in them is the shell's",
    "D9": "`if: true` runs and `if: false` skips; booleans are conditions",
    "D10": "what passed silently with a wrong shape is an error",
    "D11": "names, arguments and types that fail when they are reached are errors now",
    "D12": "circles of needs and triggers are errors",
    "D13": "a datetime with an offset is converted to UTC",
    "D14": "a block is a plain function, without the interpreter's own names",
    "D15": "retries work, and wait between the tries only",
    "D16": "timeout is a key, and stops what runs",
    "D17": "the error of a job tells the cause, also of a stage without an id",
    "D18": "outputs called status, info or errors stay outputs",
    "D19": "every failure leaves a record",
    "D20": "async callers run",
    "D21": "releases respect the time zone, and a failed one may be run again",
    "D22": "schedules mean what they say, as in cron",
    "D23": "registries, filters and result.trace are as the README says",
    "D24": "two workflows of one name are an error",
    "D25": "runs-on other than local is an error until it works",
    "D26": "extras are kept after a run",
    "D27": "values are shared and must not be changed in place",
    "D28": "a job reads only jobs that it needs",
    "D29": "names imported from the standard library are no outputs",
    "D30": ".confignore looks at paths below the project only",
    "D31": "text in programs of awk and sed is an error",
    "D32": "of two mappings in a << list the first one gives the order too",
    "D33": "a float for a decimal is taken by its digits, not by its binary value",
    "D34": "run with deps is a script of its own, with values as names in it",
    "D35": "expressions and shapes that the interpreter does not know have a meaning",
    "D36": "a failed row with fail-fast or a failed item ends no other job",
    "D37": "trace files hold a line an event; handlers are console and file",
    "D38": "a record of a stage without an id is found without the filters of its name",
    "D39": "a default is read as a value of the run is",
    "D40": "the hints of a custom filter count",
}
"""Number -> what is so here."""


def order(number: str) -> int:
    """
    >>> sorted(["D10", "D9"], key=order)
    ['D9', 'D10']
    """
    return int(number[1:])
