"""Comments for wfc in a Python file of the user, found by Python's own tokens."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from io import StringIO
from itertools import accumulate

from wfcompile.reader.comments import Comment, is_meant
from wfcompile.source import SourceFile, Span

_EMPTY = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


def python_comments(file: SourceFile) -> list[Comment]:
    """As `comments.comments`; each is about one line, or none at the end of the file."""
    try:
        tokens = list(tokenize.generate_tokens(StringIO(file.text).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return list(_backwards(file, tokens))[::-1]


def _backwards(file: SourceFile, tokens: list[tokenize.TokenInfo]) -> Iterator[Comment]:
    lengths = (len(line) + 1 for line in file.text.split("\n"))
    line_starts = list(accumulate(lengths, initial=0))
    following = range(0)
    for token in reversed(tokens):
        line, column = token.start
        if token.type not in _EMPTY:
            following = range(line, line + 1)
        if token.type != tokenize.COMMENT or not is_meant(token.string):
            continue
        stands_alone = not file.line_text(line)[:column].strip()
        start = line_starts[line - 1] + column
        span = Span(file, start, start + len(token.string.rstrip()))
        yield Comment(span, following if stands_alone else range(line, line + 1))
