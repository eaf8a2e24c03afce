"""The lines of a block: common indentation off, strings of several lines untouched."""

from __future__ import annotations

from dataclasses import dataclass, field

from wfcompile.expressions.python_lexer import PythonSource
from wfcompile.ir import BlockLine


@dataclass(slots=True)
class DedentedSource:
    """A block as Python reads it.

    Attributes:
        starts, ends: for each character, where what it stands for begins and ends in the scalar.
        line_starts: offset of each line in `text`.
    """

    text: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    lines: tuple[BlockLine, ...] = ()
    line_starts: list[int] = field(default_factory=list)

    def offset(self, line: int, column: int, *, in_bytes: bool) -> int:
        """The offset of a 1-based line and a 0-based column, which `ast` counts in UTF-8."""
        if not 1 <= line <= len(self.line_starts):
            return len(self.text)
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        content = self.text[start : end if end >= 0 else len(self.text)]
        if in_bytes:
            encoded = content.encode("utf-8", "surrogatepass")
            column = len(encoded[:column].decode("utf-8", "ignore"))
        return start + min(column, len(content))


def dedent(source: PythonSource) -> DedentedSource:
    """Without common indentation and without empty lines at both ends.

    Lines that begin inside a string literal keep every character.
    """
    spans = _line_spans(source)
    code = [(start, end) for start, end, inside in spans if not inside]
    widths = [
        len(line) - len(line.lstrip())
        for line in (source.text[start:end] for start, end in code)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    common = min(widths, default=0)
    result = DedentedSource()
    pieces: list[str] = []
    lines: list[BlockLine] = []
    for start, end, inside in _trimmed(source.text, spans):
        if not inside:
            line = source.text[start:end]
            start += min(common, len(line) - len(line.lstrip()))
        if pieces:
            pieces.append("\n")
            result.starts.append(source.starts[start - 1])
            result.ends.append(source.ends[start - 1])
        result.line_starts.append(len(result.starts))
        pieces.append(source.text[start:end])
        result.starts += source.starts[start:end]
        result.ends += source.ends[start:end]
        lines.append(BlockLine(source.text[start:end], indent=not inside))
    result.text = "".join(pieces)
    result.lines = tuple(lines)
    return result


def _line_spans(source: PythonSource) -> list[tuple[int, int, bool]]:
    """Start, end and "begins inside a string" of each line."""
    spans: list[tuple[int, int, bool]] = []
    start, inside = 0, False
    while (end := source.text.find("\n", start)) >= 0:
        spans.append((start, end, inside))
        start, inside = end + 1, end in source.in_string
    spans.append((start, len(source.text), inside))
    return spans


def _trimmed(
    text: str, spans: list[tuple[int, int, bool]]
) -> list[tuple[int, int, bool]]:
    filled = [
        at
        for at, (start, end, inside) in enumerate(spans)
        if inside or text[start:end].strip()
    ]
    return spans[filled[0] : filled[-1] + 1] if filled else []
