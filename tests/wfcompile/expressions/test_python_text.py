"""`read_block`: lines, placeholders, outputs, names, and the place of each mistake."""

from __future__ import annotations

import itertools
import random
import textwrap

import pytest
from expression_texts import scalar_of, shown
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.nodes import Hole, Path
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.python_text import PythonBlock, read_block
from wfcompile.types import (
    BOOL,
    DATETIME,
    INT,
    NONE,
    STR,
    UNKNOWN,
    ListType,
    MapType,
    Type,
    annotation,
    union,
)

TYPES: dict[str, Type] = {
    "n": INT,
    "s": STR,
    "m": MapType(STR, UNKNOWN),
    "d": DATETIME,
    "l": ListType(STR),
    "b": BOOL,
    "o": union((INT, NONE)),
}


def type_of_hole(hole: Hole) -> Type:
    assert isinstance(hole.tree, Path)
    return TYPES.get(hole.tree.segments[-1].name, UNKNOWN)


def read(
    text: str, diagnostics: Diagnostics | None = None, **variables: Type
) -> PythonBlock | None:
    diagnostics = Diagnostics() if diagnostics is None else diagnostics
    scalar = scalar_of(text)
    parsed = parse_text(scalar, diagnostics, env=False)
    return read_block(scalar, parsed, type_of_hole, diagnostics, variables=variables)


def good(text: str, **variables: Type) -> PythonBlock:
    diagnostics = Diagnostics()
    block = read(textwrap.dedent(text), diagnostics, **variables)
    assert shown(diagnostics) == []
    assert block is not None
    return block


def mistakes(text: str) -> list[str]:
    diagnostics = Diagnostics()
    assert read(text, diagnostics) is None
    return shown(diagnostics)


def printed(block: PythonBlock) -> str:
    """The text; a line that keeps its place has `<` in front."""
    return "\n".join(("" if line.indent else "<") + line.text for line in block.lines)


def outputs(block: PythonBlock) -> str:
    return ", ".join(
        f"{each.name}{'' if each.always else '?'}: {annotation(each.type)}"
        for each in block.outputs
    )


# --- holes ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = ${{ n }} + 1", "x = wfc_hole_1_ + 1"),
        ("x = '${{ s }}'", "x = f'{wfc_hole_1_}'"),
        ('x = "{${{ s }}}"', 'x = f"{{{wfc_hole_1_}}}"'),
        (r"x = '\N{BULLET}\{\'${{ s }}\n'", r"x = f'\N{BULLET}\\{{\'{wfc_hole_1_}\n'"),
        (r"x = '\${{ s }}'", r"x = f'\\{wfc_hole_1_}'"),
        (r"x = r'\{${{ s }}\N{x}'", r"x = rf'\{{{wfc_hole_1_}\N{{x}}'"),
        ("x = u'${{ s }}'", "x = f'{wfc_hole_1_}'"),
        ("x = Rb'${{ s }}'", "x = rf'{wfc_hole_1_}'.encode()"),
        ("x = 'a' \"${{ s }}\" 'b'", "x = 'a' f\"{wfc_hole_1_}\" 'b'"),
        ("x = f'{a} ${{ s }} {{}}'", "x = f'{a} {wfc_hole_1_} {{}}'"),
        (
            "x = f'{ ${{ m }}[\"${{ s }}\"] :>${{ n }}}'",
            "x = f'{ wfc_hole_1_[f\"{wfc_hole_2_}\"] :>{wfc_hole_3_}}'",
        ),
        ("x = 1 # ${{ s\n}} '", "x = 1 # ${{ s }} '"),
        ("x = '# ${{ s }}'", "x = f'# {wfc_hole_1_}'"),
        ("x = ${{ s }}.upper()", "x = wfc_hole_1_.upper()"),
        ("x = '}}${{ s | f('}}') }}'", "x = f'}}}}{wfc_hole_1_}'"),
        ('x = """a\n  ${{ s }}\nb"""', 'x = f"""a\n<  {wfc_hole_1_}\n<b"""'),
        ("x = 'a\\\n  b'", "x = 'a\\\n<  b'"),
        ("\n  x = (\n    1)\n\n", "x = (\n  1)"),
        ("  x = '''a\n  b'''\n  y = 1", "x = '''a\n<  b'''\ny = 1"),
    ],
)
def test_placeholders(text: str, expected: str) -> None:
    diagnostics = Diagnostics()
    scalar = scalar_of(text)
    parsed = parse_text(scalar, diagnostics, env=False)
    block = read_block(scalar, parsed, lambda hole: INT, diagnostics)
    assert shown(diagnostics) == []
    assert block is not None and printed(block) == expected


def test_uses_of_holes() -> None:
    block = good("""\
        a = ${{ s }}, ${{ n }}, ${{ m }}, ${{ d }}, ${{ o }}, ${{ other }}
        b = '${{ s }}', '''${{ s }}''', f'{k["${{ s }}"]}'
        """)
    assert [(use.quote, use.literal) for use in block.holes] == [
        ("", True),
        ("", False),
        ("", False),
        ("", False),
        ("", False),
        ("", True),
        ("'", False),
        ("'''", False),
        ("\"'", False),
    ]


def test_a_placeholder_occurs_nowhere_else() -> None:
    block = good("wfc_hole_1_ = ${{ n }}")
    assert printed(block) == "wfc_hole_1_ = wfc_hole_x_1_"


def test_lines_know_their_yaml_lines() -> None:
    block = good("\n\nx = ${{\nn\n}}\n# ${{ n }}\ny = '''\n\n'''\n")
    assert block.yaml_lines == (3, 6, 7, 8, 9)


# --- outputs ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("base = '${{ s }}'.split('-')[0]\npairs = [f'{base}-{q}' for q in ('E', 'J')]", "base: str, pairs: list[str]"),
        ("n = ${{ n }}\ns = '${{ s }}'\nm = ${{ m }}\nd = ${{ d }}", "n: int, s: str, m: dict[str, Any], d: datetime"),
        ("a, (b, *c) = 1, x\nd = e = 2\nd += 1.5", "a: int, b: Any, c: Any, d: Any, e: int"),
        ("if x:\n  a = 1\n  b = 1\nelse:\n  b = 2", "a?: int, b: int"),
        ("for i in range(3):\n  x = i\nfor j in y:\n  z = 1\nelse:\n  w = 1", "i: int, x: int, j?: Any, z?: int, w: int"),
        ("while True:\n  x = 1\n  if x:\n    break\n  y = 1", "x: int, y?: int"),
        ("try:\n  a = 1\nexcept E as e:\n  b = 2\nelse:\n  c = 3\nfinally:\n  d = 4", "a?: int, b?: int, c?: int, d: int"),
        ("try:\n  a = 1\nexcept E:\n  raise", "a: int"),
        ("with open('f') as f:\n  a = f.read()\nwith suppress(E):\n  b = 1", "f: Any, a: str, b?: int"),
        ("match x:\n  case 1:\n    a = 1\n  case [p, *q]:\n    a = 2", "a?: int, p?: Any, q?: Any"),
        ("match x:\n  case 1:\n    a = 1\n  case _:\n    a = 2", "a: int"),
        ("a = 1\nb = 1\ndel a\nif x:\n  del b", "b?: int"),
        ("if (n := 3) and (k := 4):\n  pass\nl = [w := 1 for _ in x]", "n: int, k?: int, w?: Any, l: list[int]"),
        ("import os, a.b\nimport c as d\nclass K:\n  x = 1\n__a__ = 1\ntrace = 2\ny = 1", "y: int"),
        ("def f():\n  return 1\ng = lambda: 1\nfrom m import h", "f: str, g: str, h: Any"),
        ("x: float = 1\ny: list[int]\nz: dict[str, int | None] = {}", "x: float, z: dict[str, int | None]"),
        ("x = 1\ndef f() -> None:\n  nonlocal x\n  x = 'a'", "x: Any, f: str"),
        ("len = 3\nx = len('a')", "len: int, x: Any"),
        ("x = 1 < 2\ny = z == 1\nw = not z\nv = z in q", "x: bool, y: Any, w: bool, v: bool"),
        ("raise ValueError", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_outputs(text: str, expected: str) -> None:
    assert outputs(good(text)) == expected


def test_kinds_of_outputs() -> None:
    block = good("""\
        def f(x: int) -> int: return x
        try:
            import ujson as json
        except ImportError:
            json = None
        from math import pi
        from datetime import timedelta
        from os import environ
        @cache
        def g(): return 1
        """)
    assert block.functions == ("f",)
    assert block.dynamic == ("json", "g")
    assert block.untyped


def test_what_is_assigned_may_be_no_value() -> None:
    block = good("""\
        import collections, json, os, sys
        from math import floor
        Row = collections.namedtuple("Row", "a b")
        dumps = json.dumps
        down = floor
        also = down
        arguments = sys.argv
        sep = os.sep
        paths = os.path
        number = 1
        again = number
        if (load := json.loads): pass
        def f(): pass
        shown = f
        shown = 1
        """)
    assert outputs(block) == (
        "floor: str, dumps: str, down: str, also: str, arguments: Any, "
        "sep: str, paths: Any, number: int, again: int, load: str, f: str, shown: Any"
    )
    assert block.functions == ("floor", "dumps", "down", "also", "load", "f")
    assert block.dynamic == ("arguments", "paths", "shown")


def test_names_that_want_a_declaration() -> None:
    block = good("""\
        a = 1
        a = "x"
        row = {"k": 1}
        row["l"] = "x"
        found = []
        for each in range(3):
            found.append(each)
        nothing = {}
        mixed = []
        mixed.append(1)
        mixed.append("x")
        steady = {"k": 1}
        steady["l"] = 2
        """)
    assert block.loose == ("a", "row", "nothing", "mixed")


# --- names ---


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("a = {}\nfor k in [1]:\n  a[k] = a.get(k, 0) + 1", ("a",)),
        ("a = []\nfor k in [1]:\n  if k in a: continue\n  a.append(k)", ("a",)),
        ("a = []\nprint(a)", ("a",)),
        ("a = set()\nfor k in [1]:\n  a.add(k)\nprint(a)", ()),
        ("a = []\nb = []\na.append(1)\nb.append(a)", ()),
    ],
)
def test_a_container_that_is_read_before_it_is_filled(
    text: str, loose: tuple[str, ...]
) -> None:
    assert good(text).loose == loose


def test_free_names_and_their_places() -> None:
    block = good(
        """\
        k = 1
        def f(x, *, y=z):
            def g():
                return x + k + later
            return [k for k in u if k]
        class C:
            inside = 1
            def m(self): return inside
        total = f"{k} {missing}" + v
        print(len(result), __name__, ${{ n }})
        later = 2
        early = soon
        soon = 1
        """,
        v=INT,
    )
    assert [
        (free.name, [(span.first.line, span.first.column) for span in free.spans])
        for free in block.free
    ] == [
        ("z", [(2, 15)]),
        ("u", [(5, 24)]),
        ("inside", [(8, 25)]),
        ("missing", [(9, 16)]),
        ("result", [(10, 11)]),
        ("soon", [(12, 9)]),
    ]


def test_an_annotation_may_name_a_class_that_is_not_known() -> None:
    block = good("from shop import Order\norder: Order = Order()")
    assert outputs(block) == "order: Any"
    assert block.loose == ()


def test_a_long_block_is_read_in_the_time_of_its_length() -> None:
    lines = [f"rows_{i} = []\nrows_{i}.append({i})" for i in range(1000)]
    block = good("\n".join([*lines, *["total = 1"] * 4000]))
    assert len(block.outputs) == 1001


def test_variables_have_values_before_the_block() -> None:
    block = good("v = v + 1\nw = v", v=INT)
    assert outputs(block) == "v: int, w: int"
    assert block.free == ()


# --- mistakes ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("é = 'é'; x = = ${{ n }}", ["WF240 13-14: block is not Python: \"=\" cannot stand here (a template stands for one value, not for a piece of code)"]),
        ("x = 1\nif x:\n    x = 2\nelse if x > 1:\n    x = 3", ["WF240 27-29: block is not Python: expected ':' (write \"elif\")"]),
        ("x = 1\nx++", ["WF240 9-9: block is not Python (write \"+= 1\" or \"-= 1\")"]),
        ("x = " + "+".join(["1"] * 900), ["WF248 0-0: block is nested too deeply (split it into several statements)"]),
        ("x = 1 && 2", ["WF240 7-8: block is not Python: \"&\" cannot stand here (write \"and\")"]),
        ("x = 1\n  y = 2", ["WF240 8-9: block is not Python: unexpected indent"]),
        ("x = 1\nbreak", ["WF240 6-11: block is not Python: 'break' outside loop"]),
        ("x_${{ n }} = 1", ["WF241 2-10: template is joined to a name or number (write the name out, put quotes around a text, or spaces around the template)"]),
        ("${{ n }} = 1\nx.${{ s }}()", ["WF242 0-8: template stands where Python needs a name, expected a value (write the name itself)", "WF242 15-23: template stands where Python needs a name, expected a value (write the name itself)"]),
        ("if x:\n  return 1", ['WF243 8-16: "return" stands outside a function of the block (assign the value to a name; it is an output)']),
        ("x = [await y for y in z]", ['WF243 5-12: "await" stands outside a function of the block (put the code into an "async def", run it with "asyncio.run")']),
        (r"x = b'\xff${{ s }}'", ['WF244 10-18: template stands in a bytes literal that no text can express (build it from a text with ".encode()")']),
        ("${{ s }}", ["WF245 0-8: template is the whole block, expected Python in which values stand (write the code here and use the value in it)"]),
        ("def f():\n  global x", ['WF246 11-19: "global" is for variables of a module, and a block has none (write "nonlocal" for a name of the block)']),
        ("for ctx in x: pass", ['WF247 4-7: block binds "ctx", which the emitted module uses itself (use another name)']),
    ],
)  # fmt: skip
def test_mistakes(text: str, expected: list[str]) -> None:
    assert mistakes(text) == expected


def test_import_of_everything_is_refused() -> None:
    assert mistakes("from os import *")[0].endswith(
        "import * only allowed at module level (import the names that the block uses)"
    )


@pytest.mark.parametrize("text", ["(" * 400, "-" * 5000 + "1", "x = '\0'", "f'{x!}'"])
def test_strange_texts_are_mistakes(text: str) -> None:
    assert [line[:4] for line in mistakes(text)] == ["WF24"]


# --- properties ---

_PIECES = st.sampled_from(
    ["a", "{", "}", "{{", "}}", "é", " ", "$", "#", "\\\\", "\\n", "\\{", "\\'", '\\"']
    + ["\\x41", "\\N{BULLET}", "x", ":", "!", "%s"]
)
_VALUES = st.text(max_size=8) | st.sampled_from(
    ["'", '"', "\\", "{x}", "\n", "${{ s }}"]
)


@settings(deadline=None, max_examples=400)
@given(
    st.lists(_PIECES | st.none(), min_size=1, max_size=8),
    st.sampled_from(["'", '"', "'''", '"""']),
    st.sampled_from(["", "r", "R", "u"]),
    _VALUES,
)
def test_literals_hold_the_value_unchanged(
    pieces: list[str | None], quote: str, prefix: str, value: str
) -> None:
    other = {"'": '"', '"': "'"}[quote[0]]
    body = [piece and piece.replace(quote[0], other) for piece in pieces]
    written = "".join("${{ s }}" if piece is None else piece for piece in body)
    assume(written.count("${{") == body.count(None))
    expected = ""
    for is_hole, group in itertools.groupby(body, lambda piece: piece is None):
        text = "".join(piece or "" for piece in group)
        if is_hole:
            continue
        if prefix.lower() != "r" and text.endswith("\\") and not text.endswith("\\\\"):
            return
    for is_hole, group in itertools.groupby(body, lambda piece: piece is None):
        parts = list(group)
        if is_hole:
            expected += value * len(parts)
        else:
            # the quotes of a literal of its own, so that no piece ends it
            expected += eval(f"{prefix}{quote}{''.join(map(str, parts))}{quote}")
    block = good(f"x = {prefix}{quote}{written}{quote}")
    names: dict[str, object] = {use.placeholder: value for use in block.holes}
    exec("\n".join(line.text for line in block.lines), names)
    assert names["x"] == expected


def _statements(depth: int, rng: random.Random, in_loop: bool) -> list[str]:
    return [
        line
        for _ in range(rng.randint(1, 3))
        for line in _statement(depth, rng, in_loop)
    ]


def _indented(depth: int, rng: random.Random, in_loop: bool) -> list[str]:
    return ["  " + line for line in _statements(depth - 1, rng, in_loop)]


def _statement(depth: int, rng: random.Random, in_loop: bool) -> list[str]:
    name = rng.choice("uvwxyz")
    kind = rng.randint(0, 11) if depth else rng.randint(0, 4)
    body = _indented(depth, rng, in_loop) if depth else []
    other = _indented(depth, rng, in_loop) if depth else []
    match kind:
        case 0 | 1:
            return [f"{name} = 1"]
        case 2:
            return [f"if c() and ({name} := 1): pass"]
        case 3:
            return [rng.choice(["break", "continue"]) if in_loop else f"{name} = 2"]
        case 4:
            return [f"{name} = 1", f"del {name}"] if rng.random() < 0.5 else ["boom()"]
        case 5 | 6:
            return ["if c():", *body, "else:", *other]
        case 7:
            loop = _indented(depth, rng, True)
            head = rng.choice([f"for {name} in (1, 2):", f"for {name} in many():"])
            return [head, *loop, "else:", *other]
        case 8:
            loop = _indented(depth, rng, True)
            return ["while True:", "  c()", *loop, "  if c(): break"]
        case 9:
            return ["try:", *body, f"except E as {name}:", *other]
        case 10:
            # a jump out of "finally" would swallow what ends a block that runs too long
            last = _indented(depth, rng, False)
            return ["try:", *body, "finally:", *last]
        case _:
            return ["with suppress(E):", *body]


class _Boom(Exception):
    pass


class _TooLong(BaseException):
    pass


@pytest.mark.parametrize("seed", range(300))
def test_names_are_bound_as_told(seed: int) -> None:
    """Runs random blocks many times: what is always bound is, what is never bound is not."""
    import contextlib

    rng = random.Random(seed)
    lines = _statements(3, rng, False)
    block = good("\n".join(lines))
    always = {each.name for each in block.outputs if each.always}
    perhaps = {each.name for each in block.outputs}
    source = "def run():\n" + "\n".join(f"  {line}" for line in lines)
    for _ in range(60):
        budget = [200]

        def c(budget: list[int] = budget) -> bool:
            budget[0] -= 1
            if budget[0] <= 0:
                raise _TooLong
            return rng.random() < 0.5

        def boom() -> None:
            if rng.random() < 0.4:
                raise _Boom

        def many() -> range:
            return range(rng.randint(0, 2))

        names: dict[str, object] = {
            "c": c,
            "boom": boom,
            "many": many,
            "E": _Boom,
            "suppress": contextlib.suppress,
        }
        exec(source + "\n  return set(locals())", names)
        try:
            bound = names["run"]()  # type: ignore[operator]
        except (_Boom, _TooLong, UnboundLocalError):
            continue
        assert block.completes
        assert always <= bound <= perhaps, "\n".join(lines)


# --- variables of the environment ---


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('x = "a ${HOME} ${B:c}"', ["${HOME}", "${B:c}"]),
        ("x = '''\n${ HOME } $${B}\n'''", ["${ HOME }"]),
        ('x = "${{ s }} ${HOME}"', ["${HOME}"]),
        ('x = "é${HOME}" "${HOME}"', ["${HOME}", "${HOME}"]),
        ('x = f"${n}"', []),
        ("x = 1  # ${HOME}", []),
        ('"""${HOME}"""\nx = 1', []),
        ("import string\nx = string.Template('${a}').substitute(a=1)", []),
    ],
)
def test_variables_stay_text(text: str, places: list[str]) -> None:
    diagnostics = Diagnostics()
    read(text if "{n}" not in text else f"n = 1\n{text}", diagnostics)
    found = [(each.code, text[each.span.start : each.span.end]) for each in diagnostics]
    assert found == [("WF254", place) for place in places]


def test_a_variable_in_code() -> None:
    diagnostics = Diagnostics()
    read("x = int(${HOME})", diagnostics)
    assert shown(diagnostics) == [
        'WF240 8-9: block is not Python: "$" cannot stand here'
        ' (read the variable below "vars", and use that name in the block)'
    ]
