"""The finance API over a real connection."""

from __future__ import annotations

import json
from datetime import date
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from examples.finance_api.rates import quotes_of

BODY = {"resource": "USD-THB", "filter": "20240101"}


def ask(
    url: str, body: object, *, token: str = "demo-token", method: str = "POST"
) -> tuple[int, dict[str, object]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"}
    request = Request(url, data=data, headers=headers, method=method)
    try:
        with urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        return error.code, json.load(error)


def test_answers_the_records_of_the_day(api_url: str) -> None:
    assert ask(f"{api_url}/currency-pairs/", BODY) == (
        200,
        {**BODY, "records": quotes_of("USD-THB", date(2024, 1, 1))},
    )


def test_has_nothing_on_a_weekend(api_url: str) -> None:
    body = {"resource": "USD-THB", "filter": "20240106"}
    assert ask(f"{api_url}/currency-pairs/", body) == (200, {**body, "records": []})


@pytest.mark.parametrize(
    ("path", "body", "token", "answer"),
    [
        (
            "/currency-pairs/",
            BODY,
            "another-token",
            (401, {"error": "the bearer token is not known"}),
        ),
        (
            "/currencies/",
            BODY,
            "demo-token",
            (404, {"error": "no resource at /open-data/currencies/"}),
        ),
        (
            "/currency-pairs/",
            {"resource": "USD-XXX", "filter": "20240101"},
            "demo-token",
            (
                404,
                {
                    "error": 'no pair "USD-XXX"; known: EUR-USD, USD-JPY, USD-SGD, USD-THB'
                },
            ),
        ),
        (
            "/currency-pairs/",
            {"resource": "USD-THB"},
            "demo-token",
            (400, {"error": 'the body has no "filter"'}),
        ),
        (
            "/currency-pairs/",
            b"{not json",
            "demo-token",
            (
                400,
                {
                    "error": 'the body must be {"resource": "USD-THB", "filter": "YYYYmmdd"}'
                },
            ),
        ),
        (
            "/currency-pairs/",
            b" " * 65537,
            "demo-token",
            (
                413,
                {"error": "the body may have 65536 bytes and needs a Content-Length"},
            ),
        ),
    ],
    ids=["token", "path", "pair", "no filter", "no JSON", "too long"],
)
def test_refuses(
    api_url: str,
    path: str,
    body: object,
    token: str,
    answer: tuple[int, dict[str, object]],
) -> None:
    assert ask(api_url + path, body, token=token) == answer


def test_refuses_another_method(api_url: str) -> None:
    assert ask(f"{api_url}/currency-pairs/", BODY, method="GET") == (
        405,
        {"error": "use POST"},
    )
