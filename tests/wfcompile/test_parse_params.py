"""Params and `on`: what they hold, and one clear error for each mistake."""

from __future__ import annotations

import pytest
from shape_texts import said, with_body, workflow

from wfcompile.models import Param, Schedule
from wfcompile.nodes import plain_value


def param(body: str) -> Param:
    (only,) = workflow(with_body(f"params:\n  a: {body}")).params
    return only


def test_what_a_param_holds() -> None:
    found = param("{type: float, desc: b, required: true, default: x, precision: 2}")
    assert found.default is not None
    assert (
        (found.name, found.name_span.line, found.type, found.desc, found.required),
        (plain_value(found.default), found.options, found.precision),
    ) == (("a", 4, "float", "b", True), ("x", (), 2))


@pytest.mark.parametrize(
    "type_", ["str", "int", "float", "decimal", "date", "datetime", "map", "array"]
)
def test_a_param_in_short(type_: str) -> None:
    found = param(type_)
    assert (
        (found.type, found.desc, found.required, found.default, found.options),
        plain_value(found.node),
    ) == ((type_, None, None, None, ()), type_)


def test_a_default_may_be_null() -> None:
    found = param("{type: date, default: null, desc: null}")
    assert found.default is not None
    assert (plain_value(found.default), found.desc) == (None, None)


@pytest.mark.parametrize(
    ("options", "expected"),
    [("[a, b]", ("a", "b")), ("[1, 2]", (1, 2)), ("['1', 2]", (1, 2))],
)
def test_the_options_of_a_choice(options: str, expected: tuple[object, ...]) -> None:
    assert param(f"{{type: choice, options: {options}}}").options == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "text",
            '4 `text`: WF108 the type of param "a" is the text "text", expected one of str, int,'
            ' float, decimal, date, datetime, choice, map, array (did you mean "str"?)',
        ),
        (
            "5",
            '4 `5`: WF106 the type of param "a" is the number 5, expected one of str, int, float,'
            " decimal, date, datetime, choice, map, array",
        ),
        (
            "",
            '4 ``: WF106 the type of param "a" is empty, expected one of str, int, float, decimal,'
            " date, datetime, choice, map, array",
        ),
        (
            "[a]",
            '4 `[a]`: WF106 param "a" is a list, expected a mapping (its keys are'
            " type, desc, required, default, options, precision)",
        ),
        (
            "{}",
            '4 `a`: WF105 param "a" needs "type" (add one, such as type: str)',
        ),
        (
            "{typ: int}",
            '4 `typ`: WF104 param "a" has no key "typ" (did you mean "type"?)',
        ),
        (
            "{type: strr}",
            '4 `strr`: WF108 "type" is the text "strr", expected one of str, int,'
            ' float, decimal, date, datetime, choice, map, array (did you mean "str"?)',
        ),
        (
            "{type: string}",
            '4 `string`: WF108 "type" is the text "string", expected one of str, int,'
            ' float, decimal, date, datetime, choice, map, array (did you mean "str"?)',
        ),
        (
            "{type: bool}",
            '4 `bool`: WF108 "type" is the text "bool", expected one of str, int,'
            " float, decimal, date, datetime, choice, map, array",
        ),
        (
            "{type: int, options: [1]}",
            '4 `options`: WF114 param "a" is of type int, which has no "options"'
            " (remove it, or write type: choice)",
        ),
        (
            "{type: str, precision: 2}",
            '4 `precision`: WF114 param "a" is of type str, which has no "precision"'
            " (remove it, or write type: float or decimal)",
        ),
        (
            "{type: float, precision: -1}",
            '4 `-1`: WF107 "precision" is the number -1, expected a whole number from'
            " 0 to 28"
            " (write 0, or a larger number)",
        ),
        (
            "{type: choice}",
            '4 `a`: WF105 param "a" needs "options" (add them: options: [first,'
            " second])",
        ),
        (
            "choice",
            '4 `choice`: WF105 param "a" needs "options" (add them: {type: choice,'
            " options: [first, second]})",
        ),
        (
            "{type: choice, option: [a]}",
            '4 `option`: WF104 param "a" has no key "option" (did you mean "options"?)',
        ),
        (
            "{type: choice, options: []}",
            '4 `[]`: WF116 "options" is an empty list, expected an option'
            " (write them: [first, second], or take another type than choice)",
        ),
        (
            "{type: choice, options: a}",
            '4 `a`: WF106 "options" is the text "a", expected a list of text or of'
            " whole numbers",
        ),
        (
            "{type: choice, options: [a, 1]}",
            '4 `a`: WF117 an option is the text "a", expected a whole number like the'
            " others (write all of them in quotes, or none)",
        ),
        (
            "{type: choice, options: [true]}",
            "4 `true`: WF106 an option is the boolean true, expected text or a whole"
            ' number (write it in quotes: "true")',
        ),
        (
            "{type: choice, options: [1.5]}",
            "4 `1.5`: WF106 an option is the number 1.5, expected text or a whole"
            ' number (write it in quotes: "1.5")',
        ),
        (
            "{type: int, requird: true}",
            '4 `requird`: WF104 param "a" has no key "requird" (did you mean'
            ' "required"?)',
        ),
        (
            "{type: int, required: maybe}",
            '4 `maybe`: WF106 "required" is the text "maybe", expected true or false',
        ),
        (
            "{type: int, desc: 5}",
            '4 `5`: WF106 "desc" is the number 5, expected text (write it in quotes:'
            ' "5")',
        ),
    ],
)
def test_a_wrong_param(body: str, expected: str) -> None:
    assert said(with_body(f"params:\n  a: {body}")) == [expected]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "1",
            "3 `1`: WF106 a param's name is the number 1, expected text (write it in"
            ' quotes: "1")',
        ),
        (
            "''",
            "3 `''`: WF109 a param's name is an empty text, expected a name",
        ),
    ],
)
def test_a_wrong_name_of_a_param(key: str, expected: str) -> None:
    assert said(with_body(f"params: {{{key}: int}}")) == [expected]


# --- on ---


def schedules(on: str) -> list[Schedule]:
    return list(workflow(with_body(f"on: {on}")).schedules)


@pytest.mark.parametrize(
    "on",
    [
        "[{cronjob: a}]",
        "{schedule: [{cronjob: a}]}",
        "{schedule: [{cronjob: a}], release: [b]}",
        "{cronjob: a}",
    ],
)
def test_the_forms_of_on(on: str) -> None:
    found = [each.cronjob.text for each in schedules(on) if each.cronjob]
    assert found == ["a"]


@pytest.mark.parametrize("on", ["[]", "{}", "{release: [a]}", "{schedule: []}"])
def test_on_without_a_schedule(on: str) -> None:
    assert schedules(on) == []


@pytest.mark.parametrize("on", ["five", "[five]", "{schedule: [five]}"])
def test_the_name_of_a_schedule(on: str) -> None:
    found = [each.reference.text for each in schedules(on) if each.reference]
    assert found == ["five"]


def test_what_a_schedule_holds() -> None:
    (found,) = schedules(
        "{interval: weekly, day: monday, time: '10:00', tz: UTC, params: {a: b}}"
    )
    scalars = (found.interval, found.day, found.time, found.timezone)
    assert found.params is not None
    assert (
        [scalar.text for scalar in scalars if scalar],
        plain_value(found.params),
        (found.cronjob, found.reference),
    ) == (["weekly", "monday", "10:00", "UTC"], {"a": "b"}, (None, None))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (
            "5",
            '3 `5`: WF106 "on" is the number 5, expected a list of schedules (write -'
            ' cronjob: "30 2 * * *" below it)',
        ),
        (
            "",
            '3 ``: WF106 "on" is empty, expected a list of schedules (write - cronjob:'
            ' "30 2 * * *" below it)',
        ),
        (
            "[5]",
            "3 `5`: WF106 a schedule is the number 5, expected a mapping (its keys are"
            " cronjob, interval, day, time, timezone, gap, fold, day-match, params, extras)",
        ),
        (
            "[{}]",
            '3 `{}`: WF105 a schedule needs "cronjob" or "interval" (add one: cronjob:'
            ' "30 2 * * *", or interval: daily)',
        ),
        (
            "[{timezone: UTC}]",
            '3 `timezone`: WF105 a schedule needs "cronjob" or "interval" (add one:'
            ' cronjob: "30 2 * * *", or interval: daily)',
        ),
        (
            "[{cron: a}]",
            '3 `cron`: WF104 a schedule has no key "cron" (did you mean "cronjob"?)',
        ),
        (
            "{cronjb: a}",
            '3 `cronjb`: WF104 a schedule has no key "cronjb" (did you mean'
            ' "cronjob"?)',
        ),
        (
            "{schedul: []}",
            '3 `schedul`: WF104 an on block has no key "schedul" (did you mean'
            ' "schedule"?)',
        ),
        (
            "{schedule: {cronjob: a}}",
            '3 `{cronjob: a}`: WF106 "schedule" is a mapping, expected a list of'
            ' schedules (begin each item with "- ")',
        ),
        (
            "{schedule: [], cronjob: a}",
            '3 `cronjob`: WF104 an on block has no key "cronjob" (put it into an entry'
            ' of the list below "schedule")',
        ),
        (
            "{schedule: [], colour: red}",
            '3 `colour`: WF104 an on block has no key "colour" (its keys are schedule,'
            " release)",
        ),
        (
            "{release: a}",
            '3 `a`: WF106 "release" is the text "a", expected a list of workflow names'
            " (write it as a list: [a])",
        ),
        (
            "{cronjob: 5}",
            '3 `5`: WF106 "cronjob" is the number 5, expected text (write it in'
            ' quotes: "5")',
        ),
        (
            "{cronjob: a, interval: daily}",
            '3 `interval`: WF114 a schedule with a "cronjob" has no "interval" (say'
            " all of it in the cronjob, or use an interval)",
        ),
        (
            "{cronjob: a, day: monday}",
            '3 `day`: WF114 a schedule with a "cronjob" has no "day" (say all of it in'
            " the cronjob, or use an interval)",
        ),
        (
            "{cronjob: a, tz: UTC, timezone: UTC}",
            '3 `timezone`: WF114 a schedule has both "tz" and "timezone" (keep one of'
            " them)",
        ),
        (
            "{interval: daily, time: 18:05}",
            '3 `18:05`: WF106 "time" is the number 18:05, expected text (write it in'
            ' quotes: "18:05")',
        ),
        (
            "{cronjob: a, params: [b]}",
            '3 `[b]`: WF106 "params" is a list, expected a mapping of params to values',
        ),
        (
            "{cronjob: a, params: {5: b}}",
            "3 `5`: WF106 a key is the number 5, expected text (write it in quotes:"
            ' "5")',
        ),
    ],
)
def test_a_wrong_on(on: str, expected: str) -> None:
    assert said(with_body(f"on: {on}")) == [expected]
