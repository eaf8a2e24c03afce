"""`wfc init`: a new project, and what to do with it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from wfcompile.commands.project import shown_folder
from wfcompile.commands.refusal import Refusal
from wfcompile.scaffold import ScaffoldError, create_project
from wfcompile.terminal import say


def init(folder: Path) -> int:
    """
    Raises:
        Refusal: when a file of the project is there already, or none can be written.
    """
    try:
        created = create_project(folder)
    except ScaffoldError as error:
        raise Refusal(str(error), error.help) from error
    lines = [
        f"new project in {shown_folder(folder)}",
        *(f"  {name}" for name in created),
        "",
    ]
    enter = [] if folder.resolve() == Path.cwd() else [f"cd {shlex.quote(str(folder))}"]
    commands = [*enter, "wfc build", "python build/hello.py"]
    say(
        "\n".join([*lines, "next:", *(f"  {each}" for each in commands), ""]),
        sys.stdout,
    )
    return 0
