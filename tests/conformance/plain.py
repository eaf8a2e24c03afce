"""Results as the golden cases have them: plain data without what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_RUN_ID = re.compile(r"\b\d{20}T[0-9a-f]{10}\b")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
_DROPPED = ("run_id", "parent_run_id", "execute_date")
_VIEWS = {type({}.keys()): "$dict_keys", type({}.values()): "$dict_values"}


def plain(value: Any, folder: str) -> Any:
    """Args:
    folder: the working folder, shown as `<TMP>`.
    """
    if isinstance(value, Mapping):
        return {
            plain_text(str(key), folder): plain(item, folder)
            for key, item in value.items()
            if not _differs_by_run(key, item)
        }
    if isinstance(value, (list, tuple)):
        return [plain(item, folder) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item, folder) for item in value), key=str)
    if type(value) in _VIEWS:
        return {_VIEWS[type(value)]: [plain(item, folder) for item in value]}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, str):
        return plain_text(value, folder)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return plain_text(str(value) if isinstance(value, Decimal) else repr(value), folder)


def plain_text(text: str, folder: str) -> str:
    text = _RUN_ID.sub("<RUN_ID>", text.replace(folder, "<TMP>"))
    return _ADDRESS.sub("0x<ADDR>", text)


def _differs_by_run(key: object, item: object) -> bool:
    return key in _DROPPED or (key == "info" and isinstance(item, Mapping))


_TYPES: dict[str, Callable[[Any], Any]] = {
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$decimal": Decimal,
    "$tuple": tuple,
    "$set": set,
}


def typed(value: Any) -> Any:
    """What JSON cannot say: `{"$date": "2024-01-02"}` is a date."""
    if isinstance(value, dict):
        (name, item), *others = value.items() or [("", None)]
        if name in _TYPES and not others:
            return _TYPES[name](typed(item))
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return value
