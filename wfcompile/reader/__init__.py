"""Files -> text -> nodes. This package is the only door to PyYAML.

What comes out is the text as it is in the file (line ends too, only a byte order mark is left out)
and one tree of nodes whose spans point into it. What the tree means is `parse.py`'s business.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import yaml

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import Node
from wfcompile.reader.events import Composer, Unreadable
from wfcompile.reader.problem import SyntaxProblem
from wfcompile.reader.syntax import explain
from wfcompile.source import SourceFile, Span

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    # before UTF-16, whose mark begins with the same two bytes
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_NO_MARK = (b"", "utf-8", "UTF-8")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that no text in any encoding of one byte a character has."""
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def load(path: Path, shown: str, diagnostics: Diagnostics) -> SourceFile | None:
    """The text of a file in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.

    Adds WF001 (cannot be opened), WF002 (encoding), WF003 (NUL).

    Args:
        shown: the path as diagnostics print it.
    """
    try:
        content = _content(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        diagnostics.error(
            "WF001",
            f'"{shown}" cannot be read: {reason}',
            Span(SourceFile(shown, ""), 0, 0),
            help="make it a file that this user may read, or list it in .confignore",
        )
        return None
    return _decode(content, shown, diagnostics)


def _content(path: Path) -> bytes:
    # a pipe or device may have no end
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError("it is a pipe or a device")
    return path.read_bytes()


def read(file: SourceFile, diagnostics: Diagnostics) -> Node | None:
    """The tree of a file; None when it is empty or broken.

    Adds WF003 to WF022. After a mistake that leaves the rest readable (a key twice, an unknown
    tag, a date that does not exist) there is a tree without it.
    """
    found = Diagnostics()
    composer = Composer(file, found)
    node = None
    try:
        node = composer.compose()
    except Unreadable:
        pass
    except yaml.MarkedYAMLError as error:
        # what was found before may be a consequence of the mistake
        found = Diagnostics()
        found.add(explain(_problem(file, composer, error)))
    except yaml.reader.ReaderError:
        found = Diagnostics()
        _report_forbidden(file, found)
    diagnostics.extend(found)
    return node


def _problem(
    file: SourceFile, composer: Composer, error: yaml.MarkedYAMLError
) -> SyntaxProblem:
    assert error.problem_mark is not None
    at = error.problem_mark.index + composer.base
    started = error.context_mark
    return SyntaxProblem(
        file=file,
        complaint=f"{error.context or ''}: {error.problem}",
        at=at,
        started=at if started is None else started.index + composer.base,
        last=composer.last,
        bracket=composer.brackets[-1] if composer.brackets else None,
    )


# --- encodings ---


def _decode(content: bytes, shown: str, diagnostics: Diagnostics) -> SourceFile | None:
    found = (each for each in _MARKS if content.startswith(each[0]))
    mark, encoding, name = next(found, _NO_MARK)
    content = content.removeprefix(mark)
    if not mark and _is_utf_16(content):
        diagnostics.error(
            "WF002",
            f'"{shown}" is not UTF-8: every second byte or so is NUL, as in UTF-16',
            Span(SourceFile(shown, ""), 0, 0),
            help="save it as UTF-8",
        )
        return None
    try:
        file = SourceFile(shown, content.decode(encoding))
    except UnicodeDecodeError as error:
        file = SourceFile(shown, content.decode(encoding, errors="replace"))
        _report_byte(content, error, name, file, diagnostics)
        return None
    if "\0" in file.text:
        _report_forbidden(file, diagnostics)
        return None
    return file


def _is_utf_16(content: bytes) -> bool:
    """Whether NUL is the one half of the characters of an alphabet."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    return not (even and odd) and (even + odd) * 4 > len(content)


def _report_byte(
    content: bytes,
    error: UnicodeDecodeError,
    name: str,
    file: SourceFile,
    diagnostics: Diagnostics,
) -> None:
    at = len(content[: error.start].decode(error.encoding))
    byte = content[error.start]
    help = "save it as UTF-8"
    if name == "UTF-8" and _CONTROLS.search(content):
        help = "move it away, or list it in .confignore, if it is no YAML"
    elif name == "UTF-8" and byte >= 0xA0 and error.reason.startswith("invalid"):
        help += f'; if it is latin-1, this byte is "{chr(byte)}"'
    diagnostics.error(
        "WF002",
        f'"{file.path}" is not {name}: the byte 0x{byte:02X} does not fit here',
        Span(file, at, at + 1),
        help=help,
    )


def _report_forbidden(file: SourceFile, diagnostics: Diagnostics) -> None:
    found = _FORBIDDEN.search(file.text)
    assert found is not None, file.path
    code = ord(found.group())
    escape = f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"
    diagnostics.error(
        "WF003",
        f"the character U+{code:04X} may not stand in YAML",
        Span(file, found.start(), found.end()),
        help=f"remove it, or write {escape} in double quotes",
    )
