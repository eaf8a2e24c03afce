"""A project of hand-written modules; runs of them as processes and on a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MODULES = Path(__file__).parent / "command"
ROWS, COLUMNS = 24, 100


class Project:
    """A copy of the modules; `environment` is all that their processes have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(MODULES, folder, ignore=shutil.ignore_patterns("__pycache__"))
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "TERM": "xterm",
            "NIGHTLY_TOKEN": "pa55-of-nightly",
            "NIGHTLY_URL": "https://bank",
        }

    def command(self, module: str, *arguments: str) -> list[str]:
        return [sys.executable, str(self.folder / f"build/{module}.py"), *arguments]

    def run(
        self, module: str, *arguments: str, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """To its end, from another folder than the project's."""
        return subprocess.run(
            self.command(module, *arguments),
            env=self.environment,
            cwd=self.folder.parent,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def start(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(module, *arguments),
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def journals(self, workflow: str) -> list[list[dict[str, Any]]]:
        """The events of each run, the oldest first."""
        folder = self.folder / ".wfruns" / workflow
        return [
            [json.loads(line) for line in path.read_text().splitlines()]
            for path in sorted(folder.glob("2*.jsonl"))
        ]

    def starts(self, workflow: str) -> list[dict[str, Any]]:
        """What was decided of each scheduled start, the first one at the beginning."""
        path = self.folder / ".wfruns" / workflow / "starts.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    def audits(self, workflow: str) -> list[dict[str, Any]]:
        folder = self.folder / f"audits/workflow={workflow}"
        paths = sorted(folder.glob("*/*.log"), key=lambda path: path.name)
        return [json.loads(path.read_text()) for path in paths]

    def told(self, text: str) -> str:
        """Output without what no two runs share."""
        text = text.replace(str(self.folder), "PROJECT").replace("/build/..", "")
        text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "CLOCK", text)
        text = re.sub(r"\n +[\^~]+(?=\n)", "", text)  # from Python 3.11 on
        text = re.sub(r"\b\d{20}T[0-9a-f]{10}\b", "RUN", text)
        return re.sub(r"\b\d+\.\ds", "0.0s", text)


class Terminal:
    """A process on a terminal of its own."""

    def __init__(self, project: Project, module: str, *arguments: str) -> None:
        command = project.command(module, *arguments)
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execve(command[0], command, project.environment)
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def read_until(self, text: str) -> None:
        for _ in self._read():
            if text in self.shown:
                return
        raise AssertionError(f"{text!r} was never shown: {self.shown}")

    def exit_code(self) -> int:
        for _ in self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self._descriptor)
        return os.waitstatus_to_exitcode(status)

    def hang_up(self) -> int:
        """Take the terminal away; the exit code."""
        os.close(self._descriptor)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def screen(self) -> list[str]:
        """What the terminal shows of all that was written, colours aside."""
        return screen_of(self.shown)

    def _read(self) -> Iterator[None]:
        yield
        while select.select([self._descriptor], [], [], 30)[0]:
            try:
                data = os.read(self._descriptor, 65536)
            except OSError:  # Linux tells the end so
                return
            if not data:
                return
            self.shown += data.decode()
            yield
        os.kill(self.pid, signal.SIGKILL)
        raise AssertionError(f"nothing happened for 30 s after: {self.shown}")


def screen_of(written: str) -> list[str]:
    """The lines of a terminal that knows what the display sends: a tiny emulator."""
    lines, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", written):
        if part == "\r":
            column = 0
        elif part == "\n":
            row += 1
            if row == len(lines):
                lines.append("")
        elif part.startswith("\x1b["):
            count, kind = part[2:-1], part[-1]
            if kind == "A":
                row -= int(count or 1)
            elif kind in "KJ":
                lines[row] = lines[row][:column]
                if kind == "J":
                    del lines[row + 1 :]
        else:
            before = lines[row][:column].ljust(column)
            lines[row] = before + part + lines[row][column + len(part) :]
            column += len(part)
    return [line.rstrip() for line in lines]
