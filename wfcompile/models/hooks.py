"""`Hook` and `Ping`: what a workflow calls when a run of it begins and has ended.

They are called also where a run could not begin, so none of its values can stand in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, ClassVar, Final, TypeAlias

from pydantic import BeforeValidator, Field

from wfcompile.models.base import NODE, Anything, Given, NodeModel, known_keys
from wfcompile.models.shape_error import ShapeError, unexpected
from wfcompile.models.values import (
    From,
    Items,
    Seconds,
    has_template,
    items,
    text_scalar,
    whole,
)
from wfcompile.nodes import MappingNode, Node, Scalar

_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+\S*|\$\{[^{}]+\}\S*", re.IGNORECASE)
_BEGINS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_NO_VALUES: Final = (
    "no value of the run can stand here: a command has the result in its environment, as "
    '"$WFC_STATUS" and "$WFC_ERROR"'
)
_retries = whole(0, 19)


def _constant(node: Node) -> Scalar:
    scalar = text_scalar(node)
    if has_template(scalar):
        raise unexpected(scalar, "a constant", help=_NO_VALUES)
    return scalar


def _command(node: Node) -> Scalar:
    scalar = _constant(node)
    text = scalar.text.strip()
    if not text:
        raise unexpected(scalar, "a command")
    if _BEGINS.fullmatch(text):
        help = f'write it as "url": {{url: "{text}"}}'
        raise unexpected(scalar, "a command", help=help)
    return scalar


def _address(node: Node) -> Scalar:
    """An address, or a text that becomes one when variables of the environment are read."""
    scalar = _constant(node)
    if not _ADDRESS.fullmatch(scalar.text.strip()):
        help = "write all of it, such as https://hooks.example/${HOOK_TOKEN}"
        raise unexpected(scalar, "an address that begins with https://", help=help)
    return scalar


def _about(subject: str, convert: Callable[[Node], Scalar], node: Node) -> None:
    """Let an error name what is written, not a key that nobody wrote."""
    try:
        convert(node)
    except ShapeError as error:
        error.subject = subject
        raise


class Ping(NodeModel):
    """`ping: ADDRESS`, or `{url, retry, timeout}`.

    Attributes:
        retry: tries after the first one; None where it is not written.
    """

    noun: ClassVar[str] = "ping"

    node: Anything = Field(alias=NODE)
    url: Annotated[Scalar, From(_address)] = Field(alias="url")
    retry: Annotated[int | None, From(_retries)] = Field(None, alias="retry")
    timeout_s: Seconds | None = Field(None, alias="timeout")

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        if isinstance(node, MappingNode):
            return None
        _address(node)  # its errors are about "ping"
        return {"url": node}


class Hook(NodeModel):
    """One call: `run` is a bash script, `url` an address; a text alone is a `run`."""

    noun: ClassVar[str] = "hook"
    synonyms: ClassVar[Mapping[str, str]] = {"bash": "run"}
    elsewhere: ClassVar[Mapping[str, str]] = {
        "uses": 'no caller can stand here; write a command as "run"',
        "env": "the environment of the run is that of the command",
        "ping": '"ping" stands beside "on-failure", not below it',
    }

    node: Anything = Field(alias=NODE)
    run: Annotated[Scalar | None, From(_command)] = Field(None, alias="run")
    url: Annotated[Scalar | None, From(_address)] = Field(None, alias="url")
    retry: Annotated[int | None, From(_retries)] = Field(None, alias="retry")
    timeout_s: Seconds | None = Field(None, alias="timeout")

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        if isinstance(node, Scalar) and isinstance(node.value, str):
            _about(subject, _command, node)
            return {"run": node}
        if isinstance(node, MappingNode):
            return None
        raise unexpected(node, "a command or a mapping", subject=subject)

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """Adds WF105 (neither kind), WF114 (both, or a command that is to be tried again)."""
        is_clear = all(each.key.text in known_keys(cls) for each in node)
        if "run" not in given and "url" not in given and is_clear:
            yield ShapeError(
                "WF105",
                'needs "run" or "url"',
                given.span,
                subject=given.subject,
                help='add one: run: ./notify.sh, or url: "https://hooks.example/..."',
            )
        for key in ("url", "retry") if "run" in given else ():
            entry = node.entry(key)
            if entry is not None:
                yield ShapeError(
                    "WF114",
                    f'with a "run" has no "{key}"',
                    entry.key.span,
                    subject=given.subject,
                    help=_HELP[key],
                )


_HELP: Final = {
    "url": "write two hooks, as items of a list",
    "retry": "let the command itself try again, or take it away",
}


def _one_or_more(expected: str) -> Callable[[object], Items]:
    """A hook alone is a list of one."""
    as_list = items(expected)

    def convert(node: object) -> Items:
        if isinstance(node, Scalar | MappingNode):
            return (node,)
        return as_list(node)

    return convert


Hooks: TypeAlias = Annotated[
    tuple[Hook, ...], BeforeValidator(_one_or_more("a hook, or a list of hooks"))
]
