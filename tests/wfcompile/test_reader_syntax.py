"""Broken YAML: one diagnostic each, at the mistake, with a help that mends it."""

from __future__ import annotations

import pytest
from reader_texts import said

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.reader import read
from wfcompile.reader.problem import SyntaxProblem
from wfcompile.reader.syntax import explain
from wfcompile.source import SourceFile, Span

TABS = [
    (
        "a:\n\tb: 1\n",
        "2:1-2 WF005 a tab stands in the indentation, where YAML takes only spaces\n"
        "  help: write spaces in its place\n",
    ),
    (
        "a:\n  b: 1\n\tc: 2\n",
        "3:1-2 WF005 a tab stands in the indentation, where YAML takes only spaces\n"
        "  help: write spaces in its place\n",
    ),
    (
        "a:\n  - b\n  -\tc: 1\n    d: 2\n",
        "3:4-5 WF005 a tab stands before a key or dash, where YAML takes only spaces\n"
        "  help: write spaces in its place\n",
    ),
    (
        "run: |\n    x\n  \ty\n",
        "3:3-4 WF005 a tab stands in the indentation, where YAML takes only spaces\n"
        "  help: write spaces in its place\n",
    ),
    (
        "a: 1\n\t\nb: 2\n",
        "2:1-2 WF005 a tab stands in the indentation, where YAML takes only spaces\n"
        "  help: write spaces in its place\n",
    ),
]

SPACES = [
    (
        "name:foo\ntype: x\n",
        '1:5-6 WF006 "name:foo" has no space behind the colon\n'
        '  help: write "name: foo"\n',
    ),
    (
        "a:\n  type: W\n  key:value # why\n  other: x\n",
        '3:6-7 WF006 "key:value" has no space behind the colon\n'
        '  help: write "key: value"\n',
    ),
    (
        "- a\n-b\n",
        '2:1-2 WF006 "-b" has no space behind the dash\n' '  help: write "- b"\n',
    ),
    (
        "a: {stages:[x]}\n",
        '1:11-12 WF006 "stages:" has no space behind the colon\n'
        "  help: put a space behind it\n",
    ),
    (
        "- a\n- b:c\n  d: e\n",
        '2:4-5 WF006 "b:c" has no space behind the colon\n' '  help: write "b: c"\n',
    ),
]

QUOTES = [
    (
        'a: "foo\nb: 1\n',
        "1:4-5 WF007 the text in double quotes that begins here has no end\n"
        '  help: put " behind its last character\n',
    ),
    (
        "a:\n  b: 'x\n\n---\n",
        "2:6-7 WF007 the text in single quotes that begins here has no end\n"
        "  help: put ' behind its last character\n",
    ),
    (
        'a: "foo\nb: "bar"\n',
        "1:4-5 WF007 the text in double quotes that begins here ends before "
        '"bar"\n'
        "  note 2:5-6: it ends here\n"
        '  help: put " at the end of line 1 if it is missing there\n',
    ),
    (
        "a: 'it's'\n",
        '1:8-10 WF007 the text in single quotes ends before "s"\n'
        "  note 1:4-5: it begins here\n"
        "  help: put the whole value in quotes, and write ' inside it twice\n",
    ),
    (
        'a: "say "hi""\n',
        '1:10-13 WF007 the text in double quotes ends before "hi"\n'
        "  note 1:4-5: it begins here\n"
        '  help: put the whole value in quotes, and write " inside it as \\"\n',
    ),
    (
        "a: 'x': y\n",
        '1:7-8 WF007 the text in single quotes ends before ":"\n'
        "  note 1:4-5: it begins here\n"
        "  help: put the whole value in quotes, and write ' inside it twice\n",
    ),
    (
        '"x" y\n',
        '1:5-6 WF007 the text in double quotes ends before "y"\n'
        "  note 1:1-2: it begins here\n"
        '  help: put the whole value in quotes, and write " inside it as \\"\n',
    ),
    (
        'a: "\\d"\n',
        '1:5-7 WF011 "\\d" is no escape in double quotes\n'
        "  help: write \\\\ for a backslash, or put the text in single quotes\n",
    ),
    (
        'a: "\\xZZ"\n',
        '1:5-9 WF011 "\\xZZ" lacks some of its 2 hexadecimal digits\n'
        "  help: write \\\\ for a backslash, or put the text in single quotes\n",
    ),
    (
        'a: "\\u12"\n',
        '1:5-9 WF011 "\\u12" lacks some of its 4 hexadecimal digits\n'
        "  help: write \\\\ for a backslash, or put the text in single quotes\n",
    ),
    (
        'a: "\\ud83d"\n',
        '1:5-11 WF011 "\\ud83d" is no character of Unicode\n'
        "  help: write \\\\ for a backslash, or put the text in single quotes\n",
    ),
    (
        'a: "\\',
        '1:5-6 WF011 "\\" is no escape in double quotes\n'
        "  help: write \\\\ for a backslash, or put the text in single quotes\n",
    ),
]

BRACKETS = [
    (
        "a: [1, 2\nb: 3\n",
        '1:4-5 WF008 "[" is not closed\n'
        "  note 2:2-2: it is still open here\n"
        '  help: put "]" behind the last item\n',
    ),
    (
        "a: [1,\n",
        '1:4-5 WF008 "[" is not closed\n'
        "  note 1:7-7: it is still open here\n"
        '  help: put "]" behind the last item\n',
    ),
    (
        "a: {x: 1\n",
        '1:4-5 WF008 "{" is not closed\n'
        "  note 1:9-9: it is still open here\n"
        '  help: put "}" behind the last item\n',
    ),
    (
        "a:\n  - {x: 1\n  - {y: 2}\n",
        '2:5-6 WF008 "{" is not closed\n'
        "  note 3:5-5: it is still open here\n"
        '  help: put "}" behind the last item\n',
    ),
    (
        "a: [1, 2}\n",
        '1:9-10 WF008 "[" is closed with "}"\n'
        "  note 1:4-5: it is opened here\n"
        '  help: write "]"\n',
    ),
    (
        "a: {\n  x: 1\n  y: 2\n}\n",
        '3:3-4 WF004 "," is missing before "y"\n'
        '  help: put "," between the items, or the whole item in quotes\n',
    ),
    (
        'a: ["x" "y"]\n',
        '1:9-12 WF004 "," is missing before "y"\n'
        '  help: put "," between the items, or the whole item in quotes\n',
    ),
    (
        "a: [1,,2]\n",
        '1:7-8 WF004 a value is missing before ","\n'
        '  help: remove the ",", or write null before it\n',
    ),
    (
        "a: {day: ${{ params.x }}, b: 1}\n",
        '1:10-25 WF010 a value that holds "${" must stand in quotes between brackets\n'
        '  help: put it in quotes: "${{ params.x }}"\n',
    ),
    (
        "a: [x/${{ p }}/y, ${HOME}]\n",
        '1:5-17 WF010 a value that holds "${" must stand in quotes between brackets\n'
        '  help: put it in quotes: "x/${{ p }}/y"\n',
    ),
    (
        "a: {b: c: d}\n",
        '1:8-12 WF010 a value without quotes cannot hold ": "\n'
        '  help: put it in quotes: "c: d"\n',
    ),
    (
        "a: [x ${{ p }} and ${{ q }}]\n",
        '1:5-28 WF010 a value that holds "${" must stand in quotes between brackets\n'
        '  help: put it in quotes: "x ${{ p }} and ${{ q }}"\n',
    ),
    (
        "a: [${{ p\n",
        '1:5-10 WF010 a value that holds "${" must stand in quotes between brackets\n'
        '  help: put it in quotes: "${{ p"\n',
    ),
    (
        "a: [b, @c]\n",
        '1:8-10 WF010 a value without quotes cannot begin with "@"\n'
        '  help: put it in quotes: "@c"\n',
    ),
    (
        "a: [x] y\n",
        '1:8-9 WF004 the value ends before "y"\n'
        "  help: put the whole value in quotes if it is one text\n",
    ),
    (
        "a: [b,\n   c d: e: f]\n",
        '2:9-13 WF010 a value without quotes cannot hold ": "\n'
        '  help: put it in quotes: "e: f"\n',
    ),
]

INDENTATION = [
    (
        "a:\n  b: 1\n c: 2\n",
        '3:2-3 WF009 "c" is indented by 1, which fits nothing that is open above\n'
        '  help: indent it by 2 as "b" on line 2, or by 0 as "a" on line 1\n',
    ),
    (
        "jobs:\n  a:\n    needs: [x]\n   stages:\n    - name: x\n",
        '4:4-10 WF009 "stages" is indented by 3, which fits nothing that is open above\n'
        '  help: indent it by 4 as "needs" on line 3, or by 2 as "a" on line 2\n',
    ),
    (
        "stages:\n  - name: x\n  run: y\n",
        '3:3-6 WF009 "run" stands where only items of a list can\n'
        '  help: begin it with "- ", or indent it by 4 as "name" on line 2, or by 0 as "stages" on line 1\n',
    ),
    (
        "stages:\n  - name: x\n   run: y\n    id: z\n",
        '3:4-7 WF009 "run" is indented by 3, which fits nothing that is open above\n'
        '  help: indent it by 4 as "name" on line 2, or by 2 as "-" on line 2\n',
    ),
    (
        "- a\nb: 1\n",
        '2:1-2 WF009 "b" stands where only items of a list can\n'
        '  help: begin it with "- ", or indent it as the line that it belongs to\n',
    ),
    (
        "a: 1\n- b\n",
        '2:1-2 WF009 "-" stands where only keys can\n'
        "  help: indent it as the line that it belongs to\n",
    ),
    (
        "a: 1\n  b: 2\n",
        '2:3-4 WF009 "b" stands below a value, where no key can be\n'
        "  note 1:4-5: the value begins here\n"
        '  help: indent it by 0 as "a" on line 1\n',
    ),
    (
        "  a: 1\nb: 2\n",
        '2:1-2 WF009 "b" is indented by 0, which fits nothing that is open above\n'
        '  help: indent it by 2 as "a" on line 1\n',
    ),
    (
        "run: |\n    x = 1\n  y = 2\n",
        '3:3-4 WF009 "y" is indented by 2, which fits nothing that is open above\n'
        '  help: indent it by 4 to keep it in the text above, or else indent it by 0 as "run" on line 1\n',
    ),
    (
        "a:\n  foo\n  b: 1\n",
        '2:3-6 WF004 "foo" stands among keys and has no colon\n'
        "  help: write a colon behind it if it is a key, or indent it as the text that it belongs to\n",
    ),
    (
        "a: 1\nb # why\n",
        '2:1-2 WF004 "b" stands among keys and has no colon\n'
        "  help: write a colon behind it if it is a key, or indent it as the text that it belongs to\n",
    ),
    (
        "a: |\n x\ny\nz: 1\n",
        '3:1-2 WF004 "y" stands among keys and has no colon\n'
        "  help: write a colon behind it if it is a key, or indent it as the text that it belongs to\n",
    ),
    (
        "- - a\n - b\n",
        '2:2-3 WF009 "-" is indented by 1, which fits nothing that is open above\n'
        '  help: indent it by 2 as "-" on line 1, or by 0 as "-" on line 1\n',
    ),
    (
        "[a]\nb: 1\n",
        '2:1-2 WF009 "b" is indented by 0, which fits nothing that is open above\n'
        "  help: indent it as the line that it belongs to\n",
    ),
    (
        "on:\n- a\n b: 1\n",
        '3:2-3 WF009 "b" stands below a value, where no key can be\n'
        "  note 2:3-4: the value begins here\n"
        '  help: indent it by 0 as "-" on line 2\n',
    ),
]

VALUES = [
    (
        "cronjob: */5 * * * * # often\n",
        '1:10-21 WF010 a value without quotes cannot begin with "*", which begins an alias\n'
        '  help: put it in quotes: "*/5 * * * *"\n',
    ),
    (
        "a: & b\n",
        '1:4-7 WF010 a value without quotes cannot begin with "&", which begins an anchor\n'
        '  help: put it in quotes: "& b"\n',
    ),
    (
        "a: @foo foo foo foo foo foo foo foo foo foo foo foo foo foo foo foo foo foo foo foo \n",
        '1:4-84 WF010 a value without quotes cannot begin with "@"\n'
        "  help: put it in quotes\n",
    ),
    (
        "a: @foo\n",
        '1:4-8 WF010 a value without quotes cannot begin with "@"\n'
        '  help: put it in quotes: "@foo"\n',
    ),
    (
        "a: `it's`\n",
        '1:4-10 WF010 a value without quotes cannot begin with "`"\n'
        "  help: put it in quotes: '`it''s`'\n",
    ),
    (
        "a: %x\n",
        '1:4-6 WF010 a value without quotes cannot begin with "%"\n'
        '  help: put it in quotes: "%x"\n',
    ),
    (
        'a: @say "x"\n',
        '1:4-12 WF010 a value without quotes cannot begin with "@"\n'
        "  help: put it in quotes: '@say \"x\"'\n",
    ),
    (
        "a: ]\n",
        '1:4-5 WF010 a value without quotes cannot begin with "]"\n'
        '  help: put it in quotes: "]"\n',
    ),
    (
        "desc: foo: bar\n",
        '1:7-15 WF010 a value without quotes cannot hold ": "\n'
        '  help: put it in quotes: "foo: bar"\n',
    ),
    (
        "a : b : c\n",
        '1:5-10 WF010 a value without quotes cannot hold ": "\n'
        '  help: put it in quotes: "b : c"\n',
    ),
    (
        "key : : v\n",
        '1:7-8 WF004 a second ":" stands behind the key\n'
        "  help: remove it, or put the value in quotes\n",
    ),
    (
        "a: - bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n",
        "1:4-76 WF004 a list cannot begin on the line of its key\n"
        '  help: put it on lines of its own, or in quotes if it is text: "- bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb..."\n',
    ),
    (
        "a: - b\n",
        "1:4-7 WF004 a list cannot begin on the line of its key\n"
        '  help: put it on lines of its own, or in quotes if it is text: "- b"\n',
    ),
    (
        "a: ? b\n",
        '1:4-7 WF010 a value without quotes cannot begin with "?"\n'
        '  help: put it in quotes: "? b"\n',
    ),
    (
        "if: > 5\n",
        '1:7-8 WF004 "5" stands behind ">", which begins a text of several lines\n'
        '  help: begin the text on the next line, or put the value in quotes if ">" belongs to it\n',
    ),
    (
        "a: |0\n  b\n",
        '1:5-6 WF004 "0" stands behind "|", which begins a text of several lines\n'
        '  help: begin the text on the next line, or put the value in quotes if "|" belongs to it\n',
    ),
    (
        "a: !<foo\n",
        '1:4-9 WF018 tag "!<foo" is not known here\n'
        '  help: remove it, or put the text in quotes if "!" belongs to it\n',
    ),
    (
        "a: !e!x y\n",
        '1:4-8 WF018 tag "!e!x" is not known here\n'
        '  help: remove it, or put the text in quotes if "!" belongs to it\n',
    ),
    (
        "a: !%zz y\n",
        '1:4-8 WF018 tag "!%zz" is not known here\n'
        '  help: remove it, or put the text in quotes if "!" belongs to it\n',
    ),
    (
        "%FOO\na: 1\n",
        '1:1-5 WF004 "%FOO" is no directive of YAML\n' "  help: remove the line\n",
    ),
    (
        "%YAML 3.0\n---\na: 1\n",
        '1:1-10 WF004 "%YAML 3.0" is no directive of YAML\n'
        "  help: remove the line\n",
    ),
    (
        "a: 1\n...\nb: 2\n",
        "3:1-2 WF012 a second document begins here, and a file holds one\n"
        "  help: move what follows to a file of its own\n",
    ),
    (
        "...\na: 1\n",
        '1:1-4 WF004 "..." ends a document that has not begun\n'
        "  help: remove the line\n",
    ),
]


def found(text: str) -> str:
    diagnostics = Diagnostics()
    assert read(SourceFile("conf/x.yml", text), diagnostics) is None
    return said(diagnostics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [*TABS, *SPACES, *QUOTES, *BRACKETS, *INDENTATION, *VALUES],
)
def test_broken_yaml_is_explained(text: str, expected: str) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [*TABS, *SPACES, *QUOTES, *BRACKETS, *INDENTATION, *VALUES],
)
def test_the_kind_of_line_end_does_not_matter(text: str, expected: str) -> None:
    assert found(text.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize("code", ["é: 1\n", "😀: 1\n", "\ufeffx: 1\n"])
def test_places_count_characters(code: str) -> None:
    expected = (
        '2:6-7 WF010 a value without quotes cannot begin with "@"\n'
        '  help: put it in quotes: "@"\n'
    )
    assert found(code + '"😀": @\n') == expected


def test_only_the_syntax_error_is_told() -> None:
    assert found("a: 1\na: 2\nb: [\n") == (
        '3:4-5 WF008 "[" is not closed\n'
        "  note 3:5-5: it is still open here\n"
        '  help: put "]" behind the last item\n'
    )


def test_what_no_rule_knows_is_told_in_the_words_of_libyaml() -> None:
    file = SourceFile("conf/x.yml", "a: b\n")
    broken = SyntaxProblem(file, "while dreaming: lost it", 3, 0, None, None)
    assert explain(broken) == Diagnostic(
        "WF004",
        "error",
        "this is not YAML: while dreaming: lost it",
        Span(file, 3, 4),
        help="put the value in quotes if it is text",
    )
