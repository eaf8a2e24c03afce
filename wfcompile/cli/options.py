"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Conf = Annotated[
    Path | None,
    typer.Argument(
        metavar="CONF",
        help="A folder of workflows or one file; the project's own if left out.",
        show_default=False,
    ),
]
Build = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--build",
        metavar="BUILD",
        help="The folder of the modules; the project's own if left out.",
        show_default=False,
    ),
]
