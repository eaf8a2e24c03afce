"""Lists of secrets as words: nothing that a run writes shows what a script prints of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from wfcompile.diagnostics import Diagnostics
from wfcompile.pipeline import compile_project
from wfcompile.settings import find_settings

CALLERS = """
from wfruntime import CallerSecret, tag

@tag("test")
def log_in() -> dict[str, list[CallerSecret]]:
    return {"words": [CallerSecret("close-" + "sesame")]}
"""
WORKFLOW = """
hidden:
  type: Workflow
  params: {api-tokens: str}
  jobs:
    j:
      stages:
        - {name: Log in, id: log-in, uses: tasks/log-in@test}
        - name: Pass on
          id: pass-on
          shell: SHELL
          bash: |
            printf '[%s]' ${{ LIST | words }}
            printf '[%s]' ${{ LIST | words }} >&2
            printf '%s' ${{ LIST | words }} | wc -c > size
"""
TOKENS = "it's open-sesame,say\n$(open)-sesame"


def module_of(folder: Path, shell: str, written: str) -> Path:
    text = WORKFLOW.replace("SHELL", shell).replace("LIST", written)
    for name, content in {"tasks.py": CALLERS, "conf/hidden.yml": text}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    diagnostics = Diagnostics()
    settings = find_settings(folder / "conf", None, {})
    (module,) = compile_project(settings, diagnostics).workflows
    assert [each.message for each in diagnostics] == []
    (folder / "build").mkdir()
    path = folder / "build" / "hidden.py"
    path.write_text(module.text)
    return path


@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize(
    ("written", "shown", "size"),
    [
        ("params.api-tokens.split(',')", "[**********][**********]", 34),
        ("stages.log-in.outputs.words", "[**********]", 12),
    ],
    ids=["name", "CallerSecret"],
)
def test_a_run_shows_no_secret(
    shell: str, written: str, shown: str, size: int, tmp_path: Path
) -> None:
    module = module_of(tmp_path, shell, written)
    done = subprocess.run(
        [sys.executable, module, "--params", "-", "--context", "context.json"],
        input=json.dumps({"api-tokens": TOKENS}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    inputs = {tmp_path / "tasks.py", *module.parent.iterdir()}
    left = {path for path in tmp_path.rglob("*") if path.is_file()} - inputs
    files = {path for path in left if path.suffix != ".pyc"}
    texts = [done.stdout, done.stderr, *(path.read_text() for path in files)]
    context = json.loads((tmp_path / "context.json").read_text())
    outputs = context["jobs"]["j"]["stages"]["pass-on"]["outputs"]
    assert outputs == {"return_code": 0, "stdout": shown, "stderr": shown}
    assert int((tmp_path / "size").read_text()) == size
    assert [text for text in texts if "sesame" in text] == []
    suffixes = {path.suffix for path in files}
    assert {".jsonl", ".log", ".json"} <= suffixes
