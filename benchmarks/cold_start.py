"""Cold start: what cron pays each time, for a workflow of one job with one stage.

The compiled module writes its journal and its audit record, and no console line; the hand-written
scripts log to /dev/null. Each is a whole process, from `python` to its end.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import Figures, measure

HERE = Path(__file__).parent
MAX_RATIO = 0.8
"""Of the compiled module's wall time to that of `cold_hand.py`."""


def measure_cold_start(runs: int) -> dict[str, Figures]:
    """Name of each program -> its figures."""
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder) / "build"
        compile_to(build)
        hand = HERE / "hand"
        commands = {
            "bare python": [sys.executable, "-c", "pass"],
            "cold_slim.py": [sys.executable, str(hand / "cold_slim.py")],
            "cold_hand.py": [sys.executable, str(hand / "cold_hand.py")],
            "compiled one.py": [sys.executable, str(build / "one.py"), "--quiet"],
        }
        environment = {"PATH": "/usr/bin:/bin"}
        return measure(commands, runs=runs, environment=environment)


def compile_to(build: Path) -> None:
    """In a process of its own: what this one has loaded would count as the others' memory."""
    command = [sys.executable, "-m", "wfcompile", "build", str(HERE / "conf")]
    subprocess.run([*command, "-o", str(build)], check=True, stdout=subprocess.DEVNULL)
