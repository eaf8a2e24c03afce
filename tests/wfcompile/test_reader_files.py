"""`load`: bytes of a file in any usual encoding, or a diagnostic."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_texts import said

from wfcompile.diagnostics import Diagnostics
from wfcompile.nodes import plain_value
from wfcompile.reader import load, read


def loaded(path: Path, content: bytes) -> tuple[str | None, str]:
    path.write_bytes(content)
    diagnostics = Diagnostics()
    file = load(path, "conf/x.yml", diagnostics)
    if file is not None:
        assert file.path == "conf/x.yml"
    return None if file is None else file.text, said(diagnostics)


TEXT = "a: é😀\r\nb: 1\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"),
        b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"),
    ],
)
def test_the_text_is_as_in_the_file_without_its_mark(
    tmp_path: Path, content: bytes
) -> None:
    assert loaded(tmp_path / "x.yml", content) == (TEXT, "")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "a: 1\nb: é\n".encode("latin-1"),
            '2:4-5 WF002 "conf/x.yml" is not UTF-8: the byte 0xE9 does not fit here\n'
            '  help: save it as UTF-8; if it is latin-1, this byte is "é"\n',
        ),
        (
            "é: ".encode() + b"\x80\n",
            '1:4-5 WF002 "conf/x.yml" is not UTF-8: the byte 0x80 does not fit here\n'
            "  help: save it as UTF-8\n",
        ),
        (
            b"a: \xf0\x9f",
            '1:4-5 WF002 "conf/x.yml" is not UTF-8: the byte 0xF0 does not fit here\n'
            "  help: save it as UTF-8\n",
        ),
        (
            b"\xff\xfea\0\n\0b",
            '2:1-2 WF002 "conf/x.yml" is not UTF-16: the byte 0x62 does not fit here\n'
            "  help: save it as UTF-8\n",
        ),
        (
            "a: 1\nb: é\n".encode("utf-16-le"),
            '1:1-1 WF002 "conf/x.yml" is not UTF-8: every second byte or so is NUL, '
            "as in UTF-16\n"
            "  help: save it as UTF-8\n",
        ),
        (
            "a: 1\n".encode("utf-16-be"),
            '1:1-1 WF002 "conf/x.yml" is not UTF-8: every second byte or so is NUL, '
            "as in UTF-16\n"
            "  help: save it as UTF-8\n",
        ),
        (
            b"a: 1\nb: x\0y\n",
            "2:5-6 WF003 the character U+0000 may not stand in YAML\n"
            "  help: remove it, or write \\x00 in double quotes\n",
        ),
    ],
)
def test_another_encoding_is_told(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert loaded(tmp_path / "x.yml", content) == (None, expected)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    assert load(tmp_path / "gone.yml", "conf/gone.yml", diagnostics) is None
    assert load(tmp_path, "conf", diagnostics) is None
    help = "  help: make it a file that this user may read, or list it in .confignore\n"
    assert said(diagnostics) == (
        f'1:1-1 WF001 "conf" cannot be read: is a directory\n{help}'
        '1:1-1 WF001 "conf/gone.yml" cannot be read: no such file or directory\n'
        f"{help}"
    )


def test_a_file_is_loaded_and_read_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes("\ufeffa:\r\n  - b: é\r\n".encode())
    diagnostics = Diagnostics()
    file = load(path, "conf/x.yml", diagnostics)
    assert file is not None
    node = read(file, diagnostics)
    assert node is not None
    assert (plain_value(node), said(diagnostics)) == ({"a": [{"b": "é"}]}, "")
