"""Credentials in a file: told where they stand, and shown nowhere.

Adds WF575 (a key of a known form, also in a comment) and WF576 (a value whose name is that of a
secret). What is found is hidden in the file, so that no excerpt of it shows the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from wfcompile.credentials.formats import keys_in
from wfcompile.credentials.values import is_credential
from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from wfcompile.secret_names import is_secret_name
from wfcompile.source import SourceFile, Span

_MOST = 100
"""Of each code so many are told of a file; it may be a list of them."""
_HINT = re.compile("pass|pwd|secret|token|key|auth", re.IGNORECASE)
_DEFAULT = re.compile(r"\$\{\s*(?P<name>\w+)\s*:[-=]?(?P<value>[^{}]+)\}")
_IN_SHELL = re.compile(
    r"(?:^|[\s;&|(])(?P<name>[A-Za-z_]\w*)="
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"';&|()<>]+))"
    r"(?=[\s;&|)]|$)",
    re.ASCII,
)
_OPTION = re.compile(
    r"(?<=\s)--(?P<name>[a-z][\w-]*)(?:=|[ \t]+)"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"';&|()<>-][^\s\"';&|()<>]*))"
    r"(?=[\s;&|)]|$)",
    re.ASCII,
)
_IN_QUERY = re.compile(r"[?&;](?P<name>[\w.-]+)=(?P<bare>[^&;#\s]+)")
_HOOKS = ("on-failure", "on-success", "ping")
_IN_PYTHON = re.compile(
    r"(?:(?P<name>\b[A-Za-z_]\w*)(?:\s*:\s*\w+)?\s*=|[\"'](?P<key>[\w-]+)[\"']\]?\s*[:=])"
    r"\s*[bru]?(?:\"(?P<double>[^\"\\\n]*)\"|'(?P<single>[^'\\\n]*)')"
)


@dataclass(frozen=True, slots=True)
class _Value:
    """A written value with a name; `help` is what to do."""

    name: str
    text: str
    span: Span
    help: str


def report_credentials(
    file: SourceFile, node: Node | None, diagnostics: Diagnostics
) -> None:
    """Adds WF575, WF576.

    Args:
        node: of the file; None when it is no YAML.
    """
    for key in islice(keys_in(file.text), _MOST):
        file.hide(key.start, key.end)
        diagnostics.warning(
            "WF575",
            f"{key.name} is written in the file, where all who can read it can use it",
            Span(file, key.start, key.end),
            help="revoke it, and read the new one from the environment, as ${NAME}",
        )
    values = _values(node) if node is not None and _HINT.search(file.text) else ()
    written = (
        each
        for each in values
        if is_secret_name(each.name)
        and is_credential(each.name, each.text)
        and not file.is_hidden(each.span.start)
    )
    for value in islice(written, _MOST):
        file.hide(value.span.start, value.span.end)
        diagnostics.warning(
            "WF576",
            f'the value of "{value.name}" is written in the file, '
            "where all who can read it can use it",
            value.span,
            help=value.help,
        )


def _values(root: Node) -> Iterator[_Value]:
    """Of each node once, however many aliases there are of it."""
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        inside: list[Node] = []
        if isinstance(node, Scalar):
            yield from _defaults(node)
        elif isinstance(node, SequenceNode):
            inside = list(node.items)
        else:
            inside = [entry.value for entry in node]
            for entry in node:
                yield from _values_of(entry)
        waiting += [each for each in inside if id(each) not in seen]
        seen.update(map(id, inside))


def _values_of(entry: Entry) -> Iterator[_Value]:
    name, value = entry.key.text, entry.value
    if name in _HOOKS:
        yield from _in_hooks(value)
    elif isinstance(value, Scalar) and name == "bash":
        yield from _in_shell(value)
    elif isinstance(value, Scalar) and name == "run":
        yield from _in_python(value)
    elif is_secret_name(name):
        yield from _values_of_secret(name, value)


def _values_of_secret(name: str, value: Node) -> Iterator[_Value]:
    words = re.sub(r"\W+", "_", name).upper()
    variable = f"${{{words}}}"
    reading = f"read it from the environment, as {variable}"
    if isinstance(value, MappingNode) and value.get("type") is not None:
        default = value.get("default")
        if isinstance(default, Scalar) and isinstance(default.value, str):
            help = f"take the default away, and write {variable} where it is used"
            yield _Value(name, default.text, _content(default), help)
    items = value.items if isinstance(value, SequenceNode) else (value,)
    for item in items:
        if isinstance(item, Scalar) and isinstance(item.value, str) and item.text:
            yield _Value(name, item.text, _content(item), reading)


def _content(scalar: Scalar) -> Span:
    """Without the quotes."""
    return scalar.span_of(0, len(scalar.text))


def _defaults(scalar: Scalar) -> Iterator[_Value]:
    """Those of `${NAME:default}`."""
    for match in _DEFAULT.finditer(scalar.text) if "${" in scalar.text else ():
        name = match["name"]
        help = f"write it without a default, as ${{{name}}}"
        yield _Value(name, match["value"], scalar.span_of(*match.span("value")), help)


def _in_shell(scalar: Scalar) -> Iterator[_Value]:
    for match in _IN_SHELL.finditer(scalar.text):
        help = f"take it out, and set {match['name']} in the environment of the run"
        yield _matched(scalar, match, match["name"], help)
    for match in _OPTION.finditer(scalar.text):
        variable = match["name"].replace("-", "_").upper()
        help = f'read it from the environment, as "${variable}"'
        yield _matched(scalar, match, match["name"], help)


def _in_hooks(node: Node) -> Iterator[_Value]:
    """Of what a workflow calls: addresses, and commands, which are shell text under `run` too."""
    for hook in node.items if isinstance(node, SequenceNode) else (node,):
        url, run = (
            (hook.get("url"), hook.get("run"))
            if isinstance(hook, MappingNode)
            else (hook, hook)
        )
        if isinstance(run, Scalar):
            yield from _in_shell(run)
        if isinstance(url, Scalar) and "://" in url.text:
            for match in _IN_QUERY.finditer(url.text):
                variable = re.sub(r"\W+", "_", match["name"]).upper()
                help = f"read it from the environment, as ${{{variable}}}"
                yield _matched(url, match, match["name"], help)


def _in_python(scalar: Scalar) -> Iterator[_Value]:
    for match in _IN_PYTHON.finditer(scalar.text):
        name = match["name"] or match["key"]
        variable = name.replace("-", "_").upper()
        help = f'read it from the environment, as os.environ["{variable}"]'
        yield _matched(scalar, match, name, help)


def _matched(scalar: Scalar, match: re.Match[str], name: str, help: str) -> _Value:
    groups = match.groupdict()
    kind = next(
        kind for kind in ("double", "single", "bare") if groups.get(kind) is not None
    )
    return _Value(name, match[kind], scalar.span_of(*match.span(kind)), help)
