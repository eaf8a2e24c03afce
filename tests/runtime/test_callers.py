"""What users' modules import: the marks keep a function's type, a secret shows nothing."""

from __future__ import annotations

import asyncio
import copy
import io
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError
from wfruntime import callers, secrets
from wfruntime.callers import CallerSecret, custom_filter, tag
from wfruntime.secrets import MASK


def test_tag_marks_as_the_interpreter_does() -> None:
    def get_rows(a: int) -> int:
        return a

    assert tag("v1", alias="rows")(get_rows) is get_rows
    assert vars(get_rows) == {"tag": "v1", "name": "rows", "mark": "tag"}
    tag()(get_rows)
    assert vars(get_rows) == {"tag": "latest", "name": "get-rows", "mark": "tag"}
    assert get_rows(3) == 3


def test_tag_of_an_async_function() -> None:
    @tag("t")
    async def later(a: int) -> int:
        return a

    assert asyncio.iscoroutinefunction(later)
    assert asyncio.run(later(3)) == 3


def test_custom_filter() -> None:
    @custom_filter("times")
    def times(value: object, n: int = 2) -> str:
        return str(value) * n

    assert vars(times) == {"filter": "times", "mark": "filter"}
    assert times("ab") == "abab"


@pytest.fixture
def secret() -> CallerSecret:
    return CallerSecret("hidden-k-123")


def test_a_secret_shows_nothing(secret: CallerSecret) -> None:
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r:>5}",
        "%s" % secret,  # noqa: UP031
        "{}".format(secret),  # noqa: UP032
        json.dumps({"a": [secret]}),
        "".join(["Bearer ", secret]),
        "Bearer " + secret,
        secret + "!",
        secret[:],
        secret.encode().decode(),
        repr([secret]),
    ]
    file = io.StringIO()
    print(secret, file=file)
    assert not [text for text in [*shown, file.getvalue()] if "hidden" in text]
    assert all(MASK in text for text in shown)
    assert secret.get_secret_value() == "hidden-k-123"


def test_a_secret_is_masked_in_all_output(secret: CallerSecret) -> None:
    assert "hidden-k-123" not in secrets.mask("token=hidden-k-123;")
    CallerSecret("abc")
    assert secrets.mask("abc") == "abc"


def test_equality_is_of_the_values(secret: CallerSecret) -> None:
    assert secret == CallerSecret("hidden-k-123")
    assert secret != CallerSecret("another-one")
    assert secret != "hidden-k-123"
    assert secret != MASK
    assert len({secret, CallerSecret("hidden-k-123"), CallerSecret("b")}) == 2
    assert not CallerSecret("")


def test_a_copy_keeps_the_value(secret: CallerSecret) -> None:
    for copied in (
        copy.copy(secret),
        copy.deepcopy([secret])[0],
        pickle.loads(pickle.dumps(secret)),
        CallerSecret(secret),
    ):
        assert copied.get_secret_value() == "hidden-k-123"


def test_no_environment_in_a_value() -> None:
    assert CallerSecret("${HOME}").get_secret_value() == "${HOME}"


class Auth(BaseModel):
    kind: str
    keys: CallerSecret


def test_a_field_of_a_model() -> None:
    auth = Auth.model_validate({"kind": "bearer", "keys": "k-12345"})
    assert auth.keys.get_secret_value() == "k-12345"
    assert str(auth) == "kind='bearer' keys=**********"
    assert auth.model_dump_json() == '{"kind":"bearer","keys":"**********"}'
    assert auth.model_dump(mode="json") == {"kind": "bearer", "keys": MASK}
    dumped = auth.model_dump()["keys"]
    assert isinstance(dumped, CallerSecret)
    assert Auth.model_validate(auth.model_dump()) == auth
    assert auth.model_copy(deep=True) == auth
    by_json = Auth.model_validate_json('{"kind": "bearer", "keys": "k-12345"}')
    assert by_json == auth


def test_a_field_takes_other_secrets_and_refuses_other_types() -> None:
    adapter = TypeAdapter(CallerSecret)
    assert adapter.validate_python(SecretStr("k-12345")) == CallerSecret("k-12345")
    with pytest.raises(ValidationError, match="Input should be a valid string"):
        adapter.validate_python(5)
    assert adapter.json_schema() == {"type": "string"}


TYPED = """
from pydantic import BaseModel
from wfruntime.callers import CallerSecret, custom_filter, tag

class Auth(BaseModel):
    keys: CallerSecret
    other: CallerSecret | None = None

@tag("v1", alias="rows")
def rows(a: int, *, b: str = "") -> list[int]:
    return [a]

@tag()
async def later(a: int) -> int:
    return a

@custom_filter("twice")
def twice(value: str, n: int = 2) -> str:
    return value * n

auth = Auth.model_validate({"keys": "a"})
reveal_type(auth.keys.get_secret_value())
reveal_type(rows)
reveal_type(later)
reveal_type(twice)
Auth(keys=CallerSecret("a"))
rows("a")
"""


def test_types(tmp_path: Path) -> None:
    module = tmp_path / "typed.py"
    module.write_text(TYPED)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(module)],
        cwd=tmp_path,
        env={"MYPYPATH": str(Path(callers.__file__).resolve().parents[1]), "PATH": ""},
        capture_output=True,
        text=True,
    )
    told = [line.split(": ", 1)[1] for line in done.stdout.splitlines() if ": " in line]
    plain = [line.replace("builtins.", "").replace("typing.", "") for line in told]
    assert plain == [
        'note: Revealed type is "str"',
        'note: Revealed type is "def (a: int, *, b: str =) -> list[int]"',
        'note: Revealed type is "def (a: int) -> Coroutine[Any, Any, int]"',
        'note: Revealed type is "def (value: str, n: int =) -> str"',
        'error: Argument 1 to "rows" has incompatible type "str"; expected "int"'
        "  [arg-type]",
    ]
