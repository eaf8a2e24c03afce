"""What a Python script of its own asks for: the packages of `deps`, the Python of `version`.

Both are printed into the script's header (PEP 723), so nothing is taken that uv would not read.
The only door to `packaging`.
"""

from __future__ import annotations

from wfcompile.diagnostics import shortened
from wfcompile.models.shape_error import ShapeError, unexpected
from wfcompile.models.values import in_quotes, text
from wfcompile.nodes import Node, Scalar

_MAJOR = 3


def requirement(node: Node) -> str:
    """A requirement as pip and uv read it, e.g. `polars>=1.2`.

    Adds WF112 (a template, which is not available yet), WF123 (no requirement).
    """
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise unexpected(node, "the text of a requirement", help=in_quotes(node))
    written = node.text.strip()
    if "${" in written:
        raise ShapeError(
            "WF112",
            "holds a template, which is not available yet",
            node.span,
            help="write a constant requirement",
        )
    if not written.isprintable() or not _is_requirement(written):
        raise unexpected(
            node,
            "a requirement",
            code="WF123",
            help="write a name, and behind it perhaps versions: polars>=1.2",
        )
    return written


def _is_requirement(written: str) -> bool:
    # rare, and a tenth of the start of a check
    from packaging.requirements import (  # noqa: PLC0415
        InvalidRequirement,
        Requirement,
    )

    try:
        Requirement(written)
    except InvalidRequirement:
        return False
    return True


def python_version(node: Node) -> str:
    """The least version of Python, e.g. `3.12`. Adds WF124 (no version of Python 3)."""
    written = text(node).strip()
    if not _is_python_version(written):
        digits = written.lstrip("<>=~! ").removesuffix(".*")
        help = f'write "{digits}"' if _is_python_version(digits) else None
        raise ShapeError(
            "WF124",
            f'is "{shortened(written)}", expected a version of Python',
            node.span,
            help=help or 'write the least version that will do: "3.12"',
        )
    return written


def _is_python_version(written: str) -> bool:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 (as above)

    try:
        version = Version(written)
    except InvalidVersion:
        return False
    return (
        version.major == _MAJOR
        and written.isascii()
        and written.startswith(str(_MAJOR))
        and not (version.epoch or version.local)
    )
