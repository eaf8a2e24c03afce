"""What the users' callers and filters import: marks that change nothing, and a secret text.

The compiler finds callers by reading sources, never by these marks; they are set as the
interpreter sets them, so that callers can be shared with it.
"""

from __future__ import annotations

from . import secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, SupportsIndex, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def tag(name: str | None = None, alias: str | None = None) -> Callable[[F], F]:
    """Mark a function as the caller `<alias>@<name>`.

    Args:
        name: The tag, "latest" if left out.
        alias: The function's name in `uses:`, else its own with `-` for `_`.

    Returns:
        A decorator that returns the same function, its type kept.
    """

    def mark(function: F) -> F:
        vars(function).update(
            tag=name or "latest",
            name=alias or function.__name__.replace("_", "-"),
            mark="tag",
        )
        return function

    return mark


def custom_filter(name: str) -> Callable[[F], F]:
    """Mark a function as the filter of that name; its first parameter is the value."""

    def mark(function: F) -> F:
        vars(function).update(filter=name, mark="filter")
        return function

    return mark


class CallerSecret(str):
    """A text that prints as stars everywhere; `get_secret_value()` gives the real one.

    The stars are the text itself, so that `json.dumps`, `"".join` and all else that reads
    a `str` without asking its methods sees them too. The value is masked in all output
    from its construction on, except if it is so short that masking it would hide
    half of every line. Two secrets are equal when their values are.
    """

    __slots__ = ("_value",)
    _value: str

    def __new__(cls, value: str) -> CallerSecret:
        if isinstance(value, CallerSecret):
            return value
        secret = super().__new__(cls, secrets.MASK)
        secret._value = value
        secrets.register(value)
        return secret

    def get_secret_value(self) -> str:
        return self._value

    def __str__(self) -> str:
        return secrets.MASK

    def __repr__(self) -> str:
        return secrets.MASK

    def __format__(self, spec: str) -> str:
        return format(secrets.MASK, spec)

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CallerSecret) and self._value == other._value

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return (type(self), (self._value,))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """A pydantic field type: from text, any `SecretStr` or itself; stars in JSON."""
        from pydantic_core import core_schema

        return core_schema.no_info_wrap_validator_function(
            cls._validated,
            core_schema.str_schema(),
            serialization=core_schema.to_string_ser_schema(when_used="json"),
        )

    @classmethod
    def _validated(cls, value: Any, to_text: Callable[[Any], str]) -> CallerSecret:
        if isinstance(value, CallerSecret):
            return value
        if hasattr(value, "get_secret_value"):
            value = value.get_secret_value()
        return cls(to_text(value))
