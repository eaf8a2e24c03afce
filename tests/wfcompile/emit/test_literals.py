"""Literals give back the text they were made of."""

from __future__ import annotations

import ast
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfcompile.emit import literals
from wfcompile.emit.literals import (
    comment,
    docstring,
    docstring_text,
    script_literal,
    text_literal,
)

TEXT = st.text() | st.text("\"\\'{}\n\r \t#\u2028\u202e\x00", max_size=9)


def test_the_examples_of_the_docstrings() -> None:
    assert doctest.testmod(literals).failed == 0


@given(TEXT)
def test_a_text_stays_the_same(text: str) -> None:
    assert ast.literal_eval(text_literal(text)) == text


@given(TEXT.map(lambda text: text * 20))
def test_a_script_stays_the_same_up_to_newlines_around_it(text: str) -> None:
    found = ast.literal_eval(script_literal(text))
    assert found in (text, f"\n{text}", f"\n{text}\n")
    assert text.endswith("\n") or not text.endswith("\\") or found == text


@given(TEXT)
def test_a_docstring_holds_the_lines(text: str) -> None:
    found = ast.literal_eval(f'"""{docstring_text(text)}\n"""')
    assert found == "\n".join(line.rstrip() for line in text.split("\n")) + "\n"


@given(TEXT)
def test_a_docstring_and_a_comment_are_python(text: str) -> None:
    ast.parse(f"def f():\n    {docstring(text, '    ')}\n    # {comment(text)}\n    x")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Say it", '"""Say it."""'),
        ("Done?", '"""Done?"""'),
        ('the "end"', '"""the "end"."""'),
        ("C:\\", '"""C:\\\\."""'),
        ('"""', '"""\\"\\"\\"."""'),
        ("one\ntwo", '"""one\n  two."""'),
    ],
)
def test_docstrings_of_titles(title: str, expected: str) -> None:
    assert docstring(title, "  ") == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo a\n", 'r"""\necho a\n"""'),
        ('echo "a"', 'r"""\necho "a"\n"""'),
        ("echo \\$A  \n", 'r"""\necho \\$A  \n"""'),
        ("echo a \\", '"echo a \\\\"'),
        ("echo a\r\n", '"echo a\\r\\n"'),
        ('echo """\n', "r'''\necho \"\"\"\n'''"),
        ("echo \"\"\" '''\n", '"echo \\"\\"\\" \'\'\'\\n"'),
        (
            f"echo \"\"\" '''\n{'x' * 80}",
            f'(\n"echo \\"\\"\\" \'\'\'\\n"\n"{"x" * 80}"\n)',
        ),
    ],
)
def test_script_literals(script: str, expected: str) -> None:
    assert script_literal(script) == expected
