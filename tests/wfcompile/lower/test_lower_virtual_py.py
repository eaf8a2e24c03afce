"""`run:` blocks with `deps`: the script with its header, the names that carry values."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import Lowered, job, lowered
from wfcompile import ir

PARAMS = "params: {n: int, s: str, o: {type: choice, options: [x, y]}}"


def script(run: str, head: str = "deps: []") -> str:
    lines = "".join(f"      {line}\n" for line in run.split("\n"))
    return job(f"- name: a\n  {head}\n  run: |\n{lines}", PARAMS)


def body(found: Lowered) -> ir.VirtualPyBody:
    (stage,) = found.only.jobs[0].stages
    assert isinstance(stage.body, ir.VirtualPyBody)
    return stage.body


def block_of(found: Lowered) -> tuple[str, list[str]]:
    """The script behind its header, and the names of its values."""
    made = body(found)
    return made.script.partition("# ///\n")[2], [name for name, _ in made.variables]


@pytest.mark.parametrize(
    ("head", "header"),
    [
        ("deps: []", "# dependencies = []\n"),
        ("deps: [polars]", '# dependencies = ["polars"]\n'),
        (
            "deps: [a>=1, 'b; python_version < \"3.12\"']",
            '# dependencies = [\n#     "a>=1",\n#     "b; python_version < \\"3.12\\"",\n# ]\n',
        ),
        (
            'deps: ["a @ file:///ö\\\\x"]\n  version: " 3.12.1 "',
            '# requires-python = ">=3.12.1"\n# dependencies = ["a @ file:///ö\\\\x"]\n',
        ),
    ],
)
def test_the_header(tmp_path: Path, head: str, header: str) -> None:
    found = body(lowered(tmp_path, script("print(1)", head)))
    assert found.script == f"# /// script\n{header}# ///\nprint(1)"


@pytest.mark.parametrize(
    ("run", "block", "names"),
    [
        ("print(${{ params.n }})", "print(params_n)", ["params_n"]),
        ("print('<${{ params.s }}>')", "print(f'<{params_s}>')", ["params_s"]),
        ("print(${{ params.n }}, ${{params.n}})", "print(params_n, params_n)", ["params_n"]),
        ("def f(params_n): ...\nprint(${{ params.n }})", "def f(params_n): ...\nprint(params_n_2)", ["params_n_2"]),
        ("print(1)  # ${{ params.s }}", "print(1)  # ${{ params.s }}", []),
        ("x = '''\n  ${{ params.s }}\n'''", "x = f'''\n  {params_s}\n'''", ["params_s"]),
        ("print(f'{${{ params.n }}:>{${{ params.n }}}}')", "print(f'{params_n:>{params_n}}')", ["params_n"]),
        ("b'${{ params.s }}'", "f'{params_s}'.encode()", ["params_s"]),
        ("", "", []),
    ],
)  # fmt: skip
def test_templates_become_names(
    tmp_path: Path, run: str, block: str, names: list[str]
) -> None:
    found = lowered(tmp_path, script(run))
    assert (block_of(found), found.messages) == ((block, names), [])


def test_a_text_in_the_place_of_code_has_a_name_of_its_own(tmp_path: Path) -> None:
    found = lowered(tmp_path, script("print('${{ params.s }}', ${{ params.s }})"))
    text = ir.Param("s")
    assert (body(found).variables, [each[:5] for each in found.messages]) == (
        (("params_s", text), ("params_s_2", ir.Call("rt.literal", (text,)))),
        ["WF501"],
    )


@pytest.mark.parametrize(
    "run",
    [
        "def f():\n    global x\n    x = 1\nf()\nprint(x)",
        "print = print\nprint(1)",
        "def f():\n    global x\n    x = 1\nf()\nprint(x)\nx = 2",
        "from os.path import *\nprint(join('a', 'b'))",
        "exec('x = 1')\nprint(x)",
        "from __future__ import annotations\nprint(__name__, __file__)",
        "ctx = rt = 1\nprint(ctx, rt)",
    ],
)
def test_what_a_module_may_do(tmp_path: Path, run: str) -> None:
    found = lowered(tmp_path, script(run))
    assert (block_of(found), found.messages) == ((run, []), [])


@pytest.mark.parametrize(
    ("run", "vars", "messages"),
    [
        ("return 1", "{}", ['WF243 11:15: "return" stands outside a function of the block (write "raise SystemExit" to end the script)']),
        ("x = 1\ndef f():\n    nonlocal x", "{}", ["WF240 13:19: block is not Python: no binding for nonlocal 'x' found"]),
        ("print(y)", "{}", ['WF250 11:21: name "y" is not defined in this block (import it, assign it, or give it through "vars")']),
        ("print(1)", "{y: 1}", ['WF252 8:18: "y" in "vars" is not used in the block (remove it)']),
        ("print(item)", "{item: 1}", ['WF249 8:18: "item" in "vars" would hide the value of that name (use another name)']),
        ("print(globals()['y'])", "{y: 1}", []),
        ('x = """\n# /// script\n"""', "{}", []),
    ],
)  # fmt: skip
def test_messages(tmp_path: Path, run: str, vars: str, messages: list[str]) -> None:
    text = script(run, f"vars: {vars}\n  deps: []")
    assert lowered(tmp_path, text).messages == messages
