"""Params of a run: every type's conversions, the declaration's rules, the dates of ISO 8601."""

from __future__ import annotations

import subprocess
import sys
import types
from dataclasses import dataclass, field, make_dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wfruntime.errors import ConfigurationError, ParamError
from wfruntime.isotime import DATETIME, datetime_of, match, parse_date, parse_datetime
from wfruntime.params import convert_params, describe, match_options, to_context

UTC = timezone.utc
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BANGKOK = timezone(timedelta(hours=7))


def converted(annotation: object, value: object, **metadata: Any) -> object:
    """The value of the one param `p`."""
    params = make_dataclass("Params", [("p", annotation, field(metadata=metadata))])
    return convert_params(params, {"p": value}, now=NOW).p  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (str, "abc", "abc"),
        (str, "", ""),
        (str, 42, "42"),
        (str, True, "True"),
        (str, ["a"], "['a']"),
        (int, 7, 7),
        (int, " 12 ", 12),
        (int, "1_000", 1000),
        (int, "-8", -8),
        (int, True, True),
        (float, "2.5", 2.5),
        (float, 4, 4.0),
        (float, True, 1.0),
        (float, 1.23456789, 1.234568),
        (Decimal, "1.1", Decimal("1.100000")),
        (Decimal, 5, Decimal("5.000000")),
        (Decimal, Decimal("1.0000005"), Decimal("1.000000")),
        (date, date(2024, 1, 2), date(2024, 1, 2)),
        (date, datetime(2024, 1, 2, 23), date(2024, 1, 2)),
        (date, "2024-02-29", date(2024, 2, 29)),
        (date, "20240305", date(2024, 3, 5)),
        (datetime, "2024-01-01", datetime(2024, 1, 1, tzinfo=UTC)),
        (datetime, "2024-01-01T10:20:30", datetime(2024, 1, 1, 10, 20, 30, 0, UTC)),
        (datetime, "2024-01-01T10:00:00+07:00", datetime(2024, 1, 1, 3, tzinfo=UTC)),
        (datetime, "2024-01-01T00:00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        (datetime, "20240101T102030", datetime(2024, 1, 1, 10, 20, 30, 0, UTC)),
        (datetime, datetime(2024, 1, 1, 5), datetime(2024, 1, 1, 5, tzinfo=UTC)),
        (
            datetime,
            datetime(2024, 1, 1, 5, tzinfo=BANGKOK),
            datetime(2023, 12, 31, 22, tzinfo=UTC),
        ),
        (datetime, date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC)),
        (Literal["a", "b"], "b", "b"),
        (Literal[1, 2], 2, 2),
        (dict[str, Any], {"a": 1}, {"a": 1}),
        (dict[str, Any], "{'a': 1, 'b': True}", {"a": 1, "b": True}),
        (dict[str, Any], "", {}),
        (list[Any], [1, None], [1, None]),
        (list[Any], (1, 2), [1, 2]),
        (list[Any], {3}, [3]),
        (list[Any], '["a", 2, true]', ["a", 2, True]),
        (list[Any], "", []),
        (Optional[int], "5", 5),  # noqa: UP045
        (int | None, "5", 5),
        (datetime | None, "2024-01-01", datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_value_is_converted(
    annotation: object, value: object, expected: object
) -> None:
    result = converted(annotation, value)
    assert (type(result), result) == (type(expected), expected)
    if isinstance(result, datetime):
        assert result.tzinfo is UTC


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        (int, "12a", "'12a' is not an int"),
        (int, "", "'' is not an int"),
        (int, "4.5", "'4.5' is not an int"),
        (int, 3.0, "3.0 (float) is not an int"),
        (float, "x", "'x' is not a float"),
        (float, [1.0], "[1.0] (list) is not a float"),
        (float, 10**400, None),
        (Decimal, "x1", "'x1' is not a decimal of 6 places"),
        (Decimal, "inf", "'inf' is not a decimal of 6 places"),
        (Decimal, [1], "[1] (list) is not a decimal"),
        (date, "2024-02-30", "'2024-02-30' is not a date; write it as 2024-01-31"),
        (
            date,
            "2024-01-02T03:04:05",
            "'2024-01-02T03:04:05' is not a date; write it as 2024-01-31",
        ),
        (date, 20240101, "20240101 (int) is not a date; write it as 2024-01-31"),
        (
            datetime,
            "01/02/2024",
            "'01/02/2024' is not a datetime; write it as 2024-01-31T10:20:30",
        ),
        (datetime, 5, "5 (int) is not a datetime; write it as 2024-01-31T10:20:30"),
        (datetime, "0001-01-01T00:00:00+07:00", None),
        (Literal["a", "b"], "c", "'c' is not one of 'a', 'b'"),
        (Literal[1, 2], "1", "'1' is not one of 1, 2"),
        (Literal["a"], ["a"], "['a'] is not one of 'a'"),
        (
            dict[str, Any],
            "a: 1",
            "'a: 1' is not a map; write a Python literal such as {'a': 1}",
        ),
        (
            dict[str, Any],
            '{"k": true}',
            "'{\"k\": true}' is not a map; write a Python literal such as {'a': 1}",
        ),
        (dict[str, Any], "{1, 2}", None),
        (
            dict[str, Any],
            [1],
            "[1] (list) is not a map; write a Python literal such as {'a': 1}",
        ),
        (list[Any], "a,b", "'a,b' is not an array; write JSON such as [\"a\", 1]"),
        (list[Any], "['a']", None),
        (list[Any], "[" * 100_000 + "]", None),
        (list[Any], {"a": 1}, None),
    ],
)
def test_a_value_that_does_not_fit_is_told(
    annotation: object, value: object, message: str | None
) -> None:
    with pytest.raises(ParamError) as caught:
        converted(annotation, value)
    assert str(caught.value).startswith('param "p": ')
    assert len(str(caught.value)) < 200
    if message is not None:
        assert str(caught.value) == f'param "p": {message}'


@pytest.mark.parametrize(
    ("annotation", "value", "precision", "expected"),
    [
        (float, "2.71828", 3, 2.718),
        (float, 2.5, 0, 2.0),
        (Decimal, "10.005", 2, Decimal("10.00")),
        (Decimal, "10.015", 2, Decimal("10.02")),
        (Decimal, 0.1, 4, Decimal("0.1000")),
        (Decimal, 2.675, 2, Decimal("2.68")),
        (Decimal, True, 1, Decimal("1.0")),
        (Decimal, 5, 3, Decimal("5.000")),
    ],
)
def test_precision(
    annotation: object, value: object, precision: int, expected: object
) -> None:
    result = converted(annotation, value, precision=precision)
    assert (str(result), result) == (str(expected), expected)


def test_decimals_do_not_follow_the_threads_rounding() -> None:
    from decimal import ROUND_UP, localcontext

    with localcontext() as context:
        context.rounding = ROUND_UP
        assert converted(Decimal, "1.001", precision=2) == Decimal("1.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    source_extract: str
    day: date
    run_date: datetime
    limit: int = field(default=10, metadata={"desc": "How many rows."})
    mode: Literal["full", "delta"]
    regions: list[Any] = field(default_factory=lambda: ["eu", "us"])
    rate: Decimal | None = None
    upper: str = field(default="A", metadata={"name": "Upper_"})


def test_what_is_missing_or_none_takes_its_default() -> None:
    expected = Params(
        source_extract=None,  # type: ignore[arg-type]
        day=date(2026, 3, 4),
        run_date=NOW,
        limit=10,
        mode="full",
        regions=["eu", "us"],
        rate=None,
        upper="A",
    )
    assert convert_params(Params, {}, now=NOW) == expected
    nothing = dict.fromkeys(to_context(expected))
    assert convert_params(Params, nothing, now=NOW) == expected


def test_a_default_list_is_not_shared() -> None:
    first, second = (convert_params(Params, {}, now=NOW) for _ in range(2))
    assert first.regions is not second.regions


def test_an_instance_is_converted_once_more() -> None:
    given = convert_params(Params, {"limit": "3"}, now=NOW)
    assert convert_params(Params, given, now=NOW) == given


def test_to_context_has_the_names_of_the_yaml() -> None:
    assert to_context(convert_params(Params, {"source-extract": "x"}, now=NOW)) == {
        "source-extract": "x",
        "day": date(2026, 3, 4),
        "run-date": NOW,
        "limit": 10,
        "mode": "full",
        "regions": ["eu", "us"],
        "rate": None,
        "Upper_": "A",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"source_extract": 1},
            'unknown param "source_extract"; did you mean "source-extract"?',
        ),
        (
            {"zzz": 1},
            'unknown param "zzz"; known: "source-extract", "day", "run-date", "limit", '
            '"mode", "regions", "rate", "Upper_"',
        ),
        (
            {"run-dat": 1, "limit": "x"},
            'unknown param "run-dat"; did you mean "run-date"?; '
            "param \"limit\": 'x' is not an int",
        ),
        ([1], "params are not a map of names to values: [1]"),
    ],
)
def test_all_problems_are_told_at_once(given: Any, message: str) -> None:
    with pytest.raises(ParamError) as caught:
        convert_params(Params, given, now=NOW)
    assert str(caught.value) == message


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    a: str = field(metadata={"required": True})
    b: int
    c: int = field(metadata={"required": True})
    d: Literal["x", "y"] = field(metadata={"required": True})


def test_required_params() -> None:
    with pytest.raises(ParamError) as caught:
        convert_params(Required, {"b": 1}, now=NOW)
    assert str(caught.value) == 'required params not set: "a", "c", "d"'
    with pytest.raises(ParamError) as caught:
        convert_params(Required, {"a": None, "c": 1, "d": None}, now=NOW)
    assert str(caught.value) == 'required param not set: "a"'
    given = {"a": "", "c": 1, "d": None}
    assert convert_params(Required, given, now=NOW) == Required(
        a="",
        b=None,  # type: ignore[arg-type]
        c=1,
        d="x",
    )


def test_no_params_at_all() -> None:
    @dataclass(frozen=True)
    class NoParams:
        pass

    assert convert_params(NoParams, {}, now=NOW) == NoParams()
    with pytest.raises(ParamError, match='unknown param "a"; there are no params'):
        convert_params(NoParams, {"a": 1}, now=NOW)


def test_an_annotation_that_is_unknown() -> None:
    with pytest.raises(ConfigurationError, match='param "p" has the unknown type'):
        converted(bytes, b"")


def test_annotations_may_be_strings(tmp_path: Path) -> None:
    module = types.ModuleType("a_module")
    source = """
from __future__ import annotations
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    at: datetime
    mode: Literal["full", "delta"]
    many: list[Any]
    rate: float | None = None
"""
    sys.modules["a_module"] = module
    try:
        exec(source, vars(module))
        declared = describe(module.Params)
        assert [param.type for param in declared] == [
            "datetime",
            "choice",
            "array",
            "float",
        ]
    finally:
        del sys.modules["a_module"]


def test_describe() -> None:
    seen = [
        (p.name, p.type, p.options, p.default(None), p.has_default, p.desc, p.required)
        for p in describe(Params)
    ]
    assert seen[3:6] == [
        ("limit", "int", (), 10, True, "How many rows.", False),
        ("mode", "choice", ("full", "delta"), "full", False, None, False),
        ("regions", "array", (), ["eu", "us"], True, None, False),
    ]


def test_a_command_line_text_means_the_number_of_a_choice() -> None:
    params = make_dataclass("Params", [("size", Literal[1, 2]), ("n", str)])
    assert match_options(params, {"size": "2", "n": "2", "zz": "2"}) == {
        "size": 2,
        "n": "2",
        "zz": "2",
    }
    assert match_options(params, {"size": "3"}) == {"size": "3"}


def test_a_secret_is_masked_before_the_value_is_cut() -> None:
    from wfruntime import secrets

    secret = "s3cr3t-" + "q" * 30
    secrets.register(secret)
    with pytest.raises(ParamError) as caught:
        converted(int, "x" * 55 + secret)
    assert "s3cr3t" not in str(caught.value)


# --- ISO 8601, as Python 3.11 reads it ---


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "20240305",
        "2024-W10",
        "2024W10",
        "2024-W10-2",
        "2024W102",
        "2024-03-05T10",
        "2024-03-05T10:20",
        "2024-03-05 10:20:30",
        "2024-03-05x10:20:30",
        "20240305T1020",
        "20240305T102030",
        "20240305T102030.5",
        "20240305T102030,123456789",
        "2024-03-05T10:20:30.1",
        "2024-03-05T10:20:30.1234567",
        "2024-03-05T10:20:30Z",
        "20240305T102030Z",
        "2024-03-05T10:20:30+07",
        "2024-03-05T10:20:30+0700",
        "2024-03-05T10:20:30-07:30",
        "2024-03-05T10:20:30+07:30:15",
        "2024-03-05T10:20:30+07:30:15.5",
        "2024-03-05T10:20:30-00:00",
        "2024-W10-2T10:20",
        "2024W10T10:20",
        "",
        "x",
        "2024-3-5",
        "2024-0305",
        "2024-02-30",
        "2024-13-01",
        "2024-W60",
        "2024-W10-8",
        "2024-03-05T",
        "2024-03-05T1",
        "2024-03-05T10:2030",
        "2024-03-05T10:20:60",
        "2024-03-05T10:20:30.",
        "2024-03-05T10:20:30z",
        "2024-03-05T10:20:30+24:00",
        "2024-03-05T10:20:30+07:60",
        "2024-03-05T10:20:30Z+1",
        " 2024-03-05",
        "2024-03-05 ",
        "٢٠٢٤-03-05",
    ],
)
@pytest.mark.skipif(sys.version_info < (3, 11), reason="3.10 reads less")
def test_the_own_reader_agrees_with_python_3_11(text: str) -> None:
    assert read_with(lambda: datetime_of(match(DATETIME, text))) == read_with(
        lambda: datetime.fromisoformat(text)
    )


@pytest.mark.skipif(sys.version_info < (3, 11), reason="3.10 reads less")
@given(
    st.datetimes(timezones=st.none() | st.just(UTC) | st.just(BANGKOK)),
    st.sampled_from(["auto", "hours", "minutes", "seconds", "milliseconds"]),
    st.sampled_from([None, "-", ":", "-:"]),
)
def test_the_own_reader_reads_what_isoformat_writes(
    moment: datetime, precision: str, drop: str | None
) -> None:
    text = moment.isoformat(timespec=precision)
    if drop and "-" in drop:
        text = text[:10].replace("-", "") + text[10:]
    if drop and ":" in drop:
        text = text.replace(":", "")
    expected = datetime.fromisoformat(text)
    read = datetime_of(match(DATETIME, text))
    assert (read, read.utcoffset()) == (expected, expected.utcoffset())


def read_with(reader: Any) -> object:
    try:
        read: datetime = reader()
    except ValueError:
        return "refused"
    return read, read.utcoffset()


def test_the_same_on_every_python() -> None:
    """The pythons that this machine has, 3.10 among them if the test is to say anything."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from wfruntime.isotime import parse_date as d, parse_datetime as t;"
        "print(t('20240305T102030,5+0700').isoformat(), t('2024-W10-2T10Z').isoformat(),"
        " d('20240305'), d('2024W102'))"
    )
    runtime = Path(__file__).resolve().parents[2] / "runtime"
    expected = "2024-03-05T10:20:30.500000+07:00 2024-03-05T10:00:00+00:00 2024-03-05 2024-03-05\n"
    for python in other_pythons():
        done = subprocess.run(
            [python, "-S", "-c", code, str(runtime)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == expected, python


def other_pythons() -> list[str]:
    """This Python and those of pyenv; a shim of pyenv may lead nowhere."""
    pyenv = Path("~/.pyenv/versions").expanduser()
    return [sys.executable, *map(str, sorted(pyenv.glob("3.1?.*/bin/python3")))]


def test_parse() -> None:
    assert parse_date("2024-W10-2") == date(2024, 3, 5)
    assert parse_datetime("2024-03-05") == datetime(2024, 3, 5)
