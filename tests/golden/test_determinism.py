"""The same YAML gives the same bytes: with another hash seed, in another folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.golden.cases import CASES, HERE, ROOT, run

SCRIPT = """\
import os
import sys
from pathlib import Path

sys.path[:0] = [{root!r}, {runtime!r}]

from tests.golden.cases import Case, compiled

for folder in sorted(Path(sys.argv[1]).iterdir()):
    os.chdir(folder)
    found = compiled(Case(folder).settings)
    for name in found.texts:
        sys.stdout.write(f"{{name}}\\n{{found.texts[name]}}")
    sys.stdout.write(found.said)
"""


def everything(folder: Path, seed: str) -> str:
    """All that is compiled of a copy of the cases in this folder."""
    for case in CASES:
        ignored = shutil.ignore_patterns("build", "runs", "__pycache__")
        shutil.copytree(case.folder, folder / case.name, ignore=ignored)
    script = SCRIPT.format(root=str(ROOT), runtime=str(ROOT / "runtime"))
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed}
    done = run([sys.executable, "-c", script, str(folder)], folder, environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_folders_and_two_hash_seeds_give_the_same_bytes(
    tmp_path: Path, update: bool
) -> None:
    first = everything(tmp_path / "a", "1")
    second = everything(tmp_path / "another folder" / "below", "4242")
    assert first == second
    if not update:
        goldens = [path for case in CASES for path in case.modules]
        assert all(f"{path.name}\n{path.read_text()}" in first for path in goldens)
    assert str(tmp_path) not in first and str(HERE) not in first
