"""`ShellText`: a script in which references stand for the templates, and where it is from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from wfcompile.expressions.shell_text import Reference, ShellScript
from wfcompile.nodes import Scalar
from wfcompile.source import Span


@dataclass(frozen=True, slots=True)
class ShellText:
    """Attributes:
    shell: "bash" or "sh".
    variables: those that the stage gives to the script: its `env`, and the values of templates.
    """

    scalar: Scalar
    script: ShellScript
    shell: str
    variables: frozenset[str]

    @property
    def text(self) -> str:
        return self.script.script

    def references_in(self, start: int, end: int) -> Iterator[Reference]:
        """Those that have a part in `text[start:end]`."""
        for each in self.script.references:
            if each.start < end and start < each.end:
                yield each

    def is_reference(self, start: int, end: int) -> bool:
        """Whether all of `text[start:end]` stands for templates."""
        return any(
            each.start <= start and end <= each.end
            for each in self.references_in(start, end)
        )

    def span(self, start: int, end: int) -> Span:
        """The source of `text[start:end]`; a template as a whole where it begins or ends in one."""
        first = self._source(start, at_end=False)
        return self.scalar.span_of(first, max(first, self._source(end, at_end=True)))

    def _source(self, offset: int, *, at_end: bool) -> int:
        references = self.script.references
        index = bisect_right(references, offset, key=lambda each: each.start) - 1
        if index >= 0 and at_end and references[index].start == offset:
            index -= 1
        if index < 0:
            return offset
        last = references[index]
        if offset < last.end:
            return last.hole_end if at_end else last.hole_start
        return last.hole_end + offset - last.end
