"""All contexts in a compiled module: the arguments of a real program are the param's value."""

from __future__ import annotations

import importlib.util
import textwrap
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import wfruntime as rt
from shell_contexts import EVERYWHERE, IN_BASH, Case, Seen, read_probes

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.settings import find_settings

CASES: dict[str, dict[str, Case]] = {
    "bash": {**EVERYWHERE, **IN_BASH},
    "sh": {**EVERYWHERE},
}
# each holds what several of the short values of the table hold
VALUES = (
    "",
    "-n 'a' \"b\" $(c) `d` \\ *\n é 🙂 ${HOME} $1 %s ~",
    "'; echo injected; '\"; echo injected; \"",
    "\n\nEOF\nA\nB\n)\n}\n`\n\n",
    "-va[$(echo injected)]",
    "!x {a,b} [1]=y a=b # c\t\r\n",
    "\\\\n\\",
    "a & b | c > d ; e",
)
PROBES = r"""
probe() { env printf '%s\0' "$#" "$@"; }
tie() { env printf '1\0'; cat; env printf '\0'; }
case_() { env printf '=%s\0' "$1"; }
"""


@cache
def module_of(shell: str, folder: Path) -> ModuleType:
    texts = [
        f"case_ '{name}'\n{script}\n" for name, (script, _) in CASES[shell].items()
    ]
    script = (PROBES + "".join(texts)).replace("VALUE", "${{ params.v }}")
    conf = folder / "conf"
    conf.mkdir()
    (conf / "shell.yml").write_text(
        "shell:\n  type: Workflow\n  params: {v: str}\n  jobs:\n    j:\n      stages:\n"
        f"        - name: Probes\n          id: probes\n          shell: {shell}\n"
        f"          bash: |\n{textwrap.indent(script, ' ' * 12)}",
        encoding="utf-8",
    )
    diagnostics = Diagnostics()
    (compiled,) = compile_project(find_settings(conf, None, {}), diagnostics).workflows
    assert not diagnostics.has_errors
    path = folder / "shell.py"
    path.write_text(compiled.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"shell_{shell}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["bash", "sh"])
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def module(shell: str, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return module_of(shell, tmp_path_factory.mktemp(shell))


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WFC_RUNS_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.mark.parametrize("value", VALUES)
def test_a_program_sees_the_value(shell: str, module: ModuleType, value: str) -> None:
    result = rt.run(module.WORKFLOW, {"v": value})
    outputs = result.context["jobs"]["j"]["stages"]["probes"]["outputs"]
    seen: dict[str, Seen] = dict(read_probes(outputs["stdout"].split("\0")))
    assert outputs["stderr"] is None
    assert seen == {
        name: expected(value) for name, (_, expected) in CASES[shell].items()
    }


def test_a_nul_is_an_error(module: ModuleType) -> None:
    result = rt.run(module.WORKFLOW, {"v": "a\0b"})
    error = result.context["jobs"]["j"]["stages"]["probes"]["errors"]
    assert error["message"] == (
        "params_v holds a NUL character, which no environment can"
    )
